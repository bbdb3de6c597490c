import { randomBytes, randomInt } from "node:crypto";
import type { AwsRequest } from "../aws-request.ts";
import type { World } from "../dispatch.ts";
import { jsonReply, type Reply } from "../reply.ts";
import { authenticClient, checkMayUse } from "./client.ts";
import { deviceCodeGrant } from "./grant-types.ts";
import { readJsonBody } from "./json-body.ts";
import { checkStartUrl } from "./start-url.ts";

const userCodeLetters = "BCDFGHJKLMNPQRSTVWXZ";

/** https://docs.aws.amazon.com/singlesignon/latest/OIDCAPIReference/API_StartDeviceAuthorization.html */
export function startDeviceAuthorization(request: AwsRequest, { state, clock }: World): Reply {
  const { identityCenter } = state;
  const now = clock.now();
  const body = readJsonBody(request);
  const startUrl = body.text("startUrl");
  const client = authenticClient(body, identityCenter, now);
  checkMayUse(deviceCodeGrant, client);
  checkStartUrl(startUrl, identityCenter);

  const deviceCode = randomBytes(64).toString("base64url");
  const userCode = `${fourLetters()}-${fourLetters()}`;
  identityCenter.deviceAuthorizations[deviceCode] = {
    clientId: client.clientId,
    userCode,
    outcome: "pending",
    lastPolledAt: undefined,
    expiresAt: now + identityCenter.codeSeconds * 1000,
  };
  const verificationUri = `http://${request.headers["host"]}/device`;
  const answer = {
    deviceCode,
    userCode,
    verificationUri,
    verificationUriComplete: `${verificationUri}?user_code=${userCode}`,
    expiresIn: identityCenter.codeSeconds,
    interval: identityCenter.intervalSeconds,
  };
  return jsonReply(200, answer, "ok");
}

function fourLetters(): string {
  return Array.from({ length: 4 }, () => userCodeLetters.charAt(randomInt(userCodeLetters.length))).join("");
}
