import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { describe, expect, it } from "vitest";
import { roleAgentProgram } from "../support/agent-process.ts";
import { createMfaRole, enableDevice } from "../support/mfa.ts";
import { createWorld, deployConfig, type World } from "../support/world.ts";

/** A world with ten roles behind one device, and one role that needs none. */
async function mfaWorld(extra = ""): Promise<{ world: World; serial: string; names: string[] }> {
  const world = await createWorld();
  const serial = await enableDevice(world.sandbox);
  const names = Array.from({ length: 10 }, (_, index) => `role${index}`);
  const tables: string[] = [];
  for (const name of names) {
    const arn = await createMfaRole(world.sandbox, name);
    tables.push(
      `[roles.${name}]\nrole_arn = "${arn}"\nsource_profile = "sandbox"\nmfa_serial = "${serial}"\n${extra}`,
    );
  }
  world.configure(deployConfig + tables.join("\n"));
  return { world, serial, names };
}

describe("ten roles behind one MFA device", () => {
  it("are opened for a hundred clients by one code, and other roles never wait", async () => {
    const { world, serial, names } = await mfaWorld();
    await world.startAgent();
    const clients = Array.from({ length: 10 }, () => names).flat();
    const refusals = await Promise.allSettled(clients.map((name) => world.client.credentials(name)));
    for (const refusal of refusals) {
      expect(refusal).toMatchObject({ reason: { code: "MfaRequired", hint: "role-agent mfa role0" } });
    }
    expect(world.sandbox.calls.count("GetSessionToken")).toBe(0);
    await world.client.credentials("deploy");

    const code = world.sandbox.mfaCode(serial);
    expect(await world.run("mfa", code)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("the code was accepted"),
    });
    const documents = await Promise.all(clients.map((name) => world.client.credentials(name)));
    expect(new Set(documents.map((document) => document.AccessKeyId)).size).toBe(10);
    expect(world.sandbox.calls.count("GetSessionToken")).toBe(1);
    expect(world.sandbox.calls.count("AssumeRole", "ok")).toBe(11);

    await world.client.refresh("role0");
    expect(world.sandbox.calls.count("GetSessionToken")).toBe(1);
  });

  it("say what they wait for, to people and to programs", async () => {
    const { world, serial } = await mfaWorld();
    await world.startAgent();
    const { stderr, code } = await world.run("credentials", "role3");
    expect({ stderr, code }).toEqual({
      stderr: `role-agent: credentials: a one-time code of ${serial} is needed\nhint: role-agent mfa role0\n`,
      code: 4,
    });
    expect((await world.run("status")).stdout).toMatch(/^role3 +needs-person +- +- +-$/m);
  });

  it("keep the person's command waiting no longer than its input is open", async () => {
    const { world } = await mfaWorld();
    await world.startAgent();
    const child = spawn(process.execPath, [roleAgentProgram, "mfa", "role5"], { env: world.env });
    child.stdin.end();
    const [stderr, [code]] = await Promise.all([text(child.stderr), once(child, "exit")]);
    expect({ stderr, code }).toEqual({
      stderr:
        "one-time code for role5: \nrole-agent: mfa: no one-time code came for role5\nhint: role-agent mfa role5 CODE\n",
      code: 4,
    });
  });

  it("take the code by a prompt", async () => {
    const { world, serial } = await mfaWorld();
    await world.startAgent();
    const child = spawn(process.execPath, [roleAgentProgram, "mfa", "role5"], { env: world.env });
    child.stdin.end(`${world.sandbox.mfaCode(serial)}\n`);
    let prompt = "";
    child.stderr.on("data", (chunk) => {
      prompt += String(chunk);
    });
    const status = await new Promise((resolve) => {
      child.once("close", resolve);
    });
    expect({ status, prompt }).toEqual({ status: 0, prompt: "one-time code for role5: " });
    await world.client.credentials("role5");
  });

  it("send no code to AWS twice, and none that is no code", async () => {
    const { world, serial } = await mfaWorld();
    await world.startAgent();
    const code = world.sandbox.mfaCode(serial);
    await world.client.mfa("role0", code);
    expect(await world.run("mfa", "role0", code)).toMatchObject({
      code: 4,
      stderr: expect.stringContaining("this code was used already"),
    });
    expect((await world.run("mfa", "role0", "12345")).code).toBe(2);
    expect(world.sandbox.calls.count("GetSessionToken")).toBe(1);
    await world.client.credentials("role0");
  });

  it("stay closed after a wrong code, which AWS refuses", async () => {
    const { world, serial } = await mfaWorld();
    await world.startAgent();
    const wrong = String((Number(world.sandbox.mfaCode(serial)) + 1) % 1_000_000).padStart(6, "0");
    await expect(world.client.mfa("role0", wrong)).rejects.toMatchObject({
      code: "MfaRequired",
      message: "AWS did not accept the one-time code",
    });
    await expect(world.client.credentials("role0")).rejects.toMatchObject({ code: "MfaRequired" });
  });

  it("ask nobody where a program knows the code", async () => {
    const { world, serial } = await mfaWorld("mfa_process = '/bin/cat code.txt'\n");
    const file = join(world.home, "code.txt");
    writeFileSync(file, `${world.sandbox.mfaCode(serial)}\n`);
    const config = readFileSync(join(world.home, ".config/role-agent/config.toml"), "utf8");
    world.configure(config.replaceAll("/bin/cat code.txt", `/bin/cat ${file}`));
    await world.startAgent();
    await Promise.all([world.client.credentials("role0"), world.client.credentials("role1")]);
    expect(world.sandbox.calls.count("GetSessionToken")).toBe(1);
  });

  it("say how to look into a program that prints no code", async () => {
    const { world } = await mfaWorld("mfa_process = '/bin/echo none'\n");
    await world.startAgent();
    await expect(world.client.credentials("role0")).rejects.toMatchObject({
      code: "InvalidConfiguration",
      message: "mfa_process did not print a code of six digits",
      hint: "run it in a terminal: it must print the code and nothing else",
    });
  });
});

describe("a device that is not the user's", () => {
  it("is a mistake in the configuration that no other code helps", async () => {
    const { world, serial } = await mfaWorld();
    const config = readFileSync(join(world.home, ".config/role-agent/config.toml"), "utf8");
    world.configure(config.replaceAll(serial, serial.replace("alice", "bob")));
    await world.startAgent();
    await expect(world.client.mfa("role0", "123456")).rejects.toMatchObject({
      code: "InvalidConfiguration",
      message: expect.stringContaining("mfa/bob is no MFA device of the user"),
    });
  });
});

describe("a role that needs no MFA", () => {
  it("takes no code", async () => {
    const { world } = await mfaWorld();
    await world.startAgent();
    await expect(world.client.mfa("deploy", "123456")).rejects.toMatchObject({
      code: "InvalidConfiguration",
      message: 'role "deploy" needs no one-time code',
    });
  });

  it("is not found where its name is wrong", async () => {
    const { world } = await mfaWorld();
    await world.startAgent();
    await expect(world.client.mfa("dploy", "123456")).rejects.toMatchObject({
      code: "RoleNotFound",
      message: 'there is no role "dploy"; did you mean deploy?',
    });
  });
});
