import { createPrivateKey, type KeyObject } from "node:crypto";
import type { RoleAgentError } from "@role-agent/provider/errors";
import * as v from "valibot";
import { consoleLoginCommand } from "../../../core/sign-in-command.ts";
import type { LoginRole } from "../../../core/role.ts";
import { readCacheFile, Replacement, unusable, type CacheFile } from "../cache-file.ts";
import { consoleLoginRequired } from "./console-login-required.ts";

/** A login as the AWS CLI and every SDK keep it, with whatever else is in its file. */
export interface LoginToken {
  readonly accessToken: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken: string;
    readonly accountId: string;
    /** By the clock of the machine that wrote the file. */
    readonly expiresAt: string;
  };
  readonly clientId: string;
  readonly refreshToken: string;
  /** PEM of the P-256 key that the refresh token is bound to. */
  readonly dpopKey: string;
  readonly signInRegion?: string;
}

const text = v.pipe(v.string(), v.nonEmpty());
const printableText = v.pipe(v.string(), v.regex(/^[\x21-\x7e]+$/));

const schema = v.looseObject({
  accessToken: v.looseObject({
    accessKeyId: v.pipe(v.string(), v.regex(/^\w{16,128}$/)),
    secretAccessKey: printableText,
    sessionToken: printableText,
    accountId: v.pipe(v.string(), v.regex(/^\d{12}$/)),
    expiresAt: v.pipe(
      v.string(),
      v.check((time) => !Number.isNaN(Date.parse(time))),
    ),
  }),
  clientId: text,
  refreshToken: text,
  dpopKey: text,
  signInRegion: v.exactOptional(text),
});

/**
 * Reads the login of a role: a regular file of this user's that nobody else may write to.
 *
 * Errors: `LoginRequired` where there is none, `InvalidConfiguration` where the file can't be used. No part of it is in a
 * message.
 */
export async function readLoginToken(role: LoginRole): Promise<LoginToken> {
  const document = await readCacheFile(loginFile(role));
  if (document === undefined) throw consoleLoginRequired(role, "nobody has signed in on this machine");
  const parsed = v.safeParse(schema, document);
  if (parsed.success) return parsed.output;
  const place = parsed.issues.map((issue) => v.getDotPath(issue)).find((path) => path !== null);
  throw unusableLogin(role, place === undefined ? "is no JSON object" : `has no proper ${place}`);
}

/** The key that the login is bound to. Throws `InvalidConfiguration`. */
export function dpopKeyOf(role: LoginRole, { dpopKey }: LoginToken): KeyObject {
  try {
    const key = createPrivateKey(dpopKey);
    if (key.asymmetricKeyDetails?.namedCurve === "prime256v1") return key;
  } catch {
    // No key at all is refused like one of another kind.
  }
  throw unusableLogin(role, "has no proper dpopKey");
}

/** Makes room for the renewed login. Throws `InvalidConfiguration`. */
export function nextLoginToken(role: LoginRole): Replacement {
  return new Replacement(loginFile(role));
}

function unusableLogin(role: LoginRole, problem: string): RoleAgentError {
  return unusable(loginFile(role), problem, `remove it, and sign in again: ${consoleLoginCommand(role)}`);
}

function loginFile({ tokenFile: path }: LoginRole): CacheFile {
  return { path, what: "login file" };
}
