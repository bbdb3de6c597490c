import { asObject, didYouMean, inside, refuse, typeName, type Place } from "./fields.ts";
import type { JsonValue } from "./json.ts";
import { comparisonNames, conditionOperator } from "./operators.ts";
import { variableProblem, type PolicyVersion } from "./variables.ts";

/** One key of one operator in a Condition block. */
export interface Condition {
  /** As written, with ForAnyValue:, ForAllValues: and IfExists. */
  operator: string;
  /** As written; condition keys are matched in lower case. */
  key: string;
  /** Numbers and booleans as their text. */
  values: string[];
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition.html */
export function parseConditions(value: JsonValue, place: Place, version: PolicyVersion): Condition[] {
  return [...asObject(value, place)].flatMap(([operator, keys]) => {
    const operatorPlace = inside(place, operator);
    checkOperator(operator, operatorPlace);
    const seen = new Set<string>();
    return [...asObject(keys, operatorPlace)].map(([key, values]) => {
      const keyPlace = inside(operatorPlace, key);
      if (!/^[^:]+:[^:]/.test(key)) refuse(keyPlace, "a condition key has the form service:keyname");
      if (seen.has(key.toLowerCase())) refuse(keyPlace, "the same key in another case: keys ignore case");
      seen.add(key.toLowerCase());
      return { operator, key, values: parseValues(values, keyPlace, version) };
    });
  });
}

function checkOperator(operator: string, place: Place): void {
  if (conditionOperator(operator) !== undefined) return;
  if (operator.endsWith("NullIfExists")) refuse(place, "Null can't be combined with IfExists");
  const base = operator.replace(/^(?:ForAllValues|ForAnyValue):/, "").replace(/IfExists$/, "");
  refuse(place, `unknown condition operator${didYouMean(base, comparisonNames)}`);
}

function parseValues(value: JsonValue, place: Place, version: PolicyVersion): string[] {
  const values: readonly JsonValue[] = Array.isArray(value) ? value : [value];
  return values.map((item, index) => {
    const itemPlace = Array.isArray(value) ? `${place}[${index}]` : place;
    if (typeof item !== "string" && typeof item !== "number" && typeof item !== "boolean") {
      refuse(itemPlace, `expected a string, number or boolean, found ${typeName(item)}`);
    }
    const text = String(item);
    const problem = variableProblem(text, version);
    return problem === undefined ? text : refuse(itemPlace, problem);
  });
}
