import type { ConfigProblem } from "./config.ts";
import type { Explain } from "./explain.ts";
import { durationProblem, scopedDurationProblem } from "./limits.ts";
import type { RoleTable } from "./schema/role-table.ts";
import type { KeyPath } from "./words.ts";

type Key = keyof RoleTable;

/** The kinds of roles that a `[roles.NAME]` table can be. */
export type RoleKindName =
  | "alias"
  | "process"
  | "session-token"
  | "saml"
  | "roles-anywhere"
  | "web-identity"
  | "sso"
  | "login"
  | "scoped"
  | "key"
  | "assume-role";

/** What a role is follows from its keys; a mixture of kinds is an error. */
export interface RoleKind {
  readonly name: RoleKindName;
  /** Any of these makes a table of this kind. */
  readonly marks: readonly Key[];
  /** But not beside this one. */
  readonly unless?: Key;
  readonly required: readonly Key[];
  /** Groups of which exactly one key must be there. */
  readonly oneOf: readonly (readonly Key[])[];
  /** Groups of which one key may be there. */
  readonly atMostOneOf: readonly (readonly Key[])[];
  readonly optional: readonly Key[];
}

const sessionKeys: readonly Key[] = ["duration_seconds", "role_session_name", "policy_arns", "region"];
const mfaKeys: readonly Key[] = ["mfa_serial", "mfa_process"];
const policyKeys: readonly Key[] = ["policy", "policy_file"];

const rolesAnywhereKeys: readonly Key[] = [
  "trust_anchor_arn",
  "profile_arn",
  "certificate",
  "private_key",
  "private_key_passphrase_file",
];

const assumeRole: RoleKind = {
  name: "assume-role",
  marks: [],
  required: ["role_arn"],
  oneOf: [["source_profile", "source_role", "source_key", "credential_source"]],
  atMostOneOf: [policyKeys],
  optional: [...sessionKeys, "external_id", "source_identity", "tags", "transitive_tag_keys", ...mfaKeys],
};

/** In the order in which they are looked for; what has no mark is to be assumed. */
const kinds: readonly RoleKind[] = [
  { name: "alias", marks: ["profile"], required: ["profile"], oneOf: [], atMostOneOf: [], optional: [] },
  {
    name: "process",
    marks: ["credential_process"],
    required: ["credential_process"],
    oneOf: [],
    atMostOneOf: [],
    optional: ["region"],
  },
  {
    name: "session-token",
    marks: ["mfa_serial"],
    unless: "role_arn",
    required: ["mfa_serial"],
    oneOf: [["source_profile", "source_key", "credential_source"]],
    atMostOneOf: [],
    optional: ["mfa_process", "duration_seconds", "region"],
  },
  {
    name: "saml",
    marks: ["saml_assertion_file", "saml_assertion_process", "principal_arn"],
    required: ["role_arn", "principal_arn"],
    oneOf: [["saml_assertion_file", "saml_assertion_process"]],
    atMostOneOf: [policyKeys],
    optional: ["duration_seconds", "policy_arns", "region"],
  },
  {
    name: "roles-anywhere",
    marks: rolesAnywhereKeys,
    required: ["role_arn", "trust_anchor_arn", "profile_arn", "certificate", "private_key"],
    oneOf: [],
    atMostOneOf: [],
    optional: ["private_key_passphrase_file", "duration_seconds", "role_session_name", "region"],
  },
  {
    name: "web-identity",
    marks: ["web_identity_token_file", "web_identity_token_process"],
    required: ["role_arn"],
    oneOf: [["web_identity_token_file", "web_identity_token_process"]],
    atMostOneOf: [policyKeys],
    optional: sessionKeys,
  },
  {
    name: "sso",
    marks: ["sso_session", "sso_account_id", "sso_role_name", "sso_start_url", "sso_region"],
    required: ["sso_account_id", "sso_role_name"],
    oneOf: [],
    atMostOneOf: [
      ["sso_session", "sso_start_url"],
      ["sso_session", "sso_region"],
    ],
    optional: [],
  },
  {
    name: "login",
    marks: ["login_session"],
    required: ["login_session"],
    oneOf: [],
    atMostOneOf: [],
    optional: ["region"],
  },
  {
    name: "scoped",
    marks: ["source_role"],
    unless: "role_arn",
    required: ["source_role"],
    oneOf: [],
    atMostOneOf: [policyKeys],
    optional: ["duration_seconds", "region"],
  },
  {
    name: "key",
    marks: ["source_key"],
    unless: "role_arn",
    required: ["source_key"],
    oneOf: [],
    atMostOneOf: [],
    optional: ["duration_seconds", "region"],
  },
];

/** The kind of role that a table is. */
export function roleKindOf(table: object): RoleKind {
  const has = (key: Key): boolean => Object.hasOwn(table, key);
  const isOfKind = ({ marks, unless }: RoleKind): boolean =>
    marks.some(has) && (unless === undefined || !has(unless));
  return kinds.find(isOfKind) ?? assumeRole;
}

/** What is wrong with the keys of a table taken together. */
export function roleKindProblems(explain: Explain, path: KeyPath, table: object): ConfigProblem[] {
  const kind = roleKindOf(table);
  const has = (key: Key): boolean => Object.hasOwn(table, key);
  const at = (key: Key, message: string, hint: string): ConfigProblem =>
    explain([...path, key], message, hint);
  return [
    ...kind.required.filter((key) => !has(key)).map((key) => missing(explain, path, key)),
    ...kind.oneOf
      .filter((group) => !group.some(has))
      .map((group) => explain(path, sourceMissing, `add one of ${group.join(", ")}`)),
    ...[...kind.oneOf, ...kind.atMostOneOf].flatMap((group) => {
      const [first, second] = group.filter(has);
      return second === undefined ? [] : [at(second, `can't stand beside ${first}`, "keep one of them")];
    }),
    ...strangers(kind, table).map((key) =>
      at(key, `can't stand beside ${kind.marks.find(has)}`, `remove one of them${orAdd(kind.unless)}`),
    ),
    ...durationProblems(kind, table).map((problem) => explain([...path, "duration_seconds"], problem)),
  ];
}

const sourceMissing = "nothing says which credentials to assume it with";

function orAdd(key: Key | undefined): string {
  return key === undefined ? "" : `, or add ${key}`;
}

function missing(explain: Explain, path: KeyPath, key: Key): ConfigProblem {
  const hint = key === "role_arn" ? 'add it, or only profile = "NAME" for an AWS profile' : "add it";
  return explain(path, `${key} is missing`, hint);
}

function durationProblems({ name }: RoleKind, table: object): string[] {
  const seconds = "duration_seconds" in table ? table.duration_seconds : undefined;
  // The schema says what is no number.
  if (typeof seconds !== "number" || Number.isNaN(seconds)) return [];
  const problem = name === "scoped" ? scopedDurationProblem(seconds) : durationProblem(seconds);
  return problem === undefined ? [] : [problem];
}

/** Keys that only another kind of role has. Keys that no role has are found by the schema. */
function strangers(kind: RoleKind, table: object): Key[] {
  const own = new Set<string>(keysOf(kind));
  const others = new Set<string>([...kinds, assumeRole].flatMap(keysOf));
  return Object.keys(table).filter((key): key is Key => others.has(key) && !own.has(key));
}

function keysOf({ required, oneOf, atMostOneOf, optional }: RoleKind): readonly Key[] {
  return [...required, ...oneOf.flat(), ...atMostOneOf.flat(), ...optional];
}
