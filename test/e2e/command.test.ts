import { spawn, spawnSync } from "node:child_process";
import { closeSync, existsSync, lstatSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it, onTestFinished } from "vitest";
import { roleAgentProgram } from "../support/agent-process.ts";
import { endAgent, untilGone } from "../support/processes.ts";
import { createWorld, deployArn, deployConfig, type World } from "../support/world.ts";

/** A world whose background agent, if any, is stopped at the end of the test. */
async function worldWithBackground(): Promise<World> {
  const world = await createWorld();
  onTestFinished(() => endAgent(world.client));
  return world;
}

describe("role-agent credentials", () => {
  it("starts an agent where none runs, and prints the credentials document on one line", async () => {
    const world = await worldWithBackground();
    const { stdout, stderr, code } = await world.run("credentials", "deploy");
    expect({ stderr, code }).toEqual({ stderr: "", code: 0 });
    expect(stdout.trimEnd()).not.toContain("\n");
    expect(Object.keys(JSON.parse(stdout))).toEqual([
      "Version",
      "AccessKeyId",
      "SecretAccessKey",
      "SessionToken",
      "Token",
      "Expiration",
      "AccountId",
      "RoleArn",
    ]);
    expect((await world.client.status()).roles[0]?.state).toBe("fresh");
  });

  it("with ROLE_AGENT_AUTOSTART=0 says that no agent runs, and ends with 3", async () => {
    const world = await createWorld();
    world.env["ROLE_AGENT_AUTOSTART"] = "0";
    const { stdout, stderr, code } = await world.run("credentials", "deploy");
    expect({ stdout, code }).toEqual({ stdout: "", code: 3 });
    expect(stderr).toBe(
      `role-agent: credentials: no agent is running at ${world.socketPath}\nhint: role-agent start\n`,
    );
  });

  it("prints shell lines and the whole document on request", async () => {
    const world = await createWorld();
    await world.startAgent();
    const env = await world.run("credentials", "deploy", "--format", "env");
    expect(env.stdout.split("\n").map((line) => line.split("=")[0])).toEqual([
      "export AWS_ACCESS_KEY_ID",
      "export AWS_SECRET_ACCESS_KEY",
      "export AWS_SESSION_TOKEN",
      "export AWS_CREDENTIAL_EXPIRATION",
      "",
    ]);
    const json = await world.run("credentials", "deploy", "--format", "json");
    expect(JSON.parse(json.stdout)).toMatchObject({ Version: 1, RoleArn: deployArn });
  });

  it("takes the role from ROLE_AGENT_ROLE", async () => {
    const world = await createWorld();
    await world.startAgent();
    world.env["ROLE_AGENT_ROLE"] = "deploy";
    expect((await world.run("credentials")).code).toBe(0);
  });

  it("says what AWS refused and what to check, and ends with 1", async () => {
    const world = await createWorld();
    world.configure(deployConfig.replace("team-core", "wrong"));
    await world.startAgent();
    const { stdout, stderr, code } = await world.run("credentials", "deploy");
    expect({ stdout, code }).toEqual({ stdout: "", code: 1 });
    expect(stderr).toMatch(/^role-agent: credentials: sts:AssumeRole of arn:.*AccessDenied/);
    expect(stderr).toMatch(/\nhint: .*trust policy/);
  });

  it("serves every AWS profile as the AWS CLI would resolve it, with no configuration at all", async () => {
    const world = await createWorld();
    world.configure("");
    const awsConfig = world.env["AWS_CONFIG_FILE"] ?? "";
    writeFileSync(
      awsConfig,
      `${readFileSync(awsConfig, "utf8")}
[profile app]
role_arn = ${deployArn}
source_profile = sandbox
external_id = team-core
endpoint_url = ${world.sandbox.url}
`,
    );
    await world.startAgent();
    const app = await world.run("credentials", "app", "--format", "json");
    expect(JSON.parse(app.stdout)).toMatchObject({ RoleArn: deployArn });
    const keys = await world.run("credentials", "sandbox", "--format", "json");
    expect(JSON.parse(keys.stdout)).toMatchObject({ AccessKeyId: expect.stringMatching(/^ASIA/) });
  });
});

describe("role-agent start and stop", () => {
  it("start an agent in the background, say so when it runs already, and end it", async () => {
    const world = await worldWithBackground();
    const started = await world.run("start");
    expect(started.stdout).toMatch(/^started: pid \d+, \d+ roles, /);
    expect((await world.run("start")).stdout).toMatch(/^already running: pid /);
    expect((await world.run("stop")).stdout).toMatch(/^stopped: pid \d+\n$/);
    expect(existsSync(world.socketPath)).toBe(false);
    expect((await world.run("stop")).code).toBe(3);
    expect(lstatSync(join(world.home, ".local/state/role-agent/agent.log")).mode & 0o777).toBe(0o600);
  });

  it("stop needs nobody to take note that the agent has ended, as in a container", async () => {
    const world = await createWorld();
    // What sleep inherits it never waits for: the agent stays in the process table.
    const script = '"$0" "$1" serve & exec sleep 60';
    const parent = spawn("sh", ["-c", script, process.execPath, roleAgentProgram], { env: world.env });
    onTestFinished(() => void parent.kill("SIGKILL"));
    while (!existsSync(world.socketPath)) await sleep(20);
    expect(await world.run("stop")).toMatchObject({ code: 0, stderr: "" });
  });

  it("start shows what the agent says when it can't, and ends with 2 at once", async () => {
    const world = await createWorld();
    world.configure("[roles.deploy]\nrole_arm = 1\n");
    const start = performance.now();
    const { stderr, code } = await world.run("start");
    expect(performance.now() - start).toBeLessThan(8000);
    expect(code).toBe(2);
    expect(stderr).toMatch(/config\.toml:2: roles\.deploy\.role_arm: /);
  });
});

describe("a command with --config", () => {
  it("is refused by an agent that serves another file, and may name the same one in any way", async () => {
    const world = await worldWithBackground();
    const other = join(world.home, "other.toml");
    writeFileSync(other, deployConfig);
    await world.startAgent();
    for (const command of [["start"], ["credentials", "deploy"]]) {
      const { stdout, stderr, code } = await world.run(...command, "--config", other);
      expect({ stdout, code }).toEqual({ stdout: "", code: 2 });
      expect(stderr).toContain(`serves ${world.home}/.config/role-agent/config.toml, not ${other}`);
      expect(stderr).toMatch(/^hint: /m);
    }
    const same = relative(process.cwd(), join(world.home, ".config", "role-agent", "config.toml"));
    expect((await world.run("credentials", "deploy", "--config", same)).code).toBe(0);
  });

  it("starts an agent for that file", async () => {
    const world = await worldWithBackground();
    const other = join(world.home, "other.toml");
    writeFileSync(other, deployConfig.replace("deploy", "second"));
    const { code } = await world.run("credentials", "second", "--config", relative(process.cwd(), other));
    expect(code).toBe(0);
    expect(await world.client.status()).toMatchObject({ config: other });
  });
});

describe("role-agent status and roles", () => {
  it("show the roles for people and for programs", async () => {
    const world = await createWorld();
    await world.startAgent();
    const { AccessKeyId } = await world.client.credentials("deploy");
    const status = await world.run("status");
    expect(status.stdout).toMatch(
      new RegExp(`^deploy +fresh +${AccessKeyId} +in (59|60) min +in \\d+ min$`, "m"),
    );
    expect(JSON.parse((await world.run("status", "--json")).stdout)).toMatchObject({
      socket: world.socketPath,
      endpoints: [],
      roles: [
        { name: "deploy", roleArn: deployArn, state: "fresh", accessKeyId: AccessKeyId, lastError: null },
        {},
        {},
      ],
    });
    expect((await world.run("roles")).stdout).toMatch(
      new RegExp(`^deploy +assume-role +${deployArn} +profile sandbox `, "m"),
    );
    expect(JSON.parse((await world.run("roles", "--json")).stdout)).toMatchObject({
      roles: [{ name: "deploy", type: "assume-role", source: "profile sandbox", problem: null }, {}, {}],
    });
  });

  it("tell what went wrong last, and what to do", async () => {
    const world = await createWorld();
    await world.startAgent();
    world.sandbox.fault("AssumeRole", { kind: "status", status: 403, code: "AccessDenied" });
    await world.client.credentials("deploy").catch(() => undefined);
    const { stdout } = await world.run("status");
    expect(stdout).toMatch(/^deploy +denied +- +- +in \d+ min$/m);
    expect(stdout).toMatch(/^deploy: AccessDenied at .*sts:AssumeRole/m);
    expect(stdout).toMatch(/^hint: .*policy/m);
    expect(stdout).toMatch(/^hint: role-agent refresh deploy tries again at once$/m);
  });
});

describe("output that can't be written", () => {
  it("is a failure, also of credentials that the agent has", async () => {
    const world = await createWorld();
    await world.startAgent();
    await world.client.credentials("deploy");
    const full = openSync("/dev/full", "w");
    onTestFinished(() => closeSync(full));
    for (const line of ["credentials deploy", "status", "--help"]) {
      const command = [roleAgentProgram, ...line.split(" ")];
      const { status, stderr } = spawnSync(process.execPath, command, {
        env: world.env,
        stdio: ["ignore", full, "pipe"],
        encoding: "utf8",
      });
      expect({ line, status, stderr }).toEqual({
        line,
        status: 1,
        stderr: "role-agent: the output can't be written: ENOSPC\n",
      });
    }
  });
});

describe("role-agent status --watch", () => {
  it("shows the roles again and again until it is interrupted", async () => {
    const world = await createWorld();
    await world.startAgent();
    const watching = spawn(process.execPath, [roleAgentProgram, "status", "--json", "--watch"], {
      env: world.env,
    });
    const states: unknown[] = [];
    for await (const line of createInterface(watching.stdout)) {
      states.push(JSON.parse(line).roles[0].state);
      if (states.length === 1) await world.client.credentials("deploy");
      if (states.at(-1) === "fresh") break;
    }
    watching.kill("SIGINT");
    expect(states[0]).toBe("idle");
  });
});

describe("role-agent refresh", () => {
  it("brings a new session", async () => {
    const world = await createWorld();
    await world.startAgent();
    const { AccessKeyId } = await world.client.credentials("deploy");
    const { stdout } = await world.run("refresh", "deploy");
    expect(stdout).toMatch(/^deploy: new session, key ASIA\w+, valid until /);
    expect((await world.client.credentials("deploy")).AccessKeyId).not.toBe(AccessKeyId);
  });
});

describe("role-agent reload", () => {
  it("takes a changed role anew and leaves the session of an unchanged one alone", async () => {
    const world = await createWorld();
    await world.startAgent();
    const { AccessKeyId } = await world.client.credentials("deploy");
    world.configure(`${deployConfig}\n${deployConfig.replace("deploy", "second")}`);
    expect((await world.run("reload")).stdout).toBe("reloaded: 4 roles\n");
    expect((await world.client.credentials("deploy")).AccessKeyId).toBe(AccessKeyId);
    await world.client.credentials("second");
    expect(world.sandbox.calls.count("AssumeRole")).toBe(2);
  });

  it("of a broken file names file, line and key, ends with 2, and the old configuration stays in force", async () => {
    const world = await createWorld();
    const agent = await world.startAgent();
    world.configure(`${deployConfig}duration_secs = 900\n`);
    const { stderr, code } = await world.run("reload");
    expect(code).toBe(2);
    expect(stderr).toMatch(/config\.toml:6: roles\.deploy\.duration_secs: .*did you mean "duration_seconds"/);
    await world.client.credentials("deploy");
    agent.signal("SIGHUP");
    while (agent.log.match(/not reloaded, the old one stays/g)?.length !== 2) await world.client.status();
    await world.client.credentials("deploy");
  });
});

describe("role-agent", () => {
  it.each([
    [["credentails"], /there is no command "credentails"; did you mean credentials\?/],
    [["credentials"], /ROLE is missing/],
    [["credentials", "a", "b"], /unexpected argument "b"/],
    [["credentials", "a", "--formt", "env"], /--formt/],
    [["credentials", "a", "--format", "xml"], /--format takes process, env or json/],
    [["status", "--socket", `/tmp/${"x".repeat(120)}`], /the limit is 10[37]/],
    [["status", "--socket", ""], /--socket takes a path/],
    [["serve", "--config", ""], /--config takes a path/],
    [["serve", "--config", "/nonexistent/config.toml"], /\/nonexistent\/config\.toml/],
  ])("ends with 2 for the wrong command line %j", async (args, message) => {
    const world = await createWorld();
    const { stdout, stderr, code } = await world.run(...args);
    expect({ stdout, code }).toEqual({ stdout: "", code: 2 });
    expect(stderr).toMatch(message);
  });

  it("has a help with an example for every command", async () => {
    const world = await createWorld();
    const overview = await world.run("--help");
    expect(overview).toMatchObject({ code: 0, stderr: "" });
    for (const name of [
      "serve",
      "start",
      "stop",
      "reload",
      "status",
      "roles",
      "credentials",
      "refresh",
      "sandbox",
    ]) {
      expect(overview.stdout).toContain(name);
      const help = await world.run(name, "--help");
      expect(help).toMatchObject({ code: 0, stderr: "" });
      expect(help.stdout).toMatch(/example/i);
    }
  });

  it("tells its version", async () => {
    const world = await createWorld();
    expect((await world.run("--version")).stdout).toMatch(/^role-agent \d+\.\d+\.\d+\n$/);
  });
});

describe("role-agent sandbox", () => {
  it("has an agent of its own, which ends after it, and leaves the user's alone", async () => {
    const world = await createWorld();
    const script = `
      const { execFileSync } = require("node:child_process");
      const ask = (...args) => execFileSync(process.execPath, [${JSON.stringify(roleAgentProgram)}, ...args], { encoding: "utf8" });
      const { AccessKeyId } = JSON.parse(ask("credentials", "sandbox"));
      const { pid, socket } = JSON.parse(ask("status", "--json"));
      console.log(JSON.stringify({ AccessKeyId, pid, socket }));`;
    world.configure("");
    const { stdout, stderr } = await world.run("sandbox", "--", process.execPath, "-e", script);
    expect(stderr).toBe("");
    const { AccessKeyId, pid, socket } = JSON.parse(stdout);
    expect(AccessKeyId).toMatch(/^ASIA/);
    expect(socket).not.toBe(world.socketPath);
    expect(existsSync(world.socketPath)).toBe(false);
    await untilGone([pid]);
  });

  it("runs a command in its environment and ends as the command does", async () => {
    const world = await createWorld();
    const script = "console.log(process.env.AWS_ENDPOINT_URL); process.exit(7)";
    const { stdout, code } = await world.run("sandbox", "--", process.execPath, "-e", script);
    expect(stdout).toMatch(/^http:\/\/127\.0\.0\.1:\d+\n$/);
    expect(code).toBe(7);
  });
});
