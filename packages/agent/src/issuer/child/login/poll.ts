import { fromSdkError } from "../sdk-error.ts";

const slowDownSeconds = 5;

/**
 * Asks for a token until the person has decided; rejects with what the service says then, or of a code that is too old.
 * A service that can't be reached, fails or is busy is asked again, later.
 * @see https://www.rfc-editor.org/rfc/rfc8628#section-3.5
 */
export async function poll<Answer>(
  ask: () => Promise<Answer>,
  intervalSeconds: number,
  sleep: (ms: number) => Promise<unknown>,
): Promise<Answer> {
  for (let seconds = intervalSeconds; ;) {
    await sleep(seconds * 1000);
    try {
      return await ask();
    } catch (error) {
      if (error instanceof Error && error.name === "AuthorizationPendingException") continue;
      if (!isTooMuch(error)) throw error;
      seconds += slowDownSeconds;
    }
  }
}

function isTooMuch(error: unknown): boolean {
  const isTold = error instanceof Error && error.name === "SlowDownException";
  return isTold || fromSdkError(error, "sso-oidc:CreateToken").code === "SourceUnavailable";
}
