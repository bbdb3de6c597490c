import { describe, expect, it } from "vitest";
import { agentLogPath } from "../../../packages/agent/src/cli/background.ts";

describe("the log of an agent in the background", () => {
  it("lies in XDG_STATE_HOME", () => {
    expect(agentLogPath({ HOME: "/home/a", XDG_STATE_HOME: "/state" })).toBe("/state/role-agent/agent.log");
  });

  it.each([undefined, "", "state"])(
    "never lies in a working directory: XDG_STATE_HOME is %j",
    (XDG_STATE_HOME) => {
      expect(agentLogPath({ HOME: "/home/a", XDG_STATE_HOME })).toBe(
        "/home/a/.local/state/role-agent/agent.log",
      );
    },
  );
});
