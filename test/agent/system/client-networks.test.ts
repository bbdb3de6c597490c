import { expect, test } from "vitest";
import { ownMachineAnd } from "../../../packages/agent/src/system/client-networks.ts";

const localAddress = "169.254.169.254";
const own = (): ReadonlySet<string> => new Set([localAddress, "192.0.2.1"]);

test.each([
  ["the address itself", localAddress, true],
  ["loopback", "127.0.0.1", true],
  ["another loopback address", "127.9.9.9", true],
  ["another address of this machine", "192.0.2.1", true],
  ["a neighbour", "192.0.2.2", false],
  ["a link-local neighbour", "169.254.169.253", false],
  ["a network that is named", "172.17.255.3", true],
  ["the network beside it", "172.18.0.3", false],
  ["a client that has gone", undefined, false],
])("%s: %s is admitted: %s", (_name, remoteAddress, isAdmitted) => {
  expect(ownMachineAnd(["172.17.0.0/16"], own)({ localAddress, remoteAddress })).toBe(isAdmitted);
});

test("the address that a client came to is this machine's, also where its interface is down", () => {
  const admits = ownMachineAnd([], () => new Set());
  expect(admits({ localAddress, remoteAddress: localAddress })).toBe(true);
});

test("this machine's addresses are those of its interfaces", () => {
  expect(ownMachineAnd([])({ localAddress, remoteAddress: "127.0.0.1" })).toBe(true);
  expect(ownMachineAnd([])({ localAddress, remoteAddress: "203.0.113.9" })).toBe(false);
});
