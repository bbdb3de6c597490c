import { AssumeRoleWithSAMLCommand } from "@aws-sdk/client-sts";
import type { SamlRole } from "../../../core/role.ts";
import type { IssuedSession } from "../../../core/session.ts";
import { hideProof } from "../read-proof.ts";
import { roleSessionOf } from "../role-session.ts";
import { checkAssertion } from "../saml/check-assertion.ts";
import { readAssertion } from "../saml/read-assertion.ts";
import { isWorthANewAssertion, samlError } from "../saml/saml-error.ts";
import { stsClient } from "../sts-client.ts";

/**
 * A session of a role by STS AssumeRoleWithSAML. Where the assertion is refused it is read once more, since it may
 * just have been replaced; the same one is never sent twice.
 *
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithSAML.html
 */
export async function samlSession(role: SamlRole, signal: AbortSignal): Promise<IssuedSession> {
  try {
    const assertion = await readAssertion(role, signal);
    return await redeem(assertion, role, signal).catch(async (error: unknown) => {
      if (!isWorthANewAssertion(error)) throw error;
      const replaced = await readAssertion(role, signal);
      if (replaced === assertion) throw error;
      return redeem(replaced, role, signal);
    });
  } catch (error) {
    throw samlError(error, role);
  }
}

async function redeem(assertion: string, role: SamlRole, signal: AbortSignal): Promise<IssuedSession> {
  checkAssertion(assertion, role, Date.now());
  const sts = await stsClient(undefined, { region: role.region });
  const command = new AssumeRoleWithSAMLCommand({
    RoleArn: role.roleArn,
    PrincipalArn: role.principalArn,
    SAMLAssertion: assertion,
    DurationSeconds: role.durationSeconds,
    Policy: role.policy,
    ...(role.policyArns.length === 0 ? {} : { PolicyArns: role.policyArns.map((arn) => ({ arn })) }),
  });
  const answer = await sts.client.send(command, { abortSignal: signal }).catch((error: unknown) => {
    if (error instanceof Error) hideProof(error, assertion, "(the assertion)");
    throw error;
  });
  return {
    ...roleSessionOf(answer, role.roleArn, `sts:AssumeRoleWithSAML of ${role.roleArn}`),
    ...sts.lifetimeUntil(answer.Credentials?.Expiration),
  };
}
