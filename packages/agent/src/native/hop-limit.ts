import type { Server } from "node:net";
import { descriptorOf } from "./descriptor.ts";
import { systemCalls } from "./system-calls.ts";

// Level and name of the option, `IP_TTL` and `IPV6_UNICAST_HOPS`.
const options = { IPv4: [0, 2], IPv6: [41, 16] } as const;

/** The one of the system's settings. */
const usual = -1;

/**
 * Has the answers of a TCP server die at the first router; with `false`, go as far as others. Holds for connections from
 * now on. Answers whether it could be done.
 * @see https://man7.org/linux/man-pages/man7/ip.7.html, `IP_TTL`
 */
export function keepAnswersNear(server: Server, isNear: boolean): boolean {
  const { calls } = systemCalls();
  const fd = descriptorOf(server);
  const address = server.address();
  if (calls === undefined || fd === undefined || address === null || typeof address === "string")
    return false;
  const [level, name] = address.family === "IPv6" ? options.IPv6 : options.IPv4;
  const hops = Buffer.alloc(4);
  hops.writeInt32LE(isNear ? 1 : usual);
  return calls.setsockopt(fd, level, name, hops, hops.length) === 0;
}
