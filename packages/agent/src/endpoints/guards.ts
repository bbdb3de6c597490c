import { RoleAgentError } from "@role-agent/provider/errors";
import { errorResponse, type EndpointRequest, type EndpointResponse } from "./endpoint.ts";

/** Set by browsers, never by a credential client. */
const browserHeaders: ReadonlySet<string> = new Set(["origin", "referer"]);
const browserPrefix = "sec-fetch-";

/** Set by proxies: the request comes from further away than this machine. */
const proxyHeaders: ReadonlySet<string> = new Set([
  "forwarded",
  "via",
  "x-real-ip",
  "x-client-ip",
  "x-cluster-client-ip",
  "x-original-forwarded-for",
  "x-envoy-external-address",
  "cf-connecting-ip",
  "fastly-client-ip",
  "true-client-ip",
]);
const proxyPrefix = "x-forwarded-";

/** What a header's name is made of (RFC 9110, 5.6.2). Node 20.18 passes on one with a space before its colon. */
const token = /^[\w!#$%&'*+.^`|~-]+$/;

/**
 * Refuses requests that no credential client sends: foreign Host (DNS rebinding), browser and proxy headers by their
 * mere presence, and any header twice. Works on the raw headers, since a parsed view keeps one of two silently.
 */
export function refuse(request: EndpointRequest, hosts: readonly string[]): EndpointResponse | undefined {
  const { rawHeaders } = request;
  const seen = new Set<string>();
  let host: string | undefined;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const rawName = rawHeaders[index] ?? "";
    if (!token.test(rawName)) return refusal(400, "a header's name is malformed");
    const name = rawName.toLowerCase().replaceAll("_", "-");
    if (seen.has(name)) return refusal(400, `header ${name} comes twice`);
    seen.add(name);
    if (name === "host") host = rawHeaders[index + 1];
    else if (browserHeaders.has(name) || name.startsWith(browserPrefix)) {
      return refusal(403, `header ${name} is refused: browsers have no business here`);
    } else if (proxyHeaders.has(name) || name.startsWith(proxyPrefix)) {
      return refusal(
        name === "x-forwarded-for" ? 403 : 400,
        `header ${name} is refused: no proxy belongs here`,
      );
    } else if (name === "upgrade") return refusal(400, "header upgrade is refused");
  }
  if (host === undefined) return refusal(400, "header host is missing");
  return hosts.includes(host) ? undefined : refusal(403, `host is refused: use ${hosts.join(" or ")}`);
}

/** Neither a URL nor `*`, and without empty segments and control characters. */
export function isRootedPath(target: string): boolean {
  return /^(?:\/[\x21-\x2e\x30-\x5b\x5d-\x7e]+)+\/?$/.test(target) && !/%(?:[01][\da-f]|7f)/i.test(target);
}

/** An answer to a request that is itself unacceptable; the connection ends with it. */
export function refusal(status: number, message: string): EndpointResponse {
  return { ...errorResponse(new RoleAgentError("InvalidRequest", message), status), close: true };
}
