import { AwsError } from "../aws-error.ts";
import { jsonErrorReply, type Reply } from "../reply.ts";

/** The values of `error` in a refusal of AWS Sign-In. */
export type OAuthError =
  | "TOKEN_EXPIRED"
  | "AUTHCODE_EXPIRED"
  | "USER_CREDENTIALS_CHANGED"
  | "INSUFFICIENT_PERMISSIONS"
  | "INVALID_REQUEST";

const statusOf: Readonly<Record<OAuthError, number>> = {
  TOKEN_EXPIRED: 401,
  AUTHCODE_EXPIRED: 401,
  USER_CREDENTIALS_CHANGED: 403,
  INSUFFICIENT_PERMISSIONS: 403,
  INVALID_REQUEST: 400,
};

/**
 * A refusal of CreateOAuth2Token: `ValidationException` for a request that is wrong in itself, else
 * `AccessDeniedException`.
 * https://docs.aws.amazon.com/signin/latest/APIReference/API_dataplane-signin_CreateOAuth2Token.html
 */
export class SigninError extends AwsError {
  readonly error: OAuthError;

  constructor(error: OAuthError, message: string) {
    const code = error === "INVALID_REQUEST" ? "ValidationException" : "AccessDeniedException";
    super(code, message, statusOf[error]);
    this.error = error;
  }
}

/** Throws `ValidationException`. */
export function invalid(message: string): never {
  throw new SigninError("INVALID_REQUEST", message);
}

export function signinErrorReply(refusal: SigninError): Reply {
  const { error, message } = refusal;
  return { ...jsonErrorReply(refusal), body: JSON.stringify({ error, message }) };
}
