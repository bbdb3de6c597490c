import { GetRoleCredentialsCommand } from "@aws-sdk/client-sso";
import { RoleAgentError } from "@role-agent/provider/errors";
import type { SsoRole } from "../../../core/role.ts";
import type { IssuedSession } from "../../../core/session.ts";
import { fromSdkError } from "../sdk-error.ts";
import { accessToken, successorOf } from "../sso/access-token.ts";
import { portalClient } from "../sso/clients.ts";
import { ssoLoginRequired } from "../sso/sso-login-required.ts";
import { withoutSecrets } from "../without-secrets.ts";

/**
 * A session of a permission set, for the token of whoever signed in to IAM Identity Center.
 * @see https://docs.aws.amazon.com/singlesignon/latest/PortalAPIReference/API_GetRoleCredentials.html
 */
export async function ssoSession(role: SsoRole, signal: AbortSignal): Promise<IssuedSession> {
  const token = await accessToken(role, signal);
  try {
    return await sessionFor(token, role, signal);
  } catch (error) {
    if (!isRefusedToken(error)) throw failure(error, role);
  }
  const successor = await successorOf(token, role, signal);
  try {
    return await sessionFor(successor, role, signal);
  } catch (error) {
    throw failure(error, role);
  }
}

async function sessionFor(token: string, role: SsoRole, signal: AbortSignal): Promise<IssuedSession> {
  const { accountId, ssoRoleName: roleName } = role;
  try {
    const { client, seen } = await portalClient(role);
    const command = new GetRoleCredentialsCommand({ accountId, roleName, accessToken: token });
    const { roleCredentials } = await client.send(command, { abortSignal: signal });
    const { expiration } = roleCredentials ?? {};
    return {
      accessKeyId: roleCredentials?.accessKeyId ?? "",
      secretAccessKey: roleCredentials?.secretAccessKey ?? "",
      sessionToken: roleCredentials?.sessionToken ?? "",
      accountId,
      ...seen.lifetimeUntil(expiration === undefined ? undefined : new Date(expiration)),
    };
  } catch (error) {
    throw withoutSecrets(error, [token]);
  }
}

function isRefusedToken(error: unknown): boolean {
  return error instanceof Error && error.name === "UnauthorizedException";
}

function failure(error: unknown, role: SsoRole): RoleAgentError {
  const what = `${role.ssoRoleName} in ${role.accountId}`;
  const name = error instanceof Error ? error.name : "";
  if (isRefusedToken(error)) {
    return ssoLoginRequired(role, `${what}: Identity Center no longer accepts the sign-in`, error);
  }
  if (name === "ForbiddenException" || name === "ResourceNotFoundException") {
    return new RoleAgentError("AccessDenied", `${what}: Identity Center refuses it: ${name}`, {
      hint: "whoever signed in needs an assignment of that permission set in that account: check sso_account_id and sso_role_name",
      cause: error,
    });
  }
  return fromSdkError(error, `sso:GetRoleCredentials of ${what}`);
}
