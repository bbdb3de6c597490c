import { isIPv4 } from "node:net";

/**
 * What is wrong with a network in `client_cidrs`, or undefined: `172.17.0.0/16`, as in a security group. Wider than
 * 10.0.0.0/8 no private network is.
 * @see https://www.rfc-editor.org/rfc/rfc4632 section 3.1
 */
export function clientCidrProblem(text: string): string | undefined {
  const [, network = "", bits = ""] = /^([\d.]+)\/([1-9]\d?)$/.exec(text) ?? [];
  const size = Number(bits);
  if (!isIPv4(network) || size < 8 || size > 32)
    return 'must be an IPv4 network of /8 to /32, as in "172.17.0.0/16"';
  const start = firstAddress(network, size);
  return start === network ? undefined : `is no whole network: write "${start}/${size}"`;
}

function firstAddress(address: string, size: number): string {
  const parts = address.split(".").map((part, index) => {
    const kept = Math.min(8, Math.max(0, size - index * 8));
    return Number(part) & (0xff << (8 - kept));
  });
  return parts.join(".");
}
