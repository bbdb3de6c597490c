import { GetSessionTokenCommand } from "@aws-sdk/client-sts";
import type { ProfileRole } from "../../../core/role.ts";
import type { RoleSession } from "../../../core/session.ts";
import { fromSdkError } from "../sdk-error.ts";
import { profileCredentials } from "../source-credentials.ts";
import { stsClient, withClockCorrection } from "../sts-client.ts";

/** For temporary keys that name no end: what is claimed of them, and half of it passes before they are read again. */
const unknownLifetimeMs = 900_000;

/**
 * A session of whatever a profile resolves to. Long-term keys are exchanged by GetSessionToken, so that only a
 * temporary copy of them ever leaves this process.
 *
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html
 */
export async function profileSession(role: ProfileRole, signal: AbortSignal): Promise<RoleSession> {
  const call = `profile ${role.profile}`;
  try {
    const found = await profileCredentials(role.profile);
    const account = found.accountId === undefined ? {} : { accountId: found.accountId };
    const { sessionToken } = found;
    if (sessionToken !== undefined) {
      const receivedAt = Date.now();
      const expiresAt = found.expiration?.getTime() ?? receivedAt + unknownLifetimeMs;
      return {
        ...account,
        accessKeyId: found.accessKeyId,
        secretAccessKey: found.secretAccessKey,
        sessionToken,
        expiresAt,
        receivedAt,
        lifetimeMs: expiresAt - receivedAt,
      };
    }
    const sts = await stsClient(found, { region: role.region, profile: role.profile });
    const command = new GetSessionTokenCommand({ DurationSeconds: role.durationSeconds });
    const { Credentials } = await withClockCorrection(() =>
      sts.client.send(command, { abortSignal: signal }),
    );
    return {
      ...account,
      accessKeyId: Credentials?.AccessKeyId ?? "",
      secretAccessKey: Credentials?.SecretAccessKey ?? "",
      sessionToken: Credentials?.SessionToken ?? "",
      ...sts.lifetimeUntil(Credentials?.Expiration),
    };
  } catch (error) {
    throw fromSdkError(error, call);
  }
}
