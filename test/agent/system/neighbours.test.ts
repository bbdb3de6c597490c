import type { NetworkInterfaceInfo } from "node:os";
import { describe, expect, it } from "vitest";
import { networkOf } from "../../../packages/agent/src/system/neighbours.ts";

function v4(address: string, bits: number): NetworkInterfaceInfo {
  return {
    family: "IPv4",
    address,
    cidr: `${address}/${bits}`,
    netmask: "",
    mac: "00:00:00:00:00:00",
    internal: false,
  };
}

const loopback6: NetworkInterfaceInfo = {
  ...v4("::1", 128),
  family: "IPv6",
  scopeid: 0,
};

describe("the network of an address", () => {
  it("is the address alone where its netmask says so, whatever else the interface has", () => {
    const interfaces = { lo: [v4("127.0.0.1", 8), v4("169.254.169.254", 32)], eth0: [v4("192.0.2.1", 24)] };
    const network = networkOf("169.254.169.254", interfaces);
    expect(network.check("169.254.169.254")).toBe(true);
    for (const stranger of ["169.254.169.253", "192.0.2.1", "192.0.2.2", "127.0.0.1"])
      expect(network.check(stranger)).toBe(false);
  });

  it("is all that the netmask spans", () => {
    const network = networkOf("169.254.169.254", { eth0: [v4("169.254.169.254", 24)] });
    expect(network.check("169.254.169.1")).toBe(true);
    expect(network.check("169.254.170.1")).toBe(false);
  });

  it("is this machine for a loopback address of either kind", () => {
    const interfaces = { lo: [v4("127.0.0.1", 8), loopback6] };
    expect(networkOf("127.0.0.1", interfaces).check("127.0.0.1")).toBe(true);
    expect(networkOf("::1", interfaces).check("::1", "ipv6")).toBe(true);
    expect(networkOf("::1", interfaces).check("fe80::1", "ipv6")).toBe(false);
  });

  it("is nobody's where no interface has the address", () => {
    expect(networkOf("169.254.169.254", {}).check("169.254.169.254")).toBe(false);
  });
});
