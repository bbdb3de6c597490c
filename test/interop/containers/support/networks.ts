import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { onTestFinished } from "vitest";

/** A bridge of this machine, to which network namespaces are joined as containers are to a network of Docker's. */
export interface Bridge {
  readonly name: string;
}

/** Makes one, with an address of this machine's in it or, as internal networks are, without. Gone when the test is over. */
export function createBridge(ownAddress?: string): Bridge {
  const name = `ra${randomBytes(4).toString("hex")}`;
  ip("link", "add", name, "type", "bridge");
  onTestFinished(() => void ip("link", "delete", name));
  if (ownAddress !== undefined) ip("address", "add", ownAddress, "dev", name);
  ip("link", "set", name, "up");
  return { name };
}

/** A network namespace with nothing but loopback. Gone when the test is over. */
export function createNamespace(): string {
  const name = `ra-${process.pid}-${randomBytes(3).toString("hex")}`;
  ip("netns", "add", name);
  onTestFinished(() => void ip("netns", "delete", name));
  ip("-n", name, "link", "set", "lo", "up");
  return name;
}

/** Joins a namespace to a bridge, under an address with its prefix length. */
export function join(namespace: string, bridge: Bridge, address: string): void {
  const outside = `ra${randomBytes(4).toString("hex")}`;
  const inside = `ra${randomBytes(4).toString("hex")}`;
  ip("link", "add", outside, "type", "veth", "peer", "name", inside, "netns", namespace);
  ip("link", "set", outside, "master", bridge.name, "up");
  ip("-n", namespace, "address", "add", address, "dev", inside);
  ip("-n", namespace, "link", "set", inside, "up");
}

/** Has what a namespace has no other way to go through a machine, as pods go through their node. */
export function leadThrough(namespace: string, address: string): void {
  const [via = ""] = address.split("/");
  ip("-n", namespace, "route", "add", "default", "via", via);
}

function ip(...args: readonly string[]): string {
  return execFileSync("ip", args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
}
