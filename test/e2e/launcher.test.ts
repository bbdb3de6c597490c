import { execFile } from "node:child_process";
import { accessSync, mkdirSync, symlinkSync } from "node:fs";
import { delimiter, join } from "node:path";
import { describe, expect, it } from "vitest";
import { roleAgentLauncher } from "../support/agent-process.ts";
import { createWorld, type CommandResult, type World } from "../support/world.ts";

/** The launcher as npm links it, where there is a Node but no curl. */
async function launch(world: World, ...args: readonly string[]): Promise<CommandResult> {
  const programs = join(world.home, "programs");
  mkdirSync(programs);
  const link = join(programs, "role-agent");
  symlinkSync(roleAgentLauncher, link);
  symlinkSync(process.execPath, join(programs, "node"));
  for (const tool of ["base64", "dirname", "grep", "ls", "readlink", "tr"])
    symlinkSync(find(tool), join(programs, tool));
  const options = { env: { ...world.env, PATH: programs }, cwd: world.home };
  return new Promise((resolve) => {
    const child = execFile(link, args, options, (_error, stdout, stderr) =>
      resolve({ stdout, stderr, code: child.exitCode ?? -1 }),
    );
  });
}

function find(tool: string): string {
  const files = (process.env["PATH"] ?? "").split(delimiter).map((directory) => join(directory, tool));
  const found = files.find((file) => {
    try {
      accessSync(file);
      return true;
    } catch {
      return false;
    }
  });
  if (found === undefined) throw new Error(`${tool} is nowhere`);
  return found;
}

describe("role-agent, as npm links it, without curl", () => {
  it("prints the credentials that the agent has", async () => {
    const world = await createWorld();
    await world.startAgent();
    const { AccessKeyId } = await world.client.credentials("deploy");
    const { stdout, stderr, code } = await launch(world, "credentials", "deploy");
    expect({ stderr, code }).toEqual({ stderr: "", code: 0 });
    expect(JSON.parse(stdout)).toMatchObject({ Version: 1, AccessKeyId });
  });

  it("passes on the arguments, the working directory and the exit code", async () => {
    const world = await createWorld();
    await world.startAgent();
    const script =
      "process.stdout.write(JSON.stringify([process.cwd(), ...process.argv.slice(1)])); process.exit(7)";
    const args = ["exec", "deploy", "--", "node", "-e", script, "a b", "", "$HOME"];
    const { stdout, code } = await launch(world, ...args);
    expect({ said: JSON.parse(stdout), code }).toEqual({ said: [world.home, "a b", "", "$HOME"], code: 7 });
  });

  it("passes on every variable, also those that no shell could have", async () => {
    const world = await createWorld();
    await world.startAgent();
    const odd = { "spring.url": "a\nb", "INPUT_A-B": "é", "BASH_FUNC_f%%": "() { :; }", program: "mine" };
    Object.assign(world.env, odd);
    const script = "process.stdout.write(JSON.stringify(process.env))";
    const { stdout } = await launch(world, "exec", "deploy", "--", "node", "-e", script);
    const seen: Record<string, string> = JSON.parse(stdout);
    expect(seen).toMatchObject(odd);
    expect(Object.keys(seen).filter((name) => name.includes("LOST"))).toEqual([]);
  });

  it("says why there are no credentials, with the exit code of the program", async () => {
    const world = await createWorld();
    world.env["ROLE_AGENT_AUTOSTART"] = "0";
    const { stdout, stderr, code } = await launch(world, "credentials", "deploy");
    expect({ stdout, code }).toEqual({ stdout: "", code: 3 });
    expect(stderr).toMatch(/^role-agent: credentials: no agent is running.*\nhint: role-agent start/);
  });
});
