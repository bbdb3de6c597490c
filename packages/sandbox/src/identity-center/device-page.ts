import { AwsError } from "../aws-error.ts";
import type { AwsRequest } from "../aws-request.ts";
import type { World } from "../dispatch.ts";
import { htmlReply, type Reply } from "../reply.ts";
import { signIn } from "./sign-in.ts";

/** The page of `verificationUriComplete`: whoever visits it has signed in and approved the device. */
export function devicePage({ query }: AwsRequest, { state, clock }: World): Reply {
  const { identityCenter } = state;
  const now = clock.now();
  const userCode = query.get("user_code");
  const device = Object.values(identityCenter.deviceAuthorizations).find(
    (each) => each.userCode === userCode,
  );
  if (device?.outcome !== "pending" || now >= device.expiresAt) {
    throw new AwsError("InvalidRequestException", "The code is unknown, used or expired");
  }
  if (identityCenter.deniesSignIn) {
    device.outcome = "denied";
    return htmlReply("Denied.", "AccessDeniedException");
  }
  device.outcome = signIn(device.clientId, identityCenter, now);
  return htmlReply("Approved. You may close this page.", "ok");
}
