import type { AwsRequest } from "../aws-request.ts";
import { invalid } from "./signin-error.ts";

/** The parameters of CreateOAuth2Token, of either grant type. */
export type TokenInput =
  | { grantType: "refresh_token"; clientId: string; refreshToken: string }
  | {
      grantType: "authorization_code";
      clientId: string;
      code: string;
      redirectUri: string;
      codeVerifier: string;
    };

export const clientIdPattern: RegExp = /^arn:aws:signin:::devtools\/(?:cross|same)-device$/;

/**
 * Reads the body of CreateOAuth2Token. Lengths and patterns are AWS's. Throws `ValidationException`.
 * https://docs.aws.amazon.com/signin/latest/APIReference/API_dataplane-signin_CreateOAuth2Token.html
 */
export function readTokenInput({ body }: AwsRequest): TokenInput {
  const given = parseObject(body.toString());
  const text = (name: string, pattern: RegExp): string => {
    const value = given[name];
    return typeof value === "string" && pattern.test(value)
      ? value
      : invalid(`${name} is missing or malformed`);
  };
  const clientId = text("clientId", clientIdPattern);
  switch (given["grantType"]) {
    case "refresh_token":
      return { grantType: "refresh_token", clientId, refreshToken: text("refreshToken", /^.{1,2048}$/s) };
    case "authorization_code":
      return {
        grantType: "authorization_code",
        clientId,
        code: text("code", /^.{1,512}$/s),
        redirectUri: text("redirectUri", /^.{1,2048}$/s),
        codeVerifier: text("codeVerifier", /^[\w.~-]{43,128}$/),
      };
    default:
      return invalid("grantType must be authorization_code or refresh_token");
  }
}

function parseObject(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null) return { ...value };
  } catch {
    // Refused below, like every other text that is no object.
  }
  return invalid("The body must be a JSON object");
}
