import { chmodSync, mkdirSync, renameSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { roleAgentLauncher, roleAgentProgram } from "../support/agent-process.ts";
import { createWorld, deployConfig, type CommandResult, type World } from "../support/world.ts";
import { run } from "./support/run.ts";

const nodeRan = "node was started";

/** The launcher with a real curl, and a `node` in its PATH that only says that it was started. */
async function launch(world: World, args: string, env: NodeJS.ProcessEnv = {}): Promise<CommandResult> {
  const programs = join(world.home, "programs");
  mkdirSync(programs, { recursive: true });
  writeFileSync(join(programs, "node"), `#!/bin/sh\necho "${nodeRan}: $*"\nexit 99\n`, { mode: 0o755 });
  const PATH = `${programs}:${world.env["PATH"]}`;
  return run({ ...world, env: { ...world.env, PATH, ...env } }, `"${roleAgentLauncher}" ${args}`);
}

/** An agent that has the credentials of `deploy` at hand. */
async function agentWithCredentials(): Promise<World> {
  const world = await createWorld();
  world.configure(`${deployConfig}\n[roles."a role"]\nprofile = "sandbox"\n`);
  await world.startAgent();
  await world.client.credentials("deploy");
  return world;
}

describe("role-agent credentials ROLE, as it is on the PATH", () => {
  it("prints what the program prints, and starts no Node for it", async () => {
    const world = await agentWithCredentials();
    const { stdout, stderr, code } = await launch(world, "credentials deploy");
    expect({ stderr, code }).toEqual({ stderr: "", code: 0 });
    const byNode = await run(world, `"${process.execPath}" "${roleAgentProgram}" credentials deploy`);
    expect(stdout).toBe(byNode.stdout);
    expect(JSON.parse(stdout)).toMatchObject({ Version: 1, AccountId: "444455556666" });
  });

  it("heeds ROLE_AGENT_SOCK, but no settings for curl, and no proxy", async () => {
    const world = await agentWithCredentials();
    writeFileSync(join(world.home, ".curlrc"), 'output = "/dev/null"\n');
    const nobody = "http://127.0.0.1:9";
    const env = { XDG_RUNTIME_DIR: "/nowhere", ROLE_AGENT_SOCK: world.socketPath };
    const { stdout, code } = await launch(world, "credentials deploy", {
      ...env,
      ALL_PROXY: nobody,
      http_proxy: nobody,
    });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ Version: 1 });
  });

  it("leaves to the program whatever is no name of a role for which the agent has an answer", async () => {
    const world = await agentWithCredentials();
    const lines = [
      "status",
      "",
      "credentials",
      "credentials deploy --format env",
      "credentials --help",
      "credentials nobody",
      "credentials 'a role'",
      "credentials ../status",
      "credentials 'deploy?x'",
      "credentials ''",
    ];
    for (const line of lines) {
      const { stdout, stderr, code } = await launch(world, line);
      expect({ line, stderr, code }).toEqual({ line, stderr: "", code: 99 });
      const passed = line.replaceAll("'", "").trim();
      expect(stdout.trim().endsWith(`/bin/role-agent.js ${passed}`.trim())).toBe(true);
    }
  });

  it.each<[what: string, env: NodeJS.ProcessEnv]>([
    ["where no agent is", { ROLE_AGENT_SOCK: "/nowhere/agent.sock" }],
    ["a socket in the top directory", { ROLE_AGENT_SOCK: "/agent.sock" }],
    ["a socket whose path is relative", { ROLE_AGENT_SOCK: "agent.sock" }],
    ["a process of the agent's own", { ROLE_AGENT_ISSUING: "deploy" }],
    ["without a home", { XDG_RUNTIME_DIR: undefined, HOME: undefined }],
  ])("leaves to the program: %s", async (_what, env) => {
    expect(await launch(await agentWithCredentials(), "credentials deploy", env)).toMatchObject({ code: 99 });
  });
});

describe("role-agent credentials ROLE asks nobody, and leaves it to the program,", () => {
  it.each<[where: string, change: (directory: string) => void]>([
    ["in a directory that others may write in", (directory) => chmodSync(directory, 0o777)],
    ["in a directory that a group may write in", (directory) => chmodSync(directory, 0o720)],
    [
      "by way of a link in the directory's place",
      (directory) => {
        renameSync(directory, `${directory}-moved`);
        symlinkSync(`${directory}-moved`, directory);
      },
    ],
  ])("%s", async (_where, change) => {
    const world = await agentWithCredentials();
    expect(await launch(world, "credentials deploy")).toMatchObject({ code: 0 });
    change(dirname(world.socketPath));
    expect(await launch(world, "credentials deploy")).toMatchObject({ code: 99 });
  });

  it("at a file that is no socket", async () => {
    const world = await createWorld();
    const directory = dirname(world.socketPath);
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    writeFileSync(world.socketPath, "");
    expect(await launch(world, "credentials deploy")).toMatchObject({ code: 99 });
  });
});
