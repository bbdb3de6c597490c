import * as v from "valibot";
import { readCacheFile, Replacement, replaceCacheFile, type CacheFile } from "../cache-file.ts";

const secret = v.pipe(v.string(), v.regex(/^[\x21-\x7e]+$/));
/** Older releases of the AWS CLI wrote `2026-11-24T14:47:56UTC`. */
const time = v.pipe(
  v.string(),
  v.transform((text) => Date.parse(text.replace(/UTC$/, "Z"))),
  v.number(),
  v.finite(),
);

const tokenSchema = v.object({
  accessToken: secret,
  expiresAt: time,
  region: v.optional(v.string()),
  refreshToken: v.optional(secret),
  clientId: v.optional(secret),
  clientSecret: v.optional(secret),
  registrationExpiresAt: v.optional(time),
});

/** What a token file holds. Times are milliseconds since 1970. */
export interface SsoToken {
  readonly accessToken: string;
  readonly expiresAt: number;
  readonly region?: string | undefined;
  readonly refreshToken?: string | undefined;
  readonly clientId?: string | undefined;
  readonly clientSecret?: string | undefined;
  readonly registrationExpiresAt?: number | undefined;
  /** The whole document: keys of other programs stay when it is written again. */
  readonly document: object;
}

/**
 * The token of a sign-in as the AWS CLI and every SDK cache it, read anew. `undefined` where there is none: no file, or
 * one that holds no token, which the next sign-in replaces. Rejects with `InvalidConfiguration` for a file that isn't ours.
 *
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-sso-credentials.html
 */
export async function readToken(path: string): Promise<SsoToken | undefined> {
  return tokenIn(await readCacheFile(tokenFile(path)));
}

/** The token that a document holds, if it does. */
export function tokenIn(document: object | null | undefined): SsoToken | undefined {
  const token = v.safeParse(tokenSchema, document);
  return token.success && document ? { ...token.output, document } : undefined;
}

/** Replaces the token at once and whole, readable by its owner alone. Throws `InvalidConfiguration`. */
export function writeToken(path: string, document: object): void {
  replaceCacheFile(tokenFile(path), document);
}

/** Makes room for the next token. Throws `InvalidConfiguration`. */
export function nextToken(path: string): Replacement {
  return new Replacement(tokenFile(path));
}

function tokenFile(path: string): CacheFile {
  return { path, what: "token file" };
}
