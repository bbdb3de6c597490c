/** An error of the SDK whose message says nothing of these: an endpoint may quote what it was sent. */
export function withoutSecrets(error: unknown, secrets: readonly string[]): unknown {
  if (error instanceof Error) {
    for (const secret of secrets) error.message = error.message.replaceAll(secret, "(a secret)");
  }
  return error;
}
