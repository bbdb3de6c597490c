import { AwsError } from "../aws-error.ts";
import type { AwsRequest } from "../aws-request.ts";
import type { World } from "../dispatch.ts";
import { authorize } from "../iam/authorize.ts";
import type { Login } from "../state.ts";
import { newKeys } from "./identity.ts";
import { SigninError } from "./signin-error.ts";

/** One address stands for all regions. */
const region = "us-east-1";

/**
 * Throws `AccessDeniedException` unless the identity's policies allow `signin:CreateOAuth2Token`.
 * https://docs.aws.amazon.com/aws-managed-policy/latest/reference/SignInLocalDevelopmentAccess.html
 */
export function checkPermission(
  { loginSession, clientId }: Login,
  request: AwsRequest,
  { state, settings, clock }: World,
): void {
  const now = clock.now();
  const principal = newKeys(loginSession, { state, settings, now })?.principal;
  if (principal === undefined) throw new SigninError("USER_CREDENTIALS_CHANGED", "The identity is gone");
  const client = clientId.endsWith("/same-device") ? "localhost" : "remote";
  const resource = `arn:aws:signin:${region}:${principal.accountId}:oauth2/public-client/${client}`;
  try {
    authorize({ request, principal, region, state, settings, now }, "signin:CreateOAuth2Token", resource);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw new SigninError("INSUFFICIENT_PERMISSIONS", error.message);
  }
}
