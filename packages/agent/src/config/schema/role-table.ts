import * as v from "valibot";
import type { CredentialSourceName } from "../../core/role.ts";
import { policyArnProblem, roleArnProblem, samlProviderArnProblem } from "../arn.ts";
import {
  commandProblem,
  externalIdProblem,
  keyNameProblem,
  mfaSerialProblem,
  regionProblem,
} from "../limits.ts";
import { loginSessionProblem } from "../login-session.ts";
import { profileArnProblem, trustAnchorArnProblem } from "../roles-anywhere-arn.ts";
import { templateProblem } from "../session-name.ts";
import { policyProblem } from "../session-policy.ts";
import { accountIdProblem, permissionSetProblem, startUrlProblem } from "../sso-limits.ts";
import { keyProblem, tagProblems } from "../tags.ts";
import { isTable, kindOf, type TomlTable } from "../words.ts";
import { flag, mustBe, name, oneOf, rule, text, type TableSchema } from "./values.ts";

/**
 * A `[roles.NAME]` table: the keys of `~/.aws/config` wherever AWS has one. Lengths, patterns and counts are
 * those of AssumeRole; durations are seconds.
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-assume-role-credentials.html
 */
export interface RoleTable {
  /** Alias of a profile of the AWS shared config. Stands alone. */
  profile?: string;
  /** A program that prints credentials. Stands alone. */
  credential_process?: string;
  /** A console login of the AWS CLI: the ARN that signed in. Stands alone. */
  login_session?: string;
  role_arn?: string;
  /** IAM Roles Anywhere: the ARNs, and the paths of files relative to config.toml. */
  trust_anchor_arn?: string;
  profile_arn?: string;
  certificate?: string;
  private_key?: string;
  private_key_passphrase_file?: string;
  /** Exactly one of the next four: the credentials the role is assumed with. */
  source_profile?: string;
  source_role?: string;
  source_key?: string;
  credential_source?: CredentialSourceName;
  /** AssumeRoleWithSAML: the SAML provider in IAM, and one of the next two, which hold or print an assertion. */
  principal_arn?: string;
  saml_assertion_file?: string;
  saml_assertion_process?: string;
  /** Or exactly one of the next two: whose token the role is assumed with. */
  web_identity_token_file?: string;
  web_identity_token_process?: string;
  /** IAM Identity Center: `sso_session`, or in the older form `sso_start_url` and `sso_region`. */
  sso_session?: string;
  sso_account_id?: string;
  sso_role_name?: string;
  sso_start_url?: string;
  sso_region?: string;
  external_id?: string;
  /** 900 to 43200; 1 to 129600 where only `source_role` and a policy stand beside it. */
  duration_seconds?: number;
  /** Template: {user}, {host}, {pid} */
  role_session_name?: string;
  /** Template, as role_session_name. */
  source_identity?: string;
  /** Session policy: its JSON, or the path of a file relative to config.toml. */
  policy?: string;
  policy_file?: string;
  policy_arns?: string[];
  tags?: Record<string, string>;
  transitive_tag_keys?: string[];
  region?: string;
  /** ARN of a virtual MFA device, or serial number of a hardware one. */
  mfa_serial?: string;
  /** A program that prints the device's code, such as ykman or oathtool. */
  mfa_process?: string;
  /** Ask a person before a new client process is given the role. */
  confirm?: boolean;
}

const tags = v.pipe(
  v.custom<TomlTable>(isTable, mustBe('a table, as in { team = "core" }')),
  v.rawTransform(({ dataset, addIssue, NEVER }) => {
    const entries: [string, string][] = [];
    const at = (key: string) => ({
      type: "object" as const,
      origin: "value" as const,
      input: {},
      key,
      value: undefined,
    });
    for (const [key, value] of Object.entries(dataset.value)) {
      if (typeof value === "string") entries.push([key, value]);
      else addIssue({ message: `must be text in quotes, not ${kindOf(value)}`, path: [at(key)] });
    }
    const problems = tagProblems(new Map(entries));
    for (const { key, message } of problems) {
      addIssue({ message, ...(key !== undefined && { path: [at(key)] }) });
    }
    return problems.length > 0 ? NEVER : Object.fromEntries(entries);
  }),
);

const roleEntries = {
  profile: v.exactOptional(name),
  credential_process: v.exactOptional(v.pipe(text, rule(commandProblem))),
  login_session: v.exactOptional(v.pipe(text, rule(loginSessionProblem))),
  role_arn: v.exactOptional(v.pipe(text, rule(roleArnProblem))),
  trust_anchor_arn: v.exactOptional(v.pipe(text, rule(trustAnchorArnProblem))),
  profile_arn: v.exactOptional(v.pipe(text, rule(profileArnProblem))),
  certificate: v.exactOptional(name),
  private_key: v.exactOptional(name),
  private_key_passphrase_file: v.exactOptional(name),
  source_profile: v.exactOptional(name),
  source_role: v.exactOptional(name),
  source_key: v.exactOptional(v.pipe(text, rule(keyNameProblem))),
  credential_source: v.exactOptional(oneOf("Environment", "EcsContainer", "Ec2InstanceMetadata")),
  principal_arn: v.exactOptional(v.pipe(text, rule(samlProviderArnProblem))),
  saml_assertion_file: v.exactOptional(name),
  saml_assertion_process: v.exactOptional(v.pipe(text, rule(commandProblem))),
  web_identity_token_file: v.exactOptional(name),
  web_identity_token_process: v.exactOptional(v.pipe(text, rule(commandProblem))),
  sso_session: v.exactOptional(name),
  sso_account_id: v.exactOptional(v.pipe(text, rule(accountIdProblem))),
  sso_role_name: v.exactOptional(v.pipe(text, rule(permissionSetProblem))),
  sso_start_url: v.exactOptional(v.pipe(text, rule(startUrlProblem))),
  sso_region: v.exactOptional(v.pipe(text, rule(regionProblem))),
  external_id: v.exactOptional(v.pipe(text, rule(externalIdProblem))),
  duration_seconds: v.exactOptional(v.number(mustBe("a number of seconds"))),
  role_session_name: v.exactOptional(v.pipe(text, rule(templateProblem))),
  source_identity: v.exactOptional(v.pipe(text, rule(templateProblem))),
  policy: v.exactOptional(v.pipe(text, rule(policyProblem))),
  policy_file: v.exactOptional(name),
  policy_arns: v.exactOptional(
    v.pipe(
      v.array(v.pipe(text, rule(policyArnProblem)), mustBe("a list of ARNs")),
      v.maxLength(10, ({ input }) => `has ${input.length} policies; AWS takes 10 at most`),
    ),
  ),
  tags: v.exactOptional(tags),
  transitive_tag_keys: v.exactOptional(v.array(v.pipe(text, rule(keyProblem)), mustBe("a list of tag keys"))),
  region: v.exactOptional(v.pipe(text, rule(regionProblem))),
  mfa_serial: v.exactOptional(v.pipe(text, rule(mfaSerialProblem))),
  mfa_process: v.exactOptional(v.pipe(text, rule(commandProblem))),
  confirm: v.exactOptional(flag),
};

/** `[roles.NAME]` */
export const roleTable: TableSchema<RoleTable> = {
  schema: v.object(roleEntries),
  keys: Object.keys(roleEntries),
};
