import { AssumeRoleCommand, type AssumeRoleCommandInput } from "@aws-sdk/client-sts";
import type { AssumeRole } from "../../../core/role.ts";
import type { IssuedSession } from "../../../core/session.ts";
import { roleSessionOf } from "../role-session.ts";
import { fromSdkError } from "../sdk-error.ts";
import { sourceCredentials } from "../source-credentials.ts";
import { stsClient, withClockCorrection } from "../sts-client.ts";

/**
 * A session of a role by STS AssumeRole. An answer for another role than the one asked for is refused.
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
 */
export async function assumeRole(
  role: AssumeRole,
  parent: IssuedSession | undefined,
  signal: AbortSignal,
  passphrase?: string,
): Promise<IssuedSession> {
  const call = `sts:AssumeRole of ${role.roleArn}`;
  try {
    const credentials = await sourceCredentials(role.source, parent, signal, passphrase);
    const sts = await stsClient(credentials, { region: role.region, profile: role.endpointProfile });
    const command = new AssumeRoleCommand(inputOf(role));
    const answer = await withClockCorrection(() => sts.client.send(command, { abortSignal: signal }));
    return {
      ...roleSessionOf(answer, role.roleArn, call),
      ...sts.lifetimeUntil(answer.Credentials?.Expiration),
    };
  } catch (error) {
    throw fromSdkError(error, call);
  }
}

function inputOf(role: AssumeRole): AssumeRoleCommandInput {
  const tags = Object.entries(role.tags).map(([Key, Value]) => ({ Key, Value }));
  return {
    RoleArn: role.roleArn,
    RoleSessionName: role.roleSessionName,
    DurationSeconds: role.durationSeconds,
    ExternalId: role.externalId,
    SourceIdentity: role.sourceIdentity,
    Policy: role.policy,
    ...(role.policyArns.length === 0 ? {} : { PolicyArns: role.policyArns.map((arn) => ({ arn })) }),
    ...(tags.length === 0 ? {} : { Tags: tags }),
    ...(role.transitiveTagKeys.length === 0 ? {} : { TransitiveTagKeys: [...role.transitiveTagKeys] }),
  };
}
