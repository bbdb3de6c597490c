import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { onTestFinished } from "vitest";
import type { SdkClient } from "./sdk-client.ts";

/** A network namespace of a test's own: a machine's worth of addresses and ports, in which nothing else listens. */
export interface Namespace {
  readonly name: string;
}

/** A program and its arguments. */
export type CommandLine = SdkClient["command"];

/** The process that makes a namespace is in its name, so that one which was left behind is known. */
const ourName = /^ra-(\d+)-[0-9a-f]+$/;

/**
 * Makes one whose loopback interface has these addresses beside 127.0.0.1. It is gone when the test is over. Throws where
 * this user may not.
 */
export function createNamespace(...addresses: readonly string[]): Namespace {
  if (process.getuid?.() !== 0) throw new Error("network namespaces need root: sudo npm run test:interop");
  removeLeftNamespaces();
  const name = `ra-${process.pid}-${randomBytes(3).toString("hex")}`;
  ip("netns", "add", name);
  onTestFinished(() => removeNamespace(name));
  const namespace = { name };
  ip("-n", name, "link", "set", "lo", "up");
  for (const address of addresses) addAddress(namespace, address);
  return namespace;
}

/** Gives a namespace an address of its own, which no other has a route to. */
export function addAddress({ name }: Namespace, address: string): void {
  ip("-n", name, "address", "add", `${address}/32`, "dev", "lo");
}

/** The addresses of two neighbours on their wire. */
export const wire = { first: "192.0.2.1", second: "192.0.2.2" } as const;

/** Makes two namespaces neighbours, as two machines or containers of one network are: one of 254 addresses. */
export function connectNamespaces(
  first: Namespace,
  second: Namespace,
  [firstAddress, secondAddress]: readonly [string, string] = [wire.first, wire.second],
): void {
  const ends = ["eth0", "netns", first.name, "type", "veth", "peer", "name", "eth0", "netns", second.name];
  ip("link", "add", ...ends);
  const put = ({ name }: Namespace, address: string): void => {
    ip("-n", name, "address", "add", `${address}/24`, "dev", "eth0");
    ip("-n", name, "link", "set", "eth0", "up");
  };
  put(first, firstAddress);
  put(second, secondAddress);
}

/** The command line that runs another one inside. */
export function inside({ name }: Namespace, [program, ...args]: CommandLine): CommandLine {
  return ["ip", "netns", "exec", name, program, ...args];
}

/** Runs `ip`; what it prints. */
export function ip(...args: readonly string[]): string {
  return execFileSync("ip", args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
}

/** Ends what still runs in it, then removes it. */
function removeNamespace(name: string): void {
  for (const pid of ip("netns", "pids", name).split("\n").filter(Boolean)) end(Number(pid));
  ip("netns", "delete", name);
}

/** After a run that was killed. Another test may do the same right now. */
function removeLeftNamespaces(): void {
  for (const line of ip("netns", "list").split("\n")) {
    const [name = ""] = line.split(" ");
    const [, maker] = ourName.exec(name) ?? [];
    if (maker === undefined || existsSync(`/proc/${maker}`)) continue;
    try {
      removeNamespace(name);
    } catch (error) {
      if (ip("netns", "list").includes(name)) throw error;
    }
  }
}

function end(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended by itself.
  }
}
