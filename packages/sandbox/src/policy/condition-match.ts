import type { Condition } from "./conditions.ts";
import type { ConditionContext } from "./context.ts";
import { conditionOperator, type ValueComparison } from "./operators.ts";
import { PolicyDocumentError } from "./policy-document-error.ts";
import { plainText, substituteVariables, type PolicyVersion } from "./variables.ts";

/**
 * Whether a condition holds for a request. Without a quantifier an absent key fails a condition and meets a negated one;
 * ForAllValues is met by a key without values, ForAnyValue is not.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
 */
export function conditionHolds(
  condition: Condition,
  version: PolicyVersion,
  context: ConditionContext,
): boolean {
  const operator = conditionOperator(condition.operator);
  if (operator === undefined) throw new PolicyDocumentError(`unknown operator ${condition.operator}`);
  const { quantifier, ifExists, comparison } = operator;
  const values = context.get(condition.key.toLowerCase()) ?? [];
  if (ifExists && values.length === 0) return true;
  const isNull = values.every((value) => value === "");
  if (comparison === "Null") return nullHolds(condition, quantifier, isNull);

  const holdsFor = (value: string): boolean =>
    condition.values.some((expected) => matches(comparison, value, expected, version, context)) !==
    comparison.negated;
  if (quantifier === "ForAllValues") return isNull || values.every(holdsFor);
  if (quantifier === "ForAnyValue") return !isNull && values.some(holdsFor);
  return comparison.negated ? values.every(holdsFor) : values.some(holdsFor);
}

/** With a quantifier Null is always true, or always false: AWS's policy check "Null with qualifier" says so. */
function nullHolds(
  condition: Condition,
  quantifier: "ForAllValues" | "ForAnyValue" | undefined,
  isNull: boolean,
): boolean {
  if (quantifier !== undefined) return quantifier === "ForAllValues";
  return condition.values.some((value) => value.toLowerCase() === String(isNull));
}

function matches(
  comparison: ValueComparison,
  actual: string,
  expected: string,
  version: PolicyVersion,
  context: ConditionContext,
): boolean {
  const pieces = comparison.variables ? substituteVariables(expected, version, context) : plainText(expected);
  return pieces !== undefined && comparison.matches(actual, pieces);
}
