import type { CredentialsDocument } from "@role-agent/provider/protocol";

/**
 * What a `credential_process` prints, on one line.
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html
 */
export function processFormat({
  Token: _token,
  RoleArn: _roleArn,
  ...document
}: CredentialsDocument): string {
  return `${JSON.stringify(document)}\n`;
}
