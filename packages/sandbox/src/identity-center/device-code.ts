import { AwsError } from "../aws-error.ts";
import { invalidGrant, type Grant } from "./grant.ts";

/** https://www.rfc-editor.org/rfc/rfc8628#section-3.5 */
export const exchangeDeviceCode: Grant = (body, { clientId, identityCenter, now }) => {
  const deviceCode = body.text("deviceCode");
  const device = identityCenter.deviceAuthorizations[deviceCode];
  if (device?.clientId !== clientId) throw invalidGrant("Invalid device code provided");
  if (now >= device.expiresAt) throw new AwsError("ExpiredTokenException", "The device code has expired");
  const { outcome, lastPolledAt = -Infinity } = device;
  device.lastPolledAt = now;
  if (outcome === "denied") throw new AwsError("AccessDeniedException", "The user denied the request");
  if (outcome !== "pending") {
    delete identityCenter.deviceAuthorizations[deviceCode];
    return outcome;
  }
  if (now - lastPolledAt < identityCenter.intervalSeconds * 1000) {
    throw new AwsError("SlowDownException", "The client polls faster than its interval");
  }
  throw new AwsError("AuthorizationPendingException", "The user hasn't approved the request yet");
};
