/** An error of the SDK whose message says nothing of these: an endpoint may quote what it was sent, in either form. */
export function withoutSecrets(error: unknown, secrets: readonly string[]): unknown {
  if (!(error instanceof Error)) return error;
  for (const form of secrets.flatMap((secret) => [secret, encodeURIComponent(secret)])) {
    error.message = error.message.replaceAll(form, "(a secret)");
  }
  return error;
}
