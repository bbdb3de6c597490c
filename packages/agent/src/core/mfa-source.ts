import { RoleAgentError } from "@role-agent/provider/errors";
import { elapsed, type Clock, type Instant } from "./clock.ts";
import { shellWord } from "./shell-word.ts";
import type { SessionTokenRole } from "./role.ts";
import type { CredentialSource, PersonInput, RoleSession } from "./session.ts";

/** How long a code of a time-based device lives (RFC 6238). */
const codeLifetimeMs = 30_000;

/**
 * The source of a session that needs a one-time code. Without one, and without a program that knows it, it says at
 * once that a person is needed. AWS takes a code once, so none is sent twice.
 */
export function mfaSource(
  role: SessionTokenRole,
  issue: (input: PersonInput | undefined) => Promise<RoleSession>,
  clock: Clock,
): CredentialSource {
  let usedCode: string | undefined;
  let programRanAt: Instant | undefined;
  return async (input) => {
    if (input !== undefined) {
      if (input.mfaCode === usedCode)
        throw mfaRequired(role, "this code was used already: wait for the next one");
      usedCode = input.mfaCode;
    } else if (role.mfaProcess === undefined) {
      throw mfaRequired(role, `a one-time code of ${role.mfaSerial} is needed`);
    } else {
      const wait = programRanAt === undefined ? 0 : codeLifetimeMs - elapsed(programRanAt, clock.now());
      if (wait > 0) throw tooEarly(wait);
      programRanAt = clock.now();
    }
    return issue(input);
  };
}

/** A person must type a code; the hint is the command to do it with. */
export function mfaRequired({ askedAs }: SessionTokenRole, message: string): RoleAgentError {
  return new RoleAgentError("MfaRequired", message, { hint: `role-agent mfa ${shellWord(askedAs)}` });
}

function tooEarly(waitMs: number): RoleAgentError {
  const retryAfterSeconds = Math.ceil(waitMs / 1000);
  return new RoleAgentError("SourceUnavailable", `the next one-time code comes in ${retryAfterSeconds} s`, {
    retryAfterSeconds,
  });
}
