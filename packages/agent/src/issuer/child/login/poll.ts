const slowDownSeconds = 5;

/**
 * Asks for a token until the person has decided; rejects with what the service says then, or of a code that is too old.
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
      const name = error instanceof Error ? error.name : "";
      if (name === "SlowDownException") seconds += slowDownSeconds;
      else if (name !== "AuthorizationPendingException") throw error;
    }
  }
}
