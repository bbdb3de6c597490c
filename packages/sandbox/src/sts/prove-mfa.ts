import { AwsError } from "../aws-error.ts";
import type { Call } from "../call.ts";
import { mfaDevicesOf, takeCode } from "../mfa-device.ts";

interface MfaInput {
  SerialNumber: string | undefined;
  TokenCode: string | undefined;
}

/**
 * When the caller proved their MFA device: now, or undefined where the call says nothing of MFA. The code is
 * used up, whatever becomes of the call. Throws `AccessDenied`, in AWS's words, for one parameter without the
 * other, a device that isn't the calling user's, and a code that is wrong, stale or was used before.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa_configure-api-require.html
 */
export function proveMfa(call: Call, { SerialNumber, TokenCode }: MfaInput): number | undefined {
  if (SerialNumber === undefined && TokenCode === undefined) return undefined;
  if (SerialNumber === undefined || TokenCode === undefined) {
    throw mfaFailed(", must provide both MFA serial number and one time pass code.");
  }
  const { principal, now } = call;
  const own = principal.kind === "user" ? mfaDevicesOf(call, principal.user.userName) : [];
  const device = own.find(({ serialNumber }) => serialNumber === SerialNumber);
  if (device === undefined) {
    throw mfaFailed(
      ", unable to validate MFA code.  Please verify your MFA serial number is valid and associated with this user.",
    );
  }
  if (!takeCode(device, TokenCode, now)) throw mfaFailed(" with invalid MFA one time pass code.");
  return now;
}

function mfaFailed(how: string): AwsError {
  return new AwsError("AccessDenied", `MultiFactorAuthentication failed${how}`, 403);
}
