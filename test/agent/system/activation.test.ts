import { describe, expect, it } from "vitest";
import { activationOf } from "../../../packages/agent/src/system/activation.ts";

describe("what a service manager gives", () => {
  it.each([
    ["nothing", {}],
    ["another process", { LISTEN_PID: "4710", LISTEN_FDS: "1" }],
    ["no pid", { LISTEN_FDS: "1" }],
    ["no socket", { LISTEN_PID: "4711", LISTEN_FDS: "0" }],
    ["a count that is none", { LISTEN_PID: "4711", LISTEN_FDS: "1x" }],
    ["a count below nothing", { LISTEN_PID: "4711", LISTEN_FDS: "-1" }],
    ["a count beyond any", { LISTEN_PID: "4711", LISTEN_FDS: "99999" }],
  ])("is not ours where it is for %s", (_what, env) => {
    expect(activationOf(env, 4711)).toBeUndefined();
  });

  it("is told of in variables that nobody sees afterwards, whoever they are for", () => {
    for (const LISTEN_PID of ["4711", "4710"]) {
      const env = { LISTEN_PID, LISTEN_FDS: "1", LISTEN_FDNAMES: "a", LISTEN_PIDFDID: "7", HOME: "/home/a" };
      activationOf(env, 4711);
      expect(env).toEqual({ HOME: "/home/a" });
    }
  });
});
