import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { endAgent } from "../support/processes.ts";
import { createWorld, type World } from "../support/world.ts";

/** A world without a config.toml, not even its directory. */
async function bareWorld(): Promise<{ world: World; config: string }> {
  const world = await createWorld();
  rmSync(join(world.home, ".config"), { recursive: true });
  return { world, config: join(world.home, ".config", "role-agent", "config.toml") };
}

describe("role-agent init", () => {
  it("writes a config.toml for this user alone, which the agent takes as it is", async () => {
    const { world, config } = await bareWorld();
    expect(await world.run("init")).toMatchObject({ code: 0, stdout: `written: ${config}\n`, stderr: "" });
    expect(statSync(config).mode & 0o777).toBe(0o600);
    expect(statSync(join(config, "..")).mode & 0o777).toBe(0o700);
    expect(readFileSync(config, "utf8")).toMatch(/^# {3}sandbox: profile, profile sandbox$/m);
    await world.startAgent();
    expect((await world.client.credentials("sandbox")).AccessKeyId).toMatch(/^ASIA/);
  });

  it("has comments that are a configuration when they are none any more", async () => {
    const { world, config } = await bareWorld();
    const { stdout } = await world.run("init", "--print");
    mkdirSync(join(config, ".."), { recursive: true });
    const uncommented = stdout
      .replaceAll(/^# (?=\[roles|\w+ = )/gm, "")
      .replace(/^policy_file.*$/m, 'policy = "{}"');
    expect(uncommented).toContain("\nprefetch");
    writeFileSync(config, uncommented);
    const { stderr } = await world.run("roles");
    expect(stderr).toBe("");
    await endAgent(world.client);
  });

  it("changes nothing where there is a config.toml, and says so", async () => {
    const { world, config } = await bareWorld();
    await world.run("init");
    writeFileSync(config, "# mine\n");
    expect(await world.run("init")).toMatchObject({
      code: 2,
      stderr: `role-agent: init: ${config} is there already\nhint: role-agent init --print shows what would be written\n`,
    });
    expect(readFileSync(config, "utf8")).toBe("# mine\n");
  });

  it("leaves ~/.aws/config alone where nobody can be asked", async () => {
    const { world } = await bareWorld();
    const aws = world.env["AWS_CONFIG_FILE"] ?? "";
    const before = readFileSync(aws, "utf8");
    await world.run("init");
    expect(readFileSync(aws, "utf8")).toBe(before);
  });
});

describe("role-agent roles --profiles", () => {
  it("prints lines that give the role's credentials, as a shell runs them", async () => {
    const world = await createWorld();
    await world.startAgent();
    const { stdout } = await world.run("roles", "--profiles");
    expect(stdout.match(/^\[.*\]$/gm)).toEqual([
      "[profile deploy]",
      "[profile agent-sandbox]",
      "[profile agent-sandbox-partner]",
    ]);
    const held = await world.client.credentials("deploy");
    const lines = [...stdout.matchAll(/^(?:# )?credential_process = (.*)$/gm)].slice(0, 2);
    expect(lines).toHaveLength(2);
    for (const [, line = ""] of lines) {
      const { stdout: document } = spawnSync("sh", ["-c", line], { env: world.env, encoding: "utf8" });
      expect(JSON.parse(document)).toMatchObject({ Version: 1, AccessKeyId: held.AccessKeyId });
    }
  });
});

describe("role-agent env", () => {
  it("makes a shell the role in its region, whatever its profile was", async () => {
    const world = await createWorld();
    world.env["AWS_PROFILE"] = "sandbox";
    world.env["AWS_REGION"] = "eu-west-1";
    await world.startAgent();
    const { stdout } = await world.run("env", "deploy", "--shell", "sh");
    const show = 'echo "$AWS_ACCESS_KEY_ID $AWS_REGION $AWS_DEFAULT_REGION ${AWS_PROFILE-none}"';
    const shell = spawnSync("sh", ["-c", `${stdout}${show}`], { env: world.env, encoding: "utf8" });
    const { AccessKeyId } = await world.client.credentials("deploy");
    expect(shell.stdout).toBe(`${AccessKeyId} eu-west-1 eu-west-1 none\n`);
  });

  it("knows three shells", async () => {
    const world = await createWorld();
    await world.startAgent();
    const first = async (shell: string): Promise<unknown> =>
      (await world.run("env", "deploy", "--shell", shell)).stdout.split("=")[0];
    expect(await first("fish")).toMatch(/^set -gx AWS_ACCESS_KEY_ID '/);
    expect(await first("powershell")).toBe("$env:AWS_ACCESS_KEY_ID ");
    expect(await world.run("env", "deploy", "--shell", "csh")).toMatchObject({ code: 2, stdout: "" });
  });
});
