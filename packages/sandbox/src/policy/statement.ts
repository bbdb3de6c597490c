import { parseActions, type PolicyKind } from "./actions.ts";
import { parseConditions, type Condition } from "./conditions.ts";
import {
  asObject,
  asString,
  didYouMean,
  inside,
  refuse,
  refuseUnknownKeys,
  required,
  type Place,
} from "./fields.ts";
import type { JsonObject, JsonValue } from "./json.ts";
import { parsePrincipals, type PrincipalSet } from "./principals.ts";
import { parseResources } from "./resources.ts";
import type { PolicyVersion } from "./variables.ts";

/** One statement. Exactly one of each pair Action/NotAction and Resource/NotResource is there (no resource in a trust policy). */
export interface Statement {
  index: number;
  sid?: string;
  effect: "Allow" | "Deny";
  /** In trust policies only, and always there. */
  principals?: PrincipalSet;
  actions?: string[];
  notActions?: string[];
  resources?: string[];
  notResources?: string[];
  conditions: Condition[];
}

const common = ["Sid", "Effect", "Action", "NotAction", "Condition"];
const elements: Record<PolicyKind, readonly string[]> = {
  trust: [...common, "Principal"],
  identity: [...common, "Resource", "NotResource"],
};
const noResource = "a role trust policy applies to the role it is attached to";
const noPrincipal = "an identity policy applies to whom it is attached to";
const prohibited: Record<PolicyKind, ReadonlyMap<string, string>> = {
  trust: new Map([
    ["NotPrincipal", "role trust policies do not support NotPrincipal"],
    ["Resource", `has prohibited field Resource: ${noResource}`],
    ["NotResource", `has prohibited field NotResource: ${noResource}`],
  ]),
  identity: new Map([
    ["Principal", `has prohibited field Principal: ${noPrincipal}`],
    ["NotPrincipal", `has prohibited field NotPrincipal: ${noPrincipal}`],
  ]),
};

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_statement.html */
export function parseStatement(
  value: JsonValue,
  place: Place,
  index: number,
  kind: PolicyKind,
  version: PolicyVersion,
): Statement {
  const statement = asObject(value, place);
  for (const [element, problem] of prohibited[kind]) {
    if (statement.has(element)) refuse(inside(place, element), problem);
  }
  refuseUnknownKeys(statement, elements[kind], place);
  const sid = parseSid(statement, place);
  const conditions = statement.get("Condition");
  return {
    index,
    ...(sid === undefined ? {} : { sid }),
    effect: parseEffect(statement, place),
    ...(kind === "trust" ? { principals: parseOwnPrincipals(statement, place) } : {}),
    ...parseActions(statement, place, kind),
    ...(kind === "identity" ? parseResources(statement, place, version) : {}),
    conditions:
      conditions === undefined ? [] : parseConditions(conditions, inside(place, "Condition"), version),
  };
}

function parseSid(statement: JsonObject, place: Place): string | undefined {
  const value = statement.get("Sid");
  if (value === undefined) return undefined;
  const sid = asString(value, inside(place, "Sid"));
  return /^[0-9A-Za-z]*$/.test(sid) ? sid : refuse(inside(place, "Sid"), "must match [0-9A-Za-z]*");
}

function parseEffect(statement: JsonObject, place: Place): "Allow" | "Deny" {
  const value = required(statement, "Effect", place);
  if (value === "Allow" || value === "Deny") return value;
  const effect = asString(value, inside(place, "Effect"));
  return refuse(inside(place, "Effect"), `must be "Allow" or "Deny"${didYouMean(effect, ["Allow", "Deny"])}`);
}

function parseOwnPrincipals(statement: JsonObject, place: Place): PrincipalSet {
  return parsePrincipals(required(statement, "Principal", place), inside(place, "Principal"));
}
