import { randomUUID } from "node:crypto";
import type { IdentityCenter, SignIn } from "./instance.ts";

/** The user signs in for a client. */
export function signIn(clientId: string, { sessionSeconds }: IdentityCenter, now: number): SignIn {
  return { clientId, signInId: randomUUID(), sessionEndsAt: now + sessionSeconds * 1000 };
}
