import { AwsError } from "../aws-error.ts";

/** The sandbox has no MFA devices yet, so every serial number is of none that the caller has. */
export function refuseMfa(serialNumber: string | undefined): void {
  if (serialNumber === undefined) return;
  throw new AwsError(
    "AccessDenied",
    "MultiFactorAuthentication failed with invalid MFA one time pass code.",
    403,
  );
}
