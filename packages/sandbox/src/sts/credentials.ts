import type { UnsignedCall } from "../call.ts";
import { isoSeconds } from "../clock.ts";
import { newSecretAccessKey, newSessionToken, uniqueId } from "../identifiers.ts";
import type { Session } from "../state.ts";
import type { XmlObject } from "../xml.ts";

type IssuedCredentials = Pick<
  Session,
  "accessKeyId" | "secretAccessKey" | "sessionToken" | "issuedAt" | "expiresAt"
>;

/**
 * New temporary keys. They end on a whole second, since Expiration is written so, and never earlier than
 * asked.
 */
export function issueCredentials(
  { settings, now }: Pick<UnsignedCall, "settings" | "now">,
  durationSeconds: number,
): IssuedCredentials {
  const lifetimeMs = (settings.sessionSeconds ?? durationSeconds) * 1000;
  return {
    accessKeyId: uniqueId("ASIA"),
    secretAccessKey: newSecretAccessKey(),
    sessionToken: newSessionToken(),
    issuedAt: now,
    expiresAt: Math.ceil((now + lifetimeMs) / 1000) * 1000,
  };
}

export function credentialsXml(session: IssuedCredentials): XmlObject {
  return {
    AccessKeyId: session.accessKeyId,
    SecretAccessKey: session.secretAccessKey,
    SessionToken: session.sessionToken,
    Expiration: isoSeconds(session.expiresAt),
  };
}
