import { addressText, type ListenAddress } from "../config/endpoint-config.ts";
import type { EndpointRequest, EndpointResponse } from "./endpoint.ts";
import { isRootedPath, refusal, refuse } from "./guards.ts";

/**
 * Refuses at a door beside the agent socket what no credential client sends: what {@link refuse} does, targets that
 * are no plain path, and methods that are not among `methods`.
 */
export function refuseAtDoor(
  request: EndpointRequest,
  hosts: readonly string[],
  methods: readonly string[] = ["GET"],
): EndpointResponse | undefined {
  const refused = refuse(request, hosts);
  if (refused !== undefined) return refused;
  if (!isPlainPath(request.target)) return refusal(400, "the path is malformed");
  if (methods.includes(request.method)) return undefined;
  // A preflight comes from a browser.
  if (request.method === "OPTIONS") return refusal(403, "method OPTIONS is refused");
  const response = refusal(405, `this endpoint takes ${methods.join(" and ")}`);
  return { ...response, headers: [...response.headers, "Allow", methods.join(", ")] };
}

/** `Host` as clients of an address send it: with the port, and without, as the AWS Common Runtime does at every port. */
export function hostsOf(address: ListenAddress): readonly string[] {
  const text = addressText(address);
  return [text, text.slice(0, -`:${address.port}`.length)];
}

/** The value of a header that comes once at most; {@link refuse} has seen to that. */
export function headerOf({ rawHeaders }: EndpointRequest, name: string): string | undefined {
  for (let index = 0; index < rawHeaders.length; index += 2) {
    if (rawHeaders[index]?.toLowerCase() === name) return rawHeaders[index + 1];
  }
  return undefined;
}

/** Rooted, without dots that climb, and with escapes that mean something printable. */
function isPlainPath(target: string): boolean {
  if (!isRootedPath(target)) return false;
  try {
    const path = decodeURIComponent(target);
    return !/\/\.{1,2}(?:\/|$)|[\p{Cc}\\]/u.test(path);
  } catch {
    return false;
  }
}
