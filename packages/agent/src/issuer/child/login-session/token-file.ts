import { createPrivateKey, randomUUID, type KeyObject } from "node:crypto";
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { RoleAgentError } from "@role-agent/provider/errors";
import * as v from "valibot";
import { FileError, readTrustedFile } from "../../../config/trusted-file.ts";
import { printable } from "../../../core/printable.ts";
import type { LoginRole } from "../../../core/role.ts";
import { loginCommand, loginRequired } from "./login-required.ts";

/** A login takes some 3 KB. */
const maxBytes = 256 * 1024;

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
export function readLoginToken(role: LoginRole): LoginToken {
  const parsed = v.safeParse(schema, parseJson(readFile(role)));
  if (parsed.success) return parsed.output;
  const place = parsed.issues.map((issue) => v.getDotPath(issue)).find((path) => path !== null);
  throw unusable(role, place === undefined ? "is no JSON object" : `has no proper ${place}`);
}

/** The key that the login is bound to. Throws `InvalidConfiguration`. */
export function dpopKeyOf(role: LoginRole, { dpopKey }: LoginToken): KeyObject {
  try {
    const key = createPrivateKey(dpopKey);
    if (key.asymmetricKeyDetails?.namedCurve === "prime256v1") return key;
  } catch {
    // No key at all is refused like one of another kind.
  }
  throw unusable(role, "has no proper dpopKey");
}

/**
 * Puts a renewed login in the place of the old one, at once and for this user alone, as the AWS CLI does. Throws
 * `InvalidConfiguration`: without the new refresh token on disk the login would end before its time.
 */
export function writeLoginToken(role: LoginRole, token: LoginToken): void {
  const temporary = `${role.tokenFile}.${randomUUID()}.tmp`;
  try {
    const descriptor = openSync(temporary, "wx", 0o600);
    try {
      writeSync(descriptor, JSON.stringify(token));
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(temporary, role.tokenFile);
  } catch (error) {
    rmSync(temporary, { force: true });
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown error";
    throw new RoleAgentError("InvalidConfiguration", `${fileName(role)} can't be replaced: ${code}`, {
      hint: "let the user of the agent write to its directory",
      cause: error,
    });
  }
}

function readFile(role: LoginRole): string {
  try {
    return readTrustedFile(role.tokenFile, maxBytes, process.geteuid?.() ?? 0).toString();
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    if (error.isMissing) throw loginRequired(role, "nobody has signed in on this machine");
    throw new RoleAgentError("InvalidConfiguration", `${fileName(role)} ${error.message}`, {
      hint: error.hint,
      cause: error,
    });
  }
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

function unusable(role: LoginRole, problem: string): RoleAgentError {
  const hint = `remove it, and sign in again: ${loginCommand(role)}`;
  return new RoleAgentError("InvalidConfiguration", `${fileName(role)} ${problem}`, { hint });
}

function fileName({ tokenFile }: LoginRole): string {
  return `login file ${printable(tokenFile)}`;
}
