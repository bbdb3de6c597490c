import { randomUUID } from "node:crypto";
import { mkdirSync, openSync, closeSync, fsyncSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { RoleAgentError } from "@role-agent/provider/errors";
import * as v from "valibot";
import { FileError, readTrustedFile } from "../../../config/trusted-file.ts";
import { printable } from "../../../core/printable.ts";

const maxBytes = 1024 * 1024;

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
 * one that holds no token, which the next sign-in replaces. Throws `InvalidConfiguration` for a file that isn't ours.
 *
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-sso-credentials.html
 */
export function readToken(path: string): SsoToken | undefined {
  const document = parseJson(readFile(path) ?? "");
  const token = v.safeParse(tokenSchema, document);
  return token.success && typeof document === "object" && document !== null
    ? { ...token.output, document }
    : undefined;
}

/** Replaces the token at once and whole, readable by its owner alone, with these settings and what else was there. */
export function writeToken(path: string, document: object): void {
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const descriptor = openSync(temporary, "wx", 0o600);
    try {
      writeFileSync(descriptor, JSON.stringify(document));
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(temporary, path);
  } catch (error) {
    discard(temporary);
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown error";
    throw new RoleAgentError(
      "InvalidConfiguration",
      `token file ${printable(path)} can't be written: ${code}`,
      {
        hint: "let its directory belong to the user of the agent, with room on the disk",
        cause: error,
      },
    );
  }
}

function discard(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // It could not even be made.
  }
}

function readFile(path: string): string | undefined {
  try {
    return readTrustedFile(path, maxBytes, process.geteuid?.() ?? 0).toString();
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    if (error.isMissing) return undefined;
    throw new RoleAgentError("InvalidConfiguration", `token file ${printable(path)} ${error.message}`, {
      hint: error.hint,
      cause: error,
    });
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
