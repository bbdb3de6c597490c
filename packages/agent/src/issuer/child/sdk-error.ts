import { RoleAgentError } from "@role-agent/provider/errors";
import { printable } from "../../core/printable.ts";
import { SourceDead } from "../../core/source-dead.ts";
import { retryAfterSeconds } from "./retry-after.ts";

/** What the error mapper reads of an SDK, network or credential-provider error. */
interface ForeignError extends Error {
  readonly code?: unknown;
  readonly $metadata?: { readonly httpStatusCode?: number };
  readonly $response?: { readonly headers?: Record<string, string> };
}

/** What to look at where AWS isn't reached, or something else answers. */
export const proxyHint = "check the network, HTTPS_PROXY and NO_PROXY, and any endpoint_url";

const throttled = /^(Throttl|RequestLimitExceeded|TooManyRequests|SlowDown|RequestThrottled)/;
/** What AWS says of keys that it does not accept, or not any more. */
const deadSource: ReadonlySet<string> = new Set([
  "InvalidClientTokenId",
  "ExpiredToken",
  "ExpiredTokenException",
  "InvalidSubjectCredentialsException",
]);
/** What the SDK calls an error whose answer has no code of AWS, such as an HTML page. */
const namesOfNoCode: ReadonlySet<string> = new Set(["Unknown", "UnknownError", "Error", "SyntaxError"]);
const unreachable: Readonly<Record<string, string>> = {
  ECONNREFUSED: "connection refused",
  ECONNRESET: "connection reset",
  EPIPE: "connection reset",
  ETIMEDOUT: "connection timed out",
  ENOTFOUND: "its name can't be resolved",
  EAI_AGAIN: "its name can't be resolved right now",
  ENETUNREACH: "network unreachable",
  EHOSTUNREACH: "host unreachable",
  UND_ERR_CONNECT_TIMEOUT: "connection timed out",
  UND_ERR_ABORTED: "the proxy refused the connection",
  UND_ERR_SOCKET: "the connection was closed before an answer",
  UND_ERR_RES_EXCEEDED_MAX_SIZE: "the answer is too large",
};

/**
 * Sorts any failure of an AWS call into our codes by the table of STS errors: what passes by itself is
 * `SourceUnavailable`, a refusal is `AccessDenied`, everything a person must correct is `InvalidConfiguration`.
 *
 * @param call - what was asked for, for the message: `sts:AssumeRole of arn:…`
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html
 */
export function fromSdkError(error: unknown, call: string): RoleAgentError {
  if (error instanceof RoleAgentError) return error;
  if (!isError(error)) return new RoleAgentError("SourceUnavailable", `${call}: unknown failure`);
  // By its code first: undici gives the name AbortError to a proxy's refusal, too.
  const network = networkFailure(error);
  if (network !== undefined) {
    return new RoleAgentError("SourceUnavailable", `${call}: AWS can't be reached: ${network}`, {
      hint: proxyHint,
      cause: error,
    });
  }
  if (error.name === "AbortError" || error.name === "TimeoutError") {
    return new RoleAgentError("SourceUnavailable", `${call}: no answer in time`, {
      hint: proxyHint,
      cause: error,
    });
  }
  const status = error.$metadata?.httpStatusCode;
  if (status === undefined || status < 400) return withoutAnswer(error, call);
  if (namesOfNoCode.has(error.name)) {
    return new RoleAgentError("SourceUnavailable", `${call}: the answer (HTTP ${status}) is not AWS's`, {
      hint: proxyHint,
      retryAfterSeconds: retryAfter(error),
      cause: error,
    });
  }
  const message = `${call}: ${excerpt(`${error.name}: ${error.message}`)}`;
  if (
    status >= 500 ||
    status === 429 ||
    throttled.test(error.name) ||
    error.name === "IDPCommunicationErrorException"
  ) {
    return new RoleAgentError("SourceUnavailable", message, {
      retryAfterSeconds: retryAfter(error),
      cause: error,
    });
  }
  if (error.name === "AccessDenied" || error.name === "IDPRejectedClaimException") {
    return new RoleAgentError("AccessDenied", message, { hint: hintFor(error.name), cause: error });
  }
  const Kind = deadSource.has(error.name) ? SourceDead : RoleAgentError;
  return new Kind("InvalidConfiguration", message, { hint: hintFor(error.name), cause: error });
}

/** The SDK failed before AWS said no: credentials could not be found, or the answer could not be read. */
function withoutAnswer(error: ForeignError, call: string): RoleAgentError {
  if (error.name === "CredentialsProviderError" || error.name === "TokenProviderError") {
    return new RoleAgentError(
      "InvalidConfiguration",
      `${call}: no source credentials: ${excerpt(error.message)}`,
      {
        hint: "check the profile that source_profile names in ~/.aws/config and ~/.aws/credentials",
        cause: error,
      },
    );
  }
  return new RoleAgentError("SourceUnavailable", `${call}: the answer is not understood`, { cause: error });
}

function hintFor(name: string): string | undefined {
  switch (name) {
    case "AccessDenied":
      return "check the role's trust policy, its conditions and the caller's own policy";
    case "IDPRejectedClaimException":
      return "the identity provider did not confirm the sign-in: sign in again, or ask who runs it";
    case "InvalidClientTokenId":
      return "AWS does not know the access key of the source credentials: was it deleted?";
    case "ExpiredToken":
    case "ExpiredTokenException":
      return "the source credentials have expired";
    case "SignatureDoesNotMatch":
      return "check the secret key of the source credentials, and this machine's clock";
    case "ValidationError":
      return "check the role's keys in the configuration; duration_seconds may not exceed the role's MaxSessionDuration";
    case "RequestExpired":
      return "check this machine's clock";
    case "MalformedPolicyDocument":
    case "MalformedPolicyDocumentException":
      return "correct policy or policy_file";
    case "PackedPolicyTooLarge":
    case "PackedPolicyTooLargeException":
      return "shorten the session policy, or give fewer policy_arns and tags";
    case "RegionDisabledException":
      return "STS is not active in that region: set another `region`";
    default:
      return undefined;
  }
}

function networkFailure(error: ForeignError): string | undefined {
  const code = typeof error.code === "string" ? error.code : undefined;
  if (code !== undefined && code in unreachable) return unreachable[code];
  if (error instanceof AggregateError) return firstOf(error.errors);
  return error.cause instanceof Error ? networkFailure(error.cause) : undefined;
}

function firstOf(errors: readonly unknown[]): string | undefined {
  return errors
    .map((error) => (isError(error) ? networkFailure(error) : undefined))
    .find((text) => text !== undefined);
}

function retryAfter(error: ForeignError): number | undefined {
  return retryAfterSeconds(error.$response?.headers?.["retry-after"]);
}

/** Foreign text: on one line, and not endless. */
function excerpt(text: string): string {
  return printable(text).slice(0, 1000);
}

function isError(value: unknown): value is ForeignError {
  return value instanceof Error;
}
