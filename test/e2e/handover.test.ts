import { readdirSync, readFileSync } from "node:fs";
import { Agent, request } from "node:http";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it, onTestFinished } from "vitest";
import { endpoint, endpointsOf, roleOf } from "../support/endpoints.ts";
import { backgroundLog, loopingClients, startInBackground, successorOf } from "../support/handover.ts";
import { askDoor, passphrase } from "../support/lock.ts";
import { createKeysWorld, identity, runWith } from "../support/keys.ts";
import { untilGone } from "../support/processes.ts";
import { temporaryDirectory } from "../support/temporary.ts";
import { createWorld, deployConfig, type World } from "../support/world.ts";

const anyPort = "127.0.0.1:0";

/** An agent in the background that holds a session of `deploy`, with these doors. */
async function worldWithSession(...endpoints: readonly string[]): Promise<World & { readonly pid: number }> {
  const world = await createWorld();
  world.configure(deployConfig + endpoints.join(""));
  const { pid } = await startInBackground(world);
  await world.client.credentials("deploy");
  await endpointsOf(world, endpoints.length);
  return { ...world, pid };
}

function files({ socketPath }: World): readonly string[] {
  return readdirSync(dirname(socketPath)).filter((name) => name !== "tokens");
}

describe("an agent that is restarted", () => {
  it("fails no request of clients that never ask twice, twenty times, and does not ask AWS", async () => {
    const restricted = join(temporaryDirectory(), "restricted", "agent.sock");
    const world = await worldWithSession(
      endpoint("container", anyPort, "deploy"),
      endpoint("socket", restricted, "deploy"),
    );
    const [door] = await endpointsOf(world, 2);
    if (door === undefined) throw new Error("no door");
    const { uri, tokenFile } = roleOf(door, "deploy");
    world.sandbox.fault("AssumeRole", { kind: "status", status: 503 });
    const calls = world.sandbox.calls.count("AssumeRole");
    const tallies = [
      loopingClients("looping-client.js", world.env, world.socketPath, "15", "5"),
      loopingClients(
        "looping-strict-client.js",
        world.env,
        "20",
        world.socketPath,
        uri,
        readFileSync(tokenFile, "utf8"),
      ),
    ];
    const pids = [world.pid];
    for (let round = 0; round < 20; round += 1) {
      expect(await world.run("restart")).toMatchObject({ code: 0, stderr: "" });
      pids.push((await world.client.status()).pid);
      expect((await askDoor({ socketPath: restricted }, "/v1/credentials/deploy")).status).toBe(200);
    }
    for (const tally of tallies) {
      const { ok, failures } = await tally();
      expect(failures).toEqual([]);
      expect(ok).toBeGreaterThan(1000);
    }
    expect(new Set(pids).size).toBe(21);
    expect(world.sandbox.calls.count("AssumeRole")).toBe(calls);
    await untilGone(pids.slice(0, -1));
    expect(files(world)).toEqual(["agent.sock"]);
    expect(readdirSync(dirname(restricted))).toEqual(["agent.sock"]);
  });

  it("leaves no session of a role that the configuration now asks for differently", async () => {
    const world = await worldWithSession();
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
    onTestFinished(async () => void (await world.run("stop")));
    const before = await world.client.credentials("keyed");
    expect(await world.run("restart")).toMatchObject({ code: 0, stderr: "" });
    expect(await world.client.credentials("keyed")).toEqual(before);
    expect((await world.client.refresh("keyed")).AccessKeyId).not.toBe(before.AccessKeyId);
  });

  it("stays locked, with the same passphrase, and has no session when it is unlocked", async () => {
    const world = await worldWithSession();
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
    const world = await worldWithSession(endpoint("container", anyPort, "deploy"));
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

describe("an agent goes on, and says why,", () => {
  it("where config.toml is broken by now", async () => {
    const world = await worldWithSession();
    world.configure("[roles.deploy]\nrole_arn = 1\n");
    const { code, stderr } = await world.run("restart");
    expect(code).toBe(1);
    expect(stderr).toContain("role-agent: restart: the agent goes on as it is");
    expect(stderr).toContain("config.toml:2: roles.deploy.role_arn");
    expect(backgroundLog(world)).toContain("not restarted");
    await expectSame(world);
  });

  it("where its successor is killed, at whatever moment", async () => {
    const world = await worldWithSession();
    for (let delay = 0; delay <= 200; delay += 40) {
      const restarted = world.client.restart().catch((error: unknown) => error);
      const successor = await successorOf(world.pid);
      await sleep(delay);
      process.kill(successor, "SIGKILL");
      expect(await restarted).toMatchObject({ message: expect.stringContaining("ended by SIGKILL") });
    }
    await expectSame(world);
  });

  it("where its successor hangs", async () => {
    const world = await worldWithSession();
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
    const world = await worldWithSession();
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

async function expectSame(world: World & { readonly pid: number }): Promise<void> {
  expect((await world.client.status()).pid).toBe(world.pid);
  await world.client.credentials("deploy");
  expect(world.sandbox.calls.count("AssumeRole")).toBe(1);
  expect(files(world)).toEqual(["agent.sock"]);
}
