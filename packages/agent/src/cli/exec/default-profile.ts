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
  let indentAbove = Infinity;
  let hasCredentials = false;
  // Not every SDK takes a deeper line for a part of the setting above.
  const isLeftOut = (line: string): boolean => {
    const setting = settingOf(line) ?? "";
    const isLeft = keySettings.has(setting) || (isDefault && credentialSettings.has(setting));
    hasCredentials ||= isDefault && isLeft;
    return isLeft;
  };
  const kept = config.split("\n").filter((line) => {
    const indent = line.search(/\S/);
    // A line that is indented deeper than a setting is a part of it.
    if (indent > indentAbove) return !isDropping && !isLeftOut(line);
    const section = /^\s*\[([^\]]*)\]/.exec(line)?.[1];
    if (section !== undefined) {
      isDefault = /^\s*(?:profile\s+)?["']?default["']?\s*$/.test(section);
      isDropping = false;
      indentAbove = Infinity;
      return true;
    }
    // Comments and empty lines may stand between a setting and its deeper lines.
    if (settingOf(line) === undefined) return true;
    indentAbove = indent;
    isDropping = isLeftOut(line);
    return !isDropping;
  });
  return hasCredentials ? kept.join("\n") : undefined;
}

function settingOf(line: string): string | undefined {
  return /^\s*([\w-]+)\s*[=:]/.exec(line)?.[1]?.toLowerCase();
}
