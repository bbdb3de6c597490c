import { userInfo } from "node:os";
import { join } from "node:path";
import { agentSocketPath, homeDirectory } from "@role-agent/provider";
import { describe, expect, it } from "vitest";

describe("the home directory", () => {
  it("is HOME", () => {
    expect(homeDirectory({ HOME: "/home/a" })).toBe("/home/a");
    expect(agentSocketPath({ HOME: "/home/a" })).toBe("/home/a/.role-agent/agent.sock");
  });

  it.each([undefined, "", "project", "."])(
    "is the user's own and never a working directory where HOME is %j",
    (HOME) => {
      expect(homeDirectory({ HOME })).toBe(userInfo().homedir);
      expect(agentSocketPath({ HOME })).toBe(join(userInfo().homedir, ".role-agent", "agent.sock"));
    },
  );
});
