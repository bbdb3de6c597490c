import { GetSessionTokenCommand } from "@aws-sdk/client-sts";
import { RoleAgentError } from "@role-agent/provider/errors";
import { mfaRequired } from "../../../core/mfa-source.ts";
import type { SessionTokenRole } from "../../../core/role.ts";
import type { PersonInput, IssuedSession } from "../../../core/session.ts";
import { runCommand } from "../command.ts";
import { fromSdkError } from "../sdk-error.ts";
import { sourceCredentials } from "../source-credentials.ts";
import { stsClient, withClockCorrection } from "../sts-client.ts";

/**
 * A session of a user who has shown an MFA device.
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html
 */
export async function sessionToken(
  role: SessionTokenRole,
  input: PersonInput | undefined,
  signal: AbortSignal,
  passphrase?: string,
): Promise<IssuedSession> {
  try {
    const credentials = await sourceCredentials(role.source, undefined, signal, passphrase);
    if (credentials.sessionToken !== undefined) throw needsLongTermKeys(role);
    const code = input?.mfaCode ?? (await codeFromProgram(role, signal));
    const sts = await stsClient(credentials, { region: role.region, profile: role.endpointProfile });
    const command = new GetSessionTokenCommand({
      SerialNumber: role.mfaSerial,
      TokenCode: code,
      DurationSeconds: role.durationSeconds,
    });
    const { Credentials } = await withClockCorrection(() =>
      sts.client.send(command, { abortSignal: signal }),
    );
    return {
      accessKeyId: Credentials?.AccessKeyId ?? "",
      secretAccessKey: Credentials?.SecretAccessKey ?? "",
      sessionToken: Credentials?.SessionToken ?? "",
      ...sts.lifetimeUntil(Credentials?.Expiration),
    };
  } catch (error) {
    const failure = fromSdkError(error, `sts:GetSessionToken with ${role.mfaSerial}`);
    if (isForeignDevice(failure)) throw foreignDevice(role, failure);
    throw isWrongCode(failure) ? mfaRequired(role, "AWS did not accept the one-time code") : failure;
  }
}

async function codeFromProgram(role: SessionTokenRole, signal: AbortSignal): Promise<string> {
  const code = (await runCommand(role.mfaProcess ?? "", "mfa_process", signal)).trim();
  if (/^\d{6}$/.test(code)) return code;
  throw new RoleAgentError("InvalidConfiguration", "mfa_process did not print a code of six digits", {
    hint: "run it in a terminal: it must print the code and nothing else",
  });
}

function needsLongTermKeys({ mfaSerial }: SessionTokenRole): RoleAgentError {
  return new RoleAgentError(
    "InvalidConfiguration",
    `${mfaSerial} needs the user's own keys, not those of a session`,
    {
      hint: "name a profile with long-term keys as the source",
    },
  );
}

/** AWS says AccessDenied for a code that is wrong, late or used; another code may be accepted. */
function isWrongCode({ code, message }: RoleAgentError): boolean {
  return code === "AccessDenied" && message.includes("MultiFactorAuthentication failed");
}

/** And for a device that is not the user's, which no code helps. */
function isForeignDevice({ code, message }: RoleAgentError): boolean {
  return code === "AccessDenied" && message.includes("unable to validate MFA code");
}

function foreignDevice({ mfaSerial }: SessionTokenRole, cause: RoleAgentError): RoleAgentError {
  return new RoleAgentError(
    "InvalidConfiguration",
    `${mfaSerial} is no MFA device of the user whose keys the source holds`,
    {
      hint: "check mfa_serial and the source",
      cause,
    },
  );
}
