import type { ListenAddress } from "./endpoint-config.ts";
import { choice } from "./words.ts";

/** Addresses that the AWS SDKs accept over plain HTTP, none of which is reached from another machine. */
const hosts: readonly string[] = ["127.0.0.1", "[::1]", "169.254.170.2", "169.254.170.23", "169.254.169.254"];

/** Reads `HOST:PORT`; undefined where {@link listenProblem} has something to say. */
export function parseListen(text: string): ListenAddress | undefined {
  const [, host = "", port = ""] = /^(.*):(0|[1-9]\d{0,4})$/.exec(text) ?? [];
  if (!hosts.includes(host) || Number(port) > 65_535) return undefined;
  return { host: host.replace(/^\[|\]$/g, ""), port: Number(port) };
}

/** What is wrong with a `listen`, or undefined. */
export function listenProblem(text: string): string | undefined {
  if (parseListen(text) !== undefined) return undefined;
  const host = text.replace(/:\d*$/, "");
  return hosts.includes(host)
    ? 'must end with a port, as in "127.0.0.1:9911"; port 0 is any free one'
    : `must be an address and a port, as in "127.0.0.1:9911": the address one of ${choice(hosts)}, which no other machine reaches`;
}
