import { isIP } from "node:net";
import type { ListenAddress } from "./endpoint-config.ts";
import { choice } from "./words.ts";

/** Addresses that the AWS SDKs accept over plain HTTP; no router passes on what is for one of them. */
const localHosts: readonly string[] = [
  "127.0.0.1",
  "[::1]",
  "169.254.170.2",
  "169.254.170.23",
  "169.254.169.254",
];

/** Reads `ADDRESS:PORT`; undefined where {@link listenProblem} has something to say. */
export function parseListen(text: string): ListenAddress | undefined {
  const { host, port } = parts(text);
  return isAddress(host) && isPort(port) ? { host: unbracketed(host), port: Number(port) } : undefined;
}

/** What is wrong with a `listen`, or undefined. */
export function listenProblem(text: string): string | undefined {
  if (parseListen(text) !== undefined) return undefined;
  return isAddress(parts(text).host)
    ? 'must end with a port, as in "127.0.0.1:9911"; port 0 is any free one'
    : notLocal;
}

/** What is wrong with a `listen` of a door that gives credentials, where {@link listenProblem} finds nothing. */
export function distantProblem(text: string): string | undefined {
  return localHosts.includes(parts(text).host) ? undefined : notLocal;
}

const notLocal = `must be an address and a port, as in "127.0.0.1:9911": the address one of ${choice(localHosts)}, which SDKs accept over plain HTTP`;

function parts(text: string): { readonly host: string; readonly port: string } {
  const [, host = text, port = ""] = /^(.*):(\d*)$/.exec(text) ?? [];
  return { host, port };
}

/** Of IPv4, or in brackets of IPv6; without a zone, which no client sends back. */
function isAddress(host: string): boolean {
  return isIP(host) === 4 || (/^\[[\da-f:.]+\]$/i.test(host) && isIP(unbracketed(host)) === 6);
}

function isPort(port: string): boolean {
  return /^(?:0|[1-9]\d{0,4})$/.test(port) && Number(port) <= 65_535;
}

function unbracketed(host: string): string {
  return host.replace(/^\[|\]$/g, "");
}
