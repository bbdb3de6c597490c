import { mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { Agent, request } from "node:http";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it, onTestFinished } from "vitest";
import { endpoint, endpointsOf, roleOf } from "../support/endpoints.ts";
import {
  backgroundLog,
  startInBackground,
  successorOf,
  worldInBackground,
  type BackgroundWorld,
} from "../support/handover.ts";
import { askDoor, passphrase } from "../support/lock.ts";
import { createKeysWorld, identity, runWith } from "../support/keys.ts";
import { endAgent, untilGone } from "../support/processes.ts";
import { createWorld, deployConfig, type World } from "../support/world.ts";

const anyPort = "127.0.0.1:0";

function files({ socketPath }: World): readonly string[] {
  return readdirSync(dirname(socketPath)).filter((name) => name !== "tokens");
}

describe("an agent that is restarted", () => {
  it("leaves no session of a role that the configuration now asks for differently", async () => {
    const world = await worldInBackground();
    const before = await world.client.credentials("deploy");
    world.configure(`${deployConfig}duration_seconds = 1800\n`);
    expect((await world.run("restart")).code).toBe(0);
    expect((await world.client.credentials("deploy")).AccessKeyId).not.toBe(before.AccessKeyId);
  });

  it("keeps tokens of IMDS good, and a session name with the pid in it", async () => {
    const world = await createWorld();
    world.configure(
      `${deployConfig}role_session_name = "agent-{pid}"\n${endpoint("imds", anyPort, "deploy")}`,
    );
    await startInBackground(world);
    const before = await world.client.credentials("deploy");
    const [door] = await endpointsOf(world, 1);
    const [host = "", port = ""] = door?.address.split(":") ?? [];
    const ttl = { "x-aws-ec2-metadata-token-ttl-seconds": "60" };
    const token = await askDoor({ host, port }, "/latest/api/token", { method: "PUT", headers: ttl });
    expect((await world.run("restart")).code).toBe(0);
    const path = "/latest/meta-data/iam/security-credentials/deploy";
    const answer = await askDoor({ host, port }, path, {
      headers: { "x-aws-ec2-metadata-token": token.body },
    });
    expect(answer).toMatchObject({ status: 200 });
    expect(answer.body).toContain(before.AccessKeyId);
  });

  it("still opens the key file with the passphrase that it was started with", async () => {
    const world = await createKeysWorld();
    delete world.env["CREDENTIALS_DIRECTORY"];
    await world.keys(["add", "alice", "--passphrase-fd", "3"], {
      stdin: world.keyLines,
      passphrase: identity,
    });
    await runWith(world.env, ["start", "--passphrase-fd", "3"], { passphrase: identity });
    onTestFinished(() => endAgent(world.client));
    const before = await world.client.credentials("keyed");
    expect(await world.run("restart")).toMatchObject({ code: 0, stderr: "" });
    expect(await world.client.credentials("keyed")).toEqual(before);
    expect((await world.client.refresh("keyed")).AccessKeyId).not.toBe(before.AccessKeyId);
  });

  it("stays locked, with the same passphrase, and has no session when it is unlocked", async () => {
    const world = await worldInBackground();
    const before = await world.client.credentials("deploy");
    await world.client.lock(passphrase, { whenIdleSeconds: 3600 });
    await world.client.lock();
    const { lockedSince, lockWhenIdleSeconds } = await world.client.status();
    expect((await world.run("restart")).code).toBe(0);
    expect(await world.client.status()).toMatchObject({ lockedSince, lockWhenIdleSeconds });
    expect(lockedSince).not.toBeNull();
    await expect(world.client.credentials("deploy")).rejects.toMatchObject({ code: "Locked" });
    await expect(world.client.unlock("another one")).rejects.toMatchObject({ code: "Unauthorized" });
    await world.client.unlock(passphrase);
    expect((await world.client.credentials("deploy")).AccessKeyId).not.toBe(before.AccessKeyId);
  });

  it("gives nobody a session once its successor is locked, not even over a connection from before", async () => {
    const world = await worldInBackground(endpoint("container", anyPort, "deploy"));
    const [door] = await endpointsOf(world, 1);
    if (door === undefined) throw new Error("no door");
    const { uri, tokenFile } = roleOf(door, "deploy");
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    onTestFinished(() => agent.destroy());
    const ask = (): Promise<number | undefined> =>
      new Promise((resolve) => {
        const headers = { authorization: readFileSync(tokenFile, "utf8") };
        const call = request(uri, { agent, headers }, (response) => {
          response.resume().on("end", () => resolve(response.statusCode));
        });
        // The connection is gone, and with it what could be had over it.
        call.on("error", () => resolve(undefined));
        call.end();
      });
    expect(await ask()).toBe(200);
    await world.client.restart();
    await world.client.lock(passphrase);
    await sleep(50);
    expect(await ask()).not.toBe(200);
  });
});

describe("an agent that is restarted where a door's socket can't be replaced", () => {
  it("loses no session, and its successor says what is in the way of the door", async () => {
    const world = await worldInBackground(endpoint("socket", "door.sock", "deploy"));
    const [door] = await endpointsOf(world, 1);
    const { AccessKeyId } = await world.client.credentials("deploy");
    rmSync(door?.address ?? "");
    mkdirSync(door?.address ?? "");
    expect(await world.run("restart")).toMatchObject({ code: 0, stderr: "" });
    expect((await world.client.credentials("deploy")).AccessKeyId).toBe(AccessKeyId);
    while ((await world.client.status()).endpoints[0]?.lastError === null) await sleep(50);
    expect((await world.client.status()).endpoints[0]?.lastError?.message).toMatch(
      /was removed or replaced|is there already/,
    );
  });
});

describe("an agent goes on, and says why,", () => {
  it("where config.toml is broken by now", async () => {
    const world = await worldInBackground();
    world.configure("[roles.deploy]\nrole_arn = 1\n");
    const { code, stderr } = await world.run("restart");
    expect(code).toBe(1);
    expect(stderr).toContain("role-agent: restart: the agent goes on as it is");
    expect(stderr).toContain("config.toml:2: roles.deploy.role_arn");
    expect(backgroundLog(world)).toContain("not restarted");
    await expectSame(world);
  });

  it("where its successor is killed, at whatever moment before it is the agent", async () => {
    const world = await worldInBackground();
    let survived = 0;
    for (let delay = 0; ; delay += 40) {
      const restarted = world.client.restart().catch((error: unknown) => error);
      const successor = await successorOf(world.pid);
      await sleep(delay);
      process.kill(successor, "SIGKILL");
      const failure = await restarted;
      if (failure === undefined) {
        // It was the agent already.
        await untilGone([successor]);
        break;
      }
      expect(failure).toMatchObject({ message: expect.stringContaining("ended by SIGKILL") });
      await expectSame(world);
      survived += 1;
    }
    expect(survived).toBeGreaterThan(0);
    expect((await world.run("start")).code).toBe(0);
  });

  it("where its successor hangs", async () => {
    const world = await worldInBackground();
    const restarted = world.run("restart");
    const successor = await successorOf(world.pid);
    process.kill(successor, "SIGSTOP");
    expect(await restarted).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("not ready within 10 s"),
    });
    await untilGone([successor]);
    await expectSame(world);
  });

  it("where it is locked before its successor is ready", async () => {
    const world = await worldInBackground();
    const restarted = world.client.restart().catch((error: unknown) => error);
    const successor = await successorOf(world.pid);
    process.kill(successor, "SIGSTOP");
    await world.client.lock(passphrase);
    process.kill(successor, "SIGCONT");
    expect(await restarted).toMatchObject({
      message: expect.stringContaining("locked or unlocked meanwhile"),
    });
    expect(await world.client.status()).toMatchObject({ pid: world.pid, lockedSince: expect.any(String) });
  });

  it("where it runs in the foreground", async () => {
    const world = await createWorld();
    const agent = await world.startAgent();
    const { code, stderr } = await world.run("restart");
    expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining("foreground") });
    expect((await world.client.status()).pid).toBe(agent.pid);
  });
});

async function expectSame(world: BackgroundWorld): Promise<void> {
  expect((await world.client.status()).pid).toBe(world.pid);
  await world.client.credentials("deploy");
  expect(world.sandbox.calls.count("AssumeRole")).toBe(1);
  expect(files(world)).toEqual(["agent.sock"]);
}
