import type { AwsRequest } from "../aws-request.ts";
import type { World } from "../dispatch.ts";
import { jsonReply, type Reply } from "../reply.ts";
import { bearerToken } from "./bearer.ts";
import { pageOf } from "./page.ts";

/** https://docs.aws.amazon.com/singlesignon/latest/PortalAPIReference/API_ListAccounts.html */
export function listAccounts(request: AwsRequest, { state, clock }: World): Reply {
  const { identityCenter } = state;
  bearerToken(request, identityCenter, clock.now());
  const accountIds = [...new Set(identityCenter.assignments.map(({ accountId }) => accountId))];
  const { page, nextToken } = pageOf(request, accountIds);
  const accountList = page.map((accountId) => ({
    accountId,
    accountName: `sandbox-${accountId}`,
    emailAddress: `${accountId}@example.com`,
  }));
  return jsonReply(200, { accountList, nextToken }, "ok");
}
