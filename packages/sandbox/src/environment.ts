import { dirname, join } from "node:path";
import type { AdministratorKeys } from "./state.ts";

/** What a client needs to know of a sandbox. */
export interface SandboxAddress {
  /** `http://127.0.0.1:PORT`, the endpoint of STS and IAM alike. */
  url: string;
  region: string;
  /** The two accounts and their administrators' keys. */
  accounts: readonly [AdministratorKeys, AdministratorKeys];
}

/**
 * Variables that would lead a client elsewhere, to another identity or another endpoint; unset them beside
 * `environment()`.
 */
export const conflictingVariables: readonly string[] = [
  "AWS_CONTAINER_CREDENTIALS_FULL_URI",
  "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
  "AWS_DEFAULT_PROFILE",
  "AWS_ENDPOINT_URL_IAM",
  "AWS_ENDPOINT_URL_ROLESANYWHERE",
  "AWS_ENDPOINT_URL_SIGNIN",
  "AWS_ENDPOINT_URL_SSO",
  "AWS_ENDPOINT_URL_SSO_OIDC",
  "AWS_ENDPOINT_URL_STS",
  "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
  "AWS_PROFILE",
  "AWS_ROLE_ARN",
  "AWS_SECURITY_TOKEN",
  "AWS_SESSION_TOKEN",
  "AWS_WEB_IDENTITY_TOKEN_FILE",
];

/**
 * The environment in which every AWS SDK and the AWS CLI use the sandbox, as the first account's
 * administrator. `configPath` is where `awsConfigFile()` is written; the credentials file beside it need not
 * exist, and keeps the real ~/.aws/credentials out.
 */
export function environmentOf(
  { url, region, accounts }: SandboxAddress,
  configPath: string,
): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: url,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_ACCESS_KEY_ID: accounts[0].accessKeyId,
    AWS_SECRET_ACCESS_KEY: accounts[0].secretAccessKey,
    AWS_CONFIG_FILE: configPath,
    AWS_SHARED_CREDENTIALS_FILE: join(dirname(configPath), "credentials"),
    AWS_EC2_METADATA_DISABLED: "true",
  };
}

/**
 * The text of an AWS config file with the profiles `sandbox` and `sandbox-partner`, one for each account's
 * administrator.
 */
export function awsConfigFile({ url, region, accounts }: SandboxAddress): string {
  const profile = (name: string, keys: AdministratorKeys): string =>
    [
      `[profile ${name}]`,
      `aws_access_key_id = ${keys.accessKeyId}`,
      `aws_secret_access_key = ${keys.secretAccessKey}`,
      `region = ${region}`,
      `endpoint_url = ${url}`,
      "",
    ].join("\n");
  return `${profile("sandbox", accounts[0])}\n${profile("sandbox-partner", accounts[1])}`;
}
