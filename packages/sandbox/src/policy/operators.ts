import { dateOrder, isBinaryEqual, isInRange, numericOrder, type Order } from "./comparisons.ts";
import { toPattern, toText, type Piece } from "./variables.ts";
import { matchesArn, matchesPattern } from "./wildcard.ts";

/** A condition operator as a policy names it, taken apart: `ForAnyValue:StringNotLikeIfExists`. */
export interface ConditionOperator {
  /** How many of the request's values must match. */
  quantifier?: "ForAllValues" | "ForAnyValue";
  ifExists: boolean;
  comparison: Comparison;
}

export type Comparison = ValueComparison | "Null";

export interface ValueComparison {
  /** Whether one value of the request and one of the policy match. */
  matches: (actual: string, expected: readonly Piece[]) => boolean;
  /** The condition holds when `matches` does not, for any of the policy's values. */
  negated: boolean;
  /** Whether policy variables are put in. */
  variables: boolean;
}

const stringEquals = withVariables((actual, expected) => actual === toText(expected));
const stringEqualsIgnoreCase = withVariables(
  (actual, expected) => actual.toLowerCase() === toText(expected).toLowerCase(),
);
const stringLike = withVariables((actual, expected) => matchesPattern(toPattern(expected), actual));
const arnLike = withVariables((actual, expected) => matchesArn(toPattern(expected), actual));
const bool = withVariables((actual, expected) => {
  const wanted = toText(expected).toLowerCase();
  return (wanted === "true" || wanted === "false") && actual.toLowerCase() === wanted;
});
const ipAddress = withoutVariables(isInRange);

const comparisons: ReadonlyMap<string, Comparison> = new Map<string, Comparison>([
  ["StringEquals", stringEquals],
  ["StringNotEquals", not(stringEquals)],
  ["StringEqualsIgnoreCase", stringEqualsIgnoreCase],
  ["StringNotEqualsIgnoreCase", not(stringEqualsIgnoreCase)],
  ["StringLike", stringLike],
  ["StringNotLike", not(stringLike)],
  ...ordered("Numeric", numericOrder),
  ...ordered("Date", dateOrder),
  ["Bool", bool],
  ["BinaryEquals", withoutVariables(isBinaryEqual)],
  ["IpAddress", ipAddress],
  ["NotIpAddress", not(ipAddress)],
  ["ArnEquals", arnLike],
  ["ArnLike", arnLike],
  ["ArnNotEquals", not(arnLike)],
  ["ArnNotLike", not(arnLike)],
  ["Null", "Null"],
]);

export const comparisonNames: readonly string[] = [...comparisons.keys()];

/**
 * The operator of that name, or undefined when AWS has none.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */
export function conditionOperator(name: string): ConditionOperator | undefined {
  const {
    quantifier,
    base = "",
    suffix,
  } = /^(?:(?<quantifier>ForAllValues|ForAnyValue):)?(?<base>\w+?)(?<suffix>IfExists)?$/.exec(name)?.groups ??
  {};
  const comparison = comparisons.get(base);
  const ifExists = suffix !== undefined;
  if (comparison === undefined || (comparison === "Null" && ifExists)) return undefined;
  if (quantifier !== "ForAllValues" && quantifier !== "ForAnyValue") return { ifExists, comparison };
  return { quantifier, ifExists, comparison };
}

function withVariables(matches: ValueComparison["matches"]): ValueComparison {
  return { matches, negated: false, variables: true };
}

function withoutVariables(matches: (actual: string, expected: string) => boolean): ValueComparison {
  return {
    matches: (actual, expected) => matches(actual, toText(expected)),
    negated: false,
    variables: false,
  };
}

function not(comparison: ValueComparison): ValueComparison {
  return { ...comparison, negated: true };
}

function ordered(type: string, order: Order): [string, Comparison][] {
  const test = (accepts: (sign: number) => boolean): ValueComparison =>
    withoutVariables((actual, expected) => {
      const sign = order(actual, expected);
      return sign !== undefined && accepts(sign);
    });
  const equals = test((sign) => sign === 0);
  return [
    [`${type}Equals`, equals],
    [`${type}NotEquals`, not(equals)],
    [`${type}LessThan`, test((sign) => sign < 0)],
    [`${type}LessThanEquals`, test((sign) => sign <= 0)],
    [`${type}GreaterThan`, test((sign) => sign > 0)],
    [`${type}GreaterThanEquals`, test((sign) => sign >= 0)],
  ];
}
