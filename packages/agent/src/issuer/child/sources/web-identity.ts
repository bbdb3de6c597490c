import { setTimeout as sleep } from "node:timers/promises";
import {
  AssumeRoleWithWebIdentityCommand,
  type AssumeRoleWithWebIdentityCommandInput,
} from "@aws-sdk/client-sts";
import type { RoleAgentError } from "@role-agent/provider/errors";
import type { ProofSource, WebIdentityRole } from "../../../core/role.ts";
import { utcSeconds, type IssuedSession } from "../../../core/session.ts";
import { identityToken, tokenEnd, TokenError } from "../identity-token.ts";
import { hideProof, proofName } from "../read-proof.ts";
import { roleSessionOf } from "../role-session.ts";
import { fromSdkError } from "../sdk-error.ts";
import { stsClient } from "../sts-client.ts";

/** Time for whoever is replacing the token right now. */
const replacementMs = 200;

/**
 * A session of a role by STS AssumeRoleWithWebIdentity, which nobody signs: the token proves who asks. One that is no
 * good is taken anew and tried once more, since it may be on its way to be replaced.
 *
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html
 */
export async function webIdentitySession(role: WebIdentityRole, signal: AbortSignal): Promise<IssuedSession> {
  try {
    return await sessionByToken(role, signal);
  } catch (error) {
    if (!(error instanceof TokenError)) throw error;
    await sleep(replacementMs, undefined, { signal }).catch(() => {
      throw error;
    });
  }
  return sessionByToken(role, signal);
}

async function sessionByToken(role: WebIdentityRole, signal: AbortSignal): Promise<IssuedSession> {
  const call = `sts:AssumeRoleWithWebIdentity of ${role.roleArn}`;
  const token = await identityToken(role.token, signal);
  try {
    const sts = await stsClient(undefined, { region: role.region, profile: role.endpointProfile });
    const command = new AssumeRoleWithWebIdentityCommand(inputOf(role, token));
    const answer = await sts.client.send(command, { abortSignal: signal });
    return {
      ...roleSessionOf(answer, role.roleArn, call),
      ...sts.lifetimeUntil(answer.Credentials?.Expiration),
    };
  } catch (error) {
    throw failure(error, token, role.token, call);
  }
}

function inputOf(role: WebIdentityRole, token: string): AssumeRoleWithWebIdentityCommandInput {
  return {
    RoleArn: role.roleArn,
    RoleSessionName: role.roleSessionName,
    WebIdentityToken: token,
    DurationSeconds: role.durationSeconds,
    Policy: role.policy,
    ...(role.policyArns.length === 0 ? {} : { PolicyArns: role.policyArns.map((arn) => ({ arn })) }),
  };
}

function failure(error: unknown, token: string, source: ProofSource, call: string): RoleAgentError {
  if (!(error instanceof Error)) return fromSdkError(error, call);
  if (error.name === "ExpiredTokenException") return expired(token, source);
  hideProof(error, token, "(the token)");
  const refusal = fromSdkError(error, call);
  return error.name === "InvalidIdentityTokenException"
    ? new TokenError(refusal.code, refusal.message, {
        hint: "the token's issuer (iss) must be an OIDC provider of the role's account, with the token's audience (aud) as a client id",
        cause: error,
      })
    : refusal;
}

/** What passes by itself, once the token's issuer has made a new one. */
function expired(token: string, source: ProofSource): TokenError {
  const end = tokenEnd(token);
  const since = end === undefined ? "" : ` (it ended at ${utcSeconds(end)})`;
  const name = proofName(source, "web_identity_token");
  return new TokenError("SourceUnavailable", `the token of ${name} has expired${since}`, {
    hint: "its issuer must make a new one, and whatever puts it there must run; the agent then takes it by itself",
  });
}
