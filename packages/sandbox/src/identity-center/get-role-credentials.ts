import { AwsError } from "../aws-error.ts";
import type { AwsRequest } from "../aws-request.ts";
import type { World } from "../dispatch.ts";
import { assumedRoleUser } from "../principal.ts";
import { jsonReply, type Reply } from "../reply.ts";
import type { RoleSession } from "../state.ts";
import { issueCredentials } from "../sts/credentials.ts";
import { assignedRoles, noAccess } from "./assigned-roles.ts";
import { bearerToken } from "./bearer.ts";
import { requiredParameter } from "./query.ts";
import { reservedRole } from "./reserved-role.ts";

const defaultSeconds = 3600;

/** https://docs.aws.amazon.com/singlesignon/latest/PortalAPIReference/API_GetRoleCredentials.html */
export function getRoleCredentials(request: AwsRequest, { state, settings, clock }: World): Reply {
  const { identityCenter } = state;
  const now = clock.now();
  const accountId = requiredParameter(request, "account_id");
  const roleName = requiredParameter(request, "role_name");
  bearerToken(request, identityCenter, now);
  if (!assignedRoles(identityCenter, accountId).includes(roleName)) throw noAccess();
  const account = state.accounts[accountId];
  if (account === undefined) throw new AwsError("ResourceNotFoundException", "Account not found", 404);

  const role = reservedRole(account, roleName, identityCenter, now);
  const session: RoleSession = {
    kind: "role",
    ...issueCredentials({ settings, now }, defaultSeconds),
    accountId,
    roleName: role.roleName,
    roleId: role.roleId,
    sessionName: identityCenter.userName,
    policies: [],
    tags: {},
    transitiveTagKeys: [],
    sourceIdentity: undefined,
  };
  state.sessions[session.accessKeyId] = session;
  const { accessKeyId, secretAccessKey, sessionToken, expiresAt: expiration } = session;
  const roleCredentials = { accessKeyId, secretAccessKey, sessionToken, expiration };
  return jsonReply(200, { roleCredentials }, "ok", assumedRoleUser(session).arn);
}
