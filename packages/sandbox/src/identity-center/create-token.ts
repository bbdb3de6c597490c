import { AwsError } from "../aws-error.ts";
import type { AwsRequest } from "../aws-request.ts";
import type { World } from "../dispatch.ts";
import { jsonReply, type Reply } from "../reply.ts";
import { exchangeAuthorizationCode } from "./authorization-code.ts";
import { authenticClient, checkMayUse } from "./client.ts";
import { exchangeDeviceCode } from "./device-code.ts";
import { authorizationCodeGrant, deviceCodeGrant, refreshTokenGrant } from "./grant-types.ts";
import type { Grant } from "./grant.ts";
import { issueTokens } from "./issue-tokens.ts";
import { readJsonBody } from "./json-body.ts";
import { exchangeRefreshToken } from "./refresh-token.ts";

const grantsByType: ReadonlyMap<string, Grant> = new Map([
  [authorizationCodeGrant, exchangeAuthorizationCode],
  [deviceCodeGrant, exchangeDeviceCode],
  [refreshTokenGrant, exchangeRefreshToken],
]);

/** https://docs.aws.amazon.com/singlesignon/latest/OIDCAPIReference/API_CreateToken.html */
export function createToken(request: AwsRequest, { state, clock }: World): Reply {
  const { identityCenter } = state;
  const now = clock.now();
  const body = readJsonBody(request);
  const grantType = body.text("grantType");
  const exchange = grantsByType.get(grantType);
  if (exchange === undefined) throw new AwsError("UnsupportedGrantTypeException", "Unsupported grant type");
  const client = authenticClient(body, identityCenter, now);
  checkMayUse(grantType, client);
  const signIn = exchange(body, { clientId: client.clientId, identityCenter, now });
  return jsonReply(200, issueTokens(signIn, client, identityCenter, now), "ok");
}
