/** Settings by which a profile decides whose credentials are used. */
const credentialSettings: ReadonlySet<string> = new Set([
  "role_arn",
  "source_profile",
  "credential_source",
  "external_id",
  "mfa_serial",
  "duration_seconds",
  "role_session_name",
  "web_identity_token_file",
  "credential_process",
  "sso_session",
  "sso_account_id",
  "sso_role_name",
  "sso_start_url",
  "sso_region",
  "login_session",
]);

const keySettings: ReadonlySet<string> = new Set([
  "aws_access_key_id",
  "aws_secret_access_key",
  "aws_session_token",
  "aws_security_token",
  "aws_account_id",
]);

/**
 * An AWS config file whose `[default]` profile brings no credentials, and that holds no key at all; `undefined` where
 * `[default]` brings none as it is. Everything else, as regions, endpoints and other profiles, stays as written.
 *
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html
 */
export function withoutDefaultCredentials(config: string): string | undefined {
  let isDefault = false;
  let isDropping = false;
  let hasCredentials = false;
  const kept = config.split("\n").filter((line) => {
    const section = /^\s*\[([^\]]*)\]/.exec(line)?.[1];
    if (section !== undefined) {
      isDefault = /^\s*(?:profile\s+)?["']?default["']?\s*$/.test(section);
      isDropping = false;
      return true;
    }
    // A line that is indented is a part of the setting above.
    if (isDropping && /^\s+\S/.test(line)) return false;
    const setting = /^\s*([\w-]+)\s*[=:]/.exec(line)?.[1]?.toLowerCase() ?? "";
    const isKey = keySettings.has(setting);
    isDropping = isKey || (isDefault && credentialSettings.has(setting));
    hasCredentials ||= isDefault && isDropping;
    return !isDropping;
  });
  return hasCredentials ? kept.join("\n") : undefined;
}
