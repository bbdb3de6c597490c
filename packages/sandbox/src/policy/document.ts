import type { PolicyKind } from "./actions.ts";
import { asObject, asString, inside, refuse, refuseUnknownKeys, required } from "./fields.ts";
import { parseJson, type JsonObject, type JsonValue } from "./json.ts";
import { parseStatement, type Statement } from "./statement.ts";
import type { PolicyVersion } from "./variables.ts";

export type { Condition } from "./conditions.ts";
export { PolicyDocumentError } from "./policy-document-error.ts";
export type { PrincipalSet } from "./principals.ts";
export type { Statement } from "./statement.ts";
export type { PolicyVersion } from "./variables.ts";

/** A policy document that has passed every check of the IAM policy grammar. */
export interface PolicyDocument {
  version: PolicyVersion;
  /** In trust policies only. */
  id?: string;
  statements: Statement[];
}

const topLevel: Record<PolicyKind, readonly string[]> = {
  trust: ["Version", "Id", "Statement"],
  identity: ["Version", "Statement"],
};

/**
 * Reads a role trust policy: Principal is required, Resource refused, actions are those of STS.
 * Throws PolicyDocumentError, which names the place: `line 7, column 3: …` or `Statement[1].Condition.StringEqals: …`.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 */
export function parseTrustPolicy(text: string): PolicyDocument {
  return parsePolicy(text, "trust");
}

/**
 * Reads an identity policy or a session policy: Resource is required, Principal refused.
 * Throws PolicyDocumentError as `parseTrustPolicy` does.
 */
export function parseIdentityPolicy(text: string): PolicyDocument {
  return parsePolicy(text, "identity");
}

function parsePolicy(text: string, kind: PolicyKind): PolicyDocument {
  const document = asObject(parseJson(text), "");
  refuseUnknownKeys(document, topLevel[kind], "");
  const version = parseVersion(document);
  const id = document.get("Id");
  const statements = parseStatements(document, kind, version);
  refuseRepeatedSids(statements);
  return { version, ...(id === undefined ? {} : { id: asString(id, "Id") }), statements };
}

/** Without a Version a policy is one of 2008-10-17, where variables are plain text. */
function parseVersion(document: JsonObject): PolicyVersion {
  if (!document.has("Version")) return "2008-10-17";
  const version = document.get("Version");
  if (version === "2008-10-17" || version === "2012-10-17") return version;
  return refuse("Version", 'must be "2012-10-17" or "2008-10-17"');
}

function parseStatements(document: JsonObject, kind: PolicyKind, version: PolicyVersion): Statement[] {
  const value: JsonValue = required(document, "Statement", "");
  if (!Array.isArray(value)) return [parseStatement(value, "Statement", 0, kind, version)];
  if (value.length === 0) refuse("Statement", "the list is empty");
  return value.map((item: JsonValue, index) =>
    parseStatement(item, `Statement[${index}]`, index, kind, version),
  );
}

function refuseRepeatedSids(statements: readonly Statement[]): void {
  const seen = new Set<string>();
  for (const { sid, index } of statements) {
    if (sid === undefined || sid === "") continue;
    if (seen.has(sid)) refuse(inside(`Statement[${index}]`, "Sid"), `"${sid}" is taken: Sids must be unique`);
    seen.add(sid);
  }
}
