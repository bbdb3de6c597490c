import { RoleAgentError } from "@role-agent/provider/errors";
import * as v from "valibot";
import { utcSeconds } from "../../core/session.ts";
import { accessKeyIdPattern, tokenPattern } from "../messages.ts";
import { runCommand } from "./command.ts";
import { parseJson } from "./parse-json.ts";
import type { Credentials } from "./source-credentials.ts";

/** @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html */
const documentSchema = v.object({
  Version: v.literal(1),
  AccessKeyId: v.pipe(v.string(), v.regex(accessKeyIdPattern)),
  SecretAccessKey: v.pipe(v.string(), v.regex(tokenPattern)),
  SessionToken: v.nullish(v.union([v.literal(""), v.pipe(v.string(), v.regex(tokenPattern))])),
  Expiration: v.nullish(v.pipe(v.string(), v.isoTimestamp())),
  AccountId: v.nullish(v.union([v.literal(""), v.pipe(v.string(), v.regex(/^\d{12}$/))])),
});

/** Runs a credential_process and reads the document that it prints. What it prints is never part of an error. */
export async function processCredentials(command: string, signal: AbortSignal): Promise<Credentials> {
  const result = v.safeParse(
    documentSchema,
    parseJson(await runCommand(command, "credential_process", signal)),
  );
  if (!result.success) {
    const key = v.getDotPath(result.issues[0]);
    const what = key === null ? "no JSON document" : `a document whose ${key} is missing or malformed`;
    throw new RoleAgentError("InvalidConfiguration", `credential_process printed ${what}`, {
      hint: "it must print the document that AWS describes for credential_process",
    });
  }
  const { AccessKeyId, SecretAccessKey, SessionToken, Expiration, AccountId } = result.output;
  const expiration = Expiration ? new Date(Expiration) : undefined;
  if (expiration !== undefined && expiration.getTime() <= Date.now()) {
    const message = `credential_process printed a session whose Expiration is past: ${utcSeconds(expiration.getTime())}`;
    throw new RoleAgentError("InvalidConfiguration", message, {
      hint: "it must print a new one each time, and this machine's clock must be right",
    });
  }
  return {
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    ...(SessionToken ? { sessionToken: SessionToken } : {}),
    ...(expiration !== undefined && { expiration }),
    ...(AccountId ? { accountId: AccountId } : {}),
  };
}
