import { AwsError } from "./aws-error.ts";
import type { AwsRequest } from "./aws-request.ts";

const signingAlgorithm = "AWS4-HMAC-SHA256";
const maxPresignedSeconds = 7 * 24 * 3600;

/** What a request says about its own signature; nothing of it is proven yet. */
export interface SignatureClaim {
  kind: "header" | "presigned";
  algorithm: string;
  accessKeyId: string;
  scope: { date: string; region: string; service: string; terminator: string };
  signedHeaders: ReadonlySet<string>;
  signature: string;
  /** As written: `20261124T144756Z`. */
  timestamp: string;
  sessionToken: string | undefined;
  /** How long a presigned URL holds. */
  expiresInSeconds: number;
}

/**
 * Reads the Authorization header, or the query parameters of a presigned URL. Throws
 * `MissingAuthenticationToken` (403) where there is neither and `IncompleteSignature` (400) where a part is
 * missing or malformed.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-authentication-methods.html
 */
export function readSignatureClaim(request: AwsRequest): SignatureClaim {
  if (request.headers["authorization"] !== undefined)
    return readHeaderClaim(request.headers, [signingAlgorithm]);
  if (request.query.has("X-Amz-Algorithm")) return presignedClaim(request.query);
  throw new AwsError("MissingAuthenticationToken", "Request is missing Authentication Token", 403);
}

/** Reads the Authorization header of a request that is signed in one of the ways given. */
export function readHeaderClaim(
  headers: AwsRequest["headers"],
  algorithms: readonly string[],
): SignatureClaim {
  const [, algorithm = "", fields = ""] = /^(\S*)\s*(.*)$/s.exec(headers["authorization"] ?? "") ?? [];
  requireAlgorithm(algorithm, algorithms);
  const parts = new Map(fields.split(",").map(nameAndValue));
  const part = (name: string): string =>
    parts.get(name) || incomplete(`Authorization header requires '${name}' parameter.`);
  return {
    kind: "header",
    algorithm,
    ...credentialScope(part("Credential")),
    signedHeaders: new Set(part("SignedHeaders").split(";")),
    signature: part("Signature"),
    timestamp: timestamp(
      headers["x-amz-date"] ??
        incomplete("Authorization header requires existence of an 'X-Amz-Date' header."),
    ),
    sessionToken: headers["x-amz-security-token"],
    expiresInSeconds: 0,
  };
}

function presignedClaim(query: URLSearchParams): SignatureClaim {
  const part = (name: string): string =>
    query.get(name) || incomplete(`AWS query-string parameters must include '${name}'.`);
  requireAlgorithm(part("X-Amz-Algorithm"), [signingAlgorithm]);
  const expiresInSeconds = Number(part("X-Amz-Expires"));
  if (!Number.isInteger(expiresInSeconds) || expiresInSeconds < 1 || expiresInSeconds > maxPresignedSeconds) {
    incomplete(`X-Amz-Expires must be between 1 and ${maxPresignedSeconds} seconds.`);
  }
  return {
    kind: "presigned",
    algorithm: signingAlgorithm,
    ...credentialScope(part("X-Amz-Credential")),
    signedHeaders: new Set(part("X-Amz-SignedHeaders").split(";")),
    signature: part("X-Amz-Signature"),
    timestamp: timestamp(part("X-Amz-Date")),
    sessionToken: query.get("X-Amz-Security-Token") ?? undefined,
    expiresInSeconds,
  };
}

function credentialScope(credential: string): Pick<SignatureClaim, "accessKeyId" | "scope"> {
  const [accessKeyId, date, region, service, terminator, ...rest] = credential.split("/");
  if (!accessKeyId || !date || !region || !service || !terminator || rest.length > 0) {
    incomplete(
      "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term.",
    );
  }
  return { accessKeyId, scope: { date, region, service, terminator } };
}

function requireAlgorithm(algorithm: string, algorithms: readonly string[]): void {
  if (!algorithms.includes(algorithm)) incomplete(`Unsupported AWS 'algorithm': '${algorithm}'.`);
}

function timestamp(value: string): string {
  if (Number.isNaN(timestampToMs(value))) {
    incomplete("Date must be in ISO-8601 'basic format', e.g. 20261124T144756Z.");
  }
  return value;
}

/** `20261124T144756Z` in milliseconds since the epoch; NaN for anything else. */
export function timestampToMs(value: string): number {
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/;
  return parts.test(value) ? Date.parse(value.replace(parts, "$1-$2-$3T$4:$5:$6Z")) : Number.NaN;
}

function nameAndValue(field: string): [string, string] {
  const [name = "", ...value] = field.trim().split("=");
  return [name, value.join("=")];
}

function incomplete(message: string): never {
  throw new AwsError("IncompleteSignature", message);
}
