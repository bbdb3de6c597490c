import {
  GetScopedCredentialsCommand,
  type GetScopedCredentialsCommandOutput as Answer,
  type STSClient,
} from "@aws-sdk/client-sts";
import { RoleAgentError } from "@role-agent/provider/errors";
import { OperationMissing } from "../../../core/operation-missing.ts";
import type { ScopedRole } from "../../../core/role.ts";
import type { IssuedSession } from "../../../core/session.ts";
import { fromSdkError } from "../sdk-error.ts";
import { sourceCredentials } from "../source-credentials.ts";
import type { Lifetime } from "../observed-handler.ts";
import { stsClient, withClockCorrection } from "../sts-client.ts";

const call = "sts:GetScopedCredentials";

/** The SDK's name for the region of the global endpoint. */
const globalRegion = "aws-global";

/** What an endpoint answers that has not heard of an operation. */
const unknownOperation: ReadonlySet<string> = new Set(["InvalidAction", "UnknownOperationException"]);

/**
 * The parent's session with fewer rights. Rejects with OperationMissing where the endpoint can't do it, such as the
 * global one. An answer for another identity than the parent's is refused.
 *
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_GetScopedCredentials.html
 */
export async function scopedSession(
  role: ScopedRole,
  parent: IssuedSession | undefined,
  signal: AbortSignal,
): Promise<IssuedSession> {
  try {
    const credentials = await sourceCredentials({ type: "role", role: role.sourceRole }, parent, signal);
    const sts = await stsClient(credentials, { region: role.region, profile: role.endpointProfile });
    if ((await sts.client.config.region()) === globalRegion) {
      throw new OperationMissing("InvalidConfiguration", `${call}: the global endpoint does not have it`);
    }
    const answer = await narrow(sts.client, role, signal);
    return {
      ...sameIdentity(answer, parent),
      ...sts.lifetimeUntil(answer.Credentials?.Expiration),
    };
  } catch (error) {
    const failure = fromSdkError(error, `${call} of role ${role.sourceRole}`);
    if (!unknownOperation.has(nameOf(error))) throw failure;
    throw new OperationMissing(failure.code, failure.message, { cause: error });
  }
}

/** Only AWS knows what is left of the parent's session: where less than is asked for, all of it is taken. */
async function narrow(client: STSClient, role: ScopedRole, abortSignal: AbortSignal): Promise<Answer> {
  const ask = async (DurationSeconds?: number): Promise<Answer> => {
    const command = new GetScopedCredentialsCommand({ Policy: role.policy, DurationSeconds });
    return withClockCorrection(() => client.send(command, { abortSignal }));
  };
  try {
    return await ask(role.durationSeconds);
  } catch (error) {
    if (nameOf(error) !== "InsufficientSessionLifetimeException") throw error;
    return ask();
  }
}

function sameIdentity(
  { Credentials, SessionInfo }: Answer,
  parent: IssuedSession | undefined,
): Omit<IssuedSession, keyof Lifetime> {
  const { accountId, roleArn } = parent ?? {};
  const [, , , , account, resource = ""] = SessionInfo?.Arn?.split(":") ?? [];
  const isOther =
    (accountId !== undefined && account !== accountId) ||
    (roleArn !== undefined && resource.split("/")[1] !== roleArn.split("/").at(-1));
  if (isOther) throw new RoleAgentError("SourceUnavailable", `${call}: the answer is for another identity`);
  return {
    accessKeyId: Credentials?.AccessKeyId ?? "",
    secretAccessKey: Credentials?.SecretAccessKey ?? "",
    sessionToken: Credentials?.SessionToken ?? "",
    ...(accountId !== undefined && { accountId }),
    ...(roleArn !== undefined && { roleArn }),
  };
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : "";
}
