import { fromIni } from "@aws-sdk/credential-providers";
import { RoleAgentError } from "@role-agent/provider/errors";
import { printable } from "../../core/printable.ts";
import type { Source } from "../../core/role.ts";
import type { IssuedSession } from "../../core/session.ts";
import { fromCredentialSource } from "./credential-source.ts";
import { outboundHandler } from "./outbound.ts";
import { rejectedBy } from "./rejected-by.ts";
import { processCredentials } from "./process-credentials.ts";
import { storedKey } from "./stored-key.ts";
import { sharedConfig, type ProfileSettings } from "./shared-config.ts";

/** Credentials as the SDK passes them around. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly expiration?: Date;
  readonly accountId?: string;
}

/** The credentials a role is assumed with; the passphrase opens the encrypted key file. */
export async function sourceCredentials(
  source: Source,
  parent: IssuedSession | undefined,
  signal: AbortSignal,
  passphrase?: string,
): Promise<Credentials> {
  switch (source.type) {
    case "role":
      if (parent !== undefined) return parent;
      throw new RoleAgentError("SourceUnavailable", `the session of role ${source.role} was not handed over`);
    case "profile":
      return profileCredentials(source.profile, signal);
    case "key":
      return storedKey(source, passphrase);
    case "credential-source":
      return unlessAborted(fromCredentialSource(source.from, process.env), signal);
  }
}

/**
 * Credentials of a profile: its static keys if it has any, as the AWS CLI resolves a source profile, then its
 * credential_process, then whatever else the SDK finds in it.
 */
export async function profileCredentials(name: string, signal: AbortSignal): Promise<Credentials> {
  const profile = (await sharedConfig()).profile(name);
  const keys = staticKeys(name, profile);
  if (keys !== undefined) return keys;
  if (profile["credential_process"] !== undefined && profile["sso_account_id"] === undefined) {
    return processCredentials(profile["credential_process"], signal);
  }
  const resolve = fromIni({
    profile: name,
    ignoreCache: true,
    clientConfig: { requestHandler: outboundHandler() },
  });
  return unlessAborted(resolve(), signal);
}

/** The SDK's providers take no signal; what they go on doing after it ends with this process. */
async function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return Promise.race([promise, rejectedBy(signal)]);
}

/** As botocore has it, one key without the other is a mistake and no reason to look elsewhere. Empty is absent. */
function staticKeys(name: string, profile: ProfileSettings): Credentials | undefined {
  const { aws_access_key_id: accessKeyId, aws_secret_access_key: secretAccessKey } = profile;
  if (!accessKeyId && !secretAccessKey) return undefined;
  if (!accessKeyId || !secretAccessKey) {
    const missing = accessKeyId ? "aws_secret_access_key" : "aws_access_key_id";
    throw new RoleAgentError("InvalidConfiguration", `profile ${printable(name)} has no ${missing}`, {
      hint: "it has the other half of its keys: add this one, or remove both",
    });
  }
  const { aws_session_token: sessionToken, aws_account_id: accountId } = profile;
  return {
    accessKeyId,
    secretAccessKey,
    ...(sessionToken ? { sessionToken } : {}),
    ...(accountId ? { accountId } : {}),
  };
}
