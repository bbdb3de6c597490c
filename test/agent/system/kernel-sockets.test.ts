import { describe, expect, it } from "vitest";
import {
  listeningPlacesOf,
  placeOfAddress,
  type Proc,
} from "../../../packages/agent/src/system/kernel-sockets.ts";

const head =
  "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n";
const rest = "00000000:00000000 00:00000000 00000000  1000        0";
const files: Readonly<Record<string, string>> = {
  tcp:
    head +
    `   0: 0100007F:26B7 00000000:0000 0A ${rest} 101 1 0000000000000000 100 0 0 10 0\n` +
    `   1: FEA9FEA9:0050 00000000:0000 0A ${rest} 102 1 0000000000000000 100 0 0 10 0\n` +
    `   2: 0100007F:26B7 0100007F:D431 01 ${rest} 103 1 0000000000000000 20 4 30 10 -1\n`,
  tcp6: `${head}   0: 00000000000000000000000001000000:26B8 00000000000000000000000000000000:0000 0A ${rest} 104 1\n`,
  unix:
    "Num       RefCount Protocol Flags    Type St Inode Path\n" +
    "0000000000000000: 00000002 00000000 00010000 0001 01   105 /run/user/1000/role-agent/agent.sock\n" +
    "0000000000000000: 00000002 00000000 00010000 0001 01   106 /run/a place/agent.sock\n" +
    "0000000000000000: 00000002 00000000 00000000 0002 01   107 /run/systemd/notify\n" +
    "0000000000000000: 00000003 00000000 00000000 0001 03   108 /run/user/1000/role-agent/agent.sock\n" +
    "0000000000000000: 00000002 00000000 00010000 0001 01   109 @abstract\n",
};

const proc: Proc = {
  read: (path) => files[path.replace("/proc/self/net/", "")] ?? missing(),
  link: (path) =>
    path === "/proc/self/fd/2" ? "pipe:[101]" : `socket:[${path.replace("/proc/self/fd/", "")}]`,
};

function missing(): never {
  throw new Error("ENOENT");
}

describe("where a descriptor listens", () => {
  it.each([
    [101, "127.0.0.1:9911"],
    [102, "169.254.169.254:80"],
    [104, "[::1]:9912"],
    [105, "/run/user/1000/role-agent/agent.sock"],
    [106, "/run/a place/agent.sock"],
  ])("is read from the kernel's tables: %i is %s", (descriptor, place) => {
    expect(listeningPlacesOf([descriptor], proc)).toEqual([place]);
  });

  it.each([
    [2, "a pipe"],
    [103, "a connection"],
    [107, "a datagram socket"],
    [108, "a connection on a path"],
    [109, "an abstract name"],
    [999, "what is in no table"],
  ])("is nowhere for %i, which is %s", (descriptor) => {
    expect(listeningPlacesOf([descriptor], proc)).toEqual([undefined]);
  });

  it("is nowhere without /proc", () => {
    expect(listeningPlacesOf([101], { read: missing, link: missing })).toEqual([undefined]);
  });

  it("has the same form as an address of config.toml", () => {
    expect(placeOfAddress({ host: "127.0.0.1", port: 9911 })).toBe("127.0.0.1:9911");
    expect(placeOfAddress({ host: "0:0:0:0:0:0:0:1", port: 9912 })).toBe("[::1]:9912");
  });
});
