import { chmodSync } from "node:fs";
import { dirname } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { AgentProcess, roleAgentProgram } from "../support/agent-process.ts";
import { endpoint } from "../support/endpoints.ts";
import { createWorld, deployConfig, type CommandResult, type World } from "../support/world.ts";

interface Report {
  readonly ok: boolean;
  readonly findings: readonly {
    readonly level: string;
    readonly subject: string;
    readonly message: string;
    readonly hint: string | null;
  }[];
}

function report({ stdout, stderr }: CommandResult): Report {
  expect(stderr).toBe("");
  return JSON.parse(stdout);
}

/** The findings that are no praise. */
function complaints(result: CommandResult): Report["findings"] {
  return report(result).findings.filter(({ level }) => level !== "ok");
}

async function worldWithAgent(): Promise<World> {
  const world = await createWorld();
  await world.startAgent();
  return world;
}

describe("role-agent check", () => {
  it("finds nothing wrong where all is well, and says what it looked at", async () => {
    const world = await worldWithAgent();
    const { code, stdout, stderr } = await world.run("check", "deploy");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    for (const subject of ["config", "agent", "clock", "socket", "role deploy", "hardening no-inspector"])
      expect(stdout).toMatch(new RegExp(`^ok +${subject} `, "m"));
    expect(report(await world.run("check", "--json")).ok).toBe(true);
  });

  it("tells a role that AWS refuses, with what to do, and ends with 1", async () => {
    const world = await worldWithAgent();
    world.configure(deployConfig.replace("team-core", "team-wrong"));
    await world.client.reload();
    const result = await world.run("check", "deploy", "--json");
    expect(result.code).toBe(1);
    expect(complaints(result)).toEqual([
      {
        level: "wrong",
        subject: "role deploy",
        message: expect.stringContaining("AccessDenied: "),
        hint: expect.any(String),
      },
    ]);
    // Now the agent knows by itself.
    expect(complaints(await world.run("check", "--json"))).toMatchObject([
      { level: "wrong", subject: "role deploy", message: expect.stringMatching(/^denied: AccessDenied: /) },
    ]);
    const text = (await world.run("check")).stdout;
    expect(text).toMatch(/^wrong +role deploy +denied: AccessDenied: .*\n +hint: /m);
  });

  it("tells what is wrong in the file, while the agent goes on with the one before", async () => {
    const world = await worldWithAgent();
    world.configure("[roles.deploy]\nrole_arm = 1\n");
    const result = await world.run("check", "--json");
    expect(result.code).toBe(1);
    expect(complaints(result)).toMatchObject([
      { level: "wrong", subject: "config", message: expect.stringContaining("config.toml:2") },
    ]);
    expect(report(result).findings).toContainEqual(
      expect.objectContaining({ subject: "agent", level: "ok" }),
    );
  });

  it("starts no agent with a broken file, and tells of the file alone that it is wrong", async () => {
    const world = await createWorld();
    world.configure("[roles.deploy]\nrole_arm = 1\n");
    const result = await world.run("check", "--json");
    expect(result.code).toBe(1);
    expect(complaints(result).map(({ subject }) => subject)).toEqual(["config", "agent"]);
    await expect(world.client.status()).rejects.toMatchObject({ code: "AgentUnreachable" });
  });

  it("tells that the socket, and where the file is, were opened to others", async () => {
    const world = await worldWithAgent();
    const configDirectory = `${world.home}/.config/role-agent`;
    chmodSync(world.socketPath, 0o666);
    chmodSync(dirname(world.socketPath), 0o755);
    chmodSync(configDirectory, 0o777);
    const result = await world.run("check", "--json");
    expect(result.code).toBe(1);
    expect(complaints(result).map(({ level, hint }) => [level, hint])).toEqual([
      ["wrong", `chmod go-w ${configDirectory}`],
      ["wrong", `chmod 700 ${dirname(world.socketPath)}`],
      ["wrong", `chmod 600 ${world.socketPath}`],
    ]);
  });

  it("tells of an endpoint that is shut; hardening that is missing is a note, and nothing wrong", async () => {
    const world = await createWorld();
    world.configure(deployConfig + endpoint("container", "127.0.0.1:0", "deploy"));
    const command = [process.execPath, "--no-addons", roleAgentProgram, "serve"] as const;
    const agent = new AgentProcess(world.env, world.socketPath, command);
    onTestFinished(async () => void (await agent.end("SIGKILL")));
    await agent.ready();
    const missing = await world.run("check", "deploy", "--json");
    expect(missing.code).toBe(0);
    expect(complaints(missing)).toContainEqual({
      level: "note",
      subject: "hardening memory-closed",
      message: expect.stringContaining("not in force: "),
      hint: null,
    });
    const taken = (await world.client.status()).endpoints[0]?.address ?? "";
    world.configure(
      deployConfig + endpoint("container", "127.0.0.1:0", "deploy") + endpoint("imds", taken, "deploy"),
    );
    await world.client.reload();
    const shut = await world.run("check", "deploy", "--json");
    expect(shut.code).toBe(1);
    expect(complaints(shut).filter(({ level }) => level === "wrong")).toEqual([
      {
        level: "wrong",
        subject: `endpoint ${taken}`,
        message: expect.stringContaining("another program does"),
        hint: expect.any(String),
      },
    ]);
  });

  it("says that no agent is running where it may start none", async () => {
    const world = await createWorld();
    world.env["ROLE_AGENT_AUTOSTART"] = "0";
    const result = await world.run("check", "--json");
    expect(result.code).toBe(1);
    expect(complaints(result)).toMatchObject([{ level: "wrong", subject: "agent" }]);
  });
});
