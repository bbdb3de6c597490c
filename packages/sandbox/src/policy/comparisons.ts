import { BlockList, isIP } from "node:net";

/** -1, 0 or 1 as the first value is below, at or above the second; undefined when either isn't of the type. */
export type Order = (actual: string, expected: string) => number | undefined;

export const numericOrder: Order = (actual, expected) => order(toNumber(actual), toNumber(expected));
export const dateOrder: Order = (actual, expected) => order(toInstant(actual), toInstant(expected));

function order(actual: number | undefined, expected: number | undefined): number | undefined {
  return actual === undefined || expected === undefined ? undefined : Math.sign(actual - expected);
}

function toNumber(text: string): number | undefined {
  return /^-?\d+(?:\.\d+)?$/.test(text) ? Number(text) : undefined;
}

const w3cDate = /^\d{4}(?:-\d\d(?:-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d))?)?)?$/;

/**
 * Milliseconds since the epoch of an ISO 8601 date in one of W3C's forms, or of seconds since the epoch.
 * Four digits are a year.
 * https://www.w3.org/TR/NOTE-datetime
 */
function toInstant(text: string): number | undefined {
  const instant = w3cDate.test(text) ? Date.parse(text) : /^\d+$/.test(text) ? Number(text) * 1000 : NaN;
  return Number.isNaN(instant) ? undefined : instant;
}

/** Whether an address is in a CIDR range; a range without a prefix length is one address. */
export function isInRange(address: string, range: string): boolean {
  const [network = "", length, ...rest] = range.split("/");
  const family = familyOf(network);
  const ownFamily = familyOf(address);
  if (family === undefined || ownFamily === undefined || rest.length > 0) return false;
  const bits = family === "ipv4" ? 32 : 128;
  const prefix = length === undefined ? bits : /^\d{1,3}$/.test(length) ? Number(length) : Infinity;
  if (prefix > bits) return false;
  const list = new BlockList();
  list.addSubnet(network, prefix, family);
  return list.check(address, ownFamily);
}

function familyOf(address: string): "ipv4" | "ipv6" | undefined {
  const version = isIP(address);
  return version === 0 ? undefined : version === 4 ? "ipv4" : "ipv6";
}

/** Whether the bytes of a value are those that the policy names in Base64. */
export function isBinaryEqual(actual: string, base64: string): boolean {
  return Buffer.from(base64, "base64").equals(Buffer.from(actual));
}
