import type { AwsRequest } from "../aws-request.ts";
import type { World } from "../dispatch.ts";
import { jsonReply, type Reply } from "../reply.ts";
import { assignedRoles } from "./assigned-roles.ts";
import { bearerToken } from "./bearer.ts";
import { pageOf } from "./page.ts";
import { requiredParameter } from "./query.ts";

/** https://docs.aws.amazon.com/singlesignon/latest/PortalAPIReference/API_ListAccountRoles.html */
export function listAccountRoles(request: AwsRequest, { state, clock }: World): Reply {
  const { identityCenter } = state;
  const accountId = requiredParameter(request, "account_id");
  bearerToken(request, identityCenter, clock.now());
  const { page, nextToken } = pageOf(request, assignedRoles(identityCenter, accountId));
  const roleList = page.map((roleName) => ({ roleName, accountId }));
  return jsonReply(200, { roleList, nextToken }, "ok");
}
