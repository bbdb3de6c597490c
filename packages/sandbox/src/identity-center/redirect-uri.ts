/** As a program on this machine listens: https://www.rfc-editor.org/rfc/rfc8252#section-7.3 */
export function isLoopbackUri(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname } = new URL(text);
  return protocol === "http:" && ["127.0.0.1", "[::1]"].includes(hostname);
}

/** Whether it is one of the registered ones, with any port. */
export function isRegistered(redirectUri: string, registered: readonly string[]): boolean {
  return isLoopbackUri(redirectUri) && registered.map(withoutPort).includes(withoutPort(redirectUri));
}

function withoutPort(text: string): string {
  const uri = new URL(text);
  uri.port = "";
  return uri.href;
}
