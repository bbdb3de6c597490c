import { execFile } from "node:child_process";
import { createServer } from "node:net";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { fromRoleAgent } from "@role-agent/provider";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { heldCredentials } from "../../packages/provider/src/held-credentials.ts";
import { roleAgentProgram } from "../support/agent-process.ts";
import { temporaryDirectory } from "../support/temporary.ts";
import type { CommandResult } from "../support/world.ts";

const onWindows = fileURLToPath(new URL("../support/on-windows.cjs", import.meta.url));

async function runOnWindows(env: NodeJS.ProcessEnv, ...args: readonly string[]): Promise<CommandResult> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [onWindows, roleAgentProgram, ...args],
      { env, timeout: 15_000 },
      (error, stdout, stderr) => {
        resolve({ stdout, stderr, code: error === null ? 0 : Number(error.code) });
      },
    );
  });
}

/** A path that something listens at, which answers to nobody; how many have come. */
async function pipe(): Promise<{ readonly path: string; readonly connections: () => number }> {
  const path = join(temporaryDirectory(), "pipe");
  let connections = 0;
  const server = createServer(() => (connections += 1)).listen(path);
  onTestFinished(() => void server.close());
  await once(server, "listening");
  return { path, connections: () => connections };
}

describe("T5: on Windows, where a pipe would be anybody's, nothing is served and nobody asked", () => {
  it("by an agent, which says so and creates nothing", async () => {
    const home = temporaryDirectory();
    const path = join(home, "agent", "agent.sock");
    const { code, stderr } = await runOnWindows({ HOME: home, APPDATA: home }, "serve", "--socket", path);
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr:
        "role-agent: serve: role-agent does not serve on Windows yet\nhint: run it in WSL, or in a container\n",
    });
    expect(existsSync(join(home, "agent"))).toBe(false);
  });

  it("by any client, which a chain of providers takes for an agent that is not there", async () => {
    const { path, connections } = await pipe();
    const env = { HOME: temporaryDirectory(), ROLE_AGENT_SOCK: path, ROLE_AGENT_AUTOSTART: "0" };
    for (const line of ["credentials deploy", "env deploy", "status", "stop"]) {
      const { code, stdout, stderr } = await runOnWindows(env, ...line.split(" "));
      expect({ line, code, stdout }).toEqual({ line, code: 3, stdout: "" });
      expect(stderr).toContain(
        "there is no agent on Windows yet\nhint: run both in WSL, or in a container\n",
      );
    }
    const platform = vi.spyOn(process, "platform", "get").mockReturnValue("win32");
    onTestFinished(() => platform.mockRestore());
    const ask = fromRoleAgent({ role: "deploy", socketPath: path });
    await expect(ask()).rejects.toMatchObject({ code: "AgentUnreachable", tryNextLink: true });
    expect(await heldCredentials("deploy", env)).toBeUndefined();
    expect(connections()).toBe(0);
  });
});
