import { readFileSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it, onTestFinished } from "vitest";
import { fromRoleAgent } from "@role-agent/provider";
import { allFresh, endpoint, endpointsOf, roleOf, twoRoles } from "../support/endpoints.ts";
import { askDoor, passphrase, runWithInput, type DoorAnswer } from "../support/lock.ts";
import { RunningCommand } from "../support/running-command.ts";
import { createRole, createWorld, deployArn, type World } from "../support/world.ts";

const locked = { code: "Locked", hint: "role-agent unlock", tryNextLink: false };
const wrong = { code: "Unauthorized" };
const inTheWay = { code: "InvalidRequest" };

/** Every door there is, for `deploy`, each as a request that a client of it would make. */
async function everyDoor(world: World): Promise<Readonly<Record<string, () => Promise<DoorAnswer>>>> {
  const [container, imds, restricted] = await endpointsOf(world, 3);
  if (container === undefined || imds === undefined || restricted === undefined) throw new Error("no doors");
  const token = readFileSync(roleOf(container, "deploy").tokenFile, "utf8");
  const own = { socketPath: world.socketPath };
  const path = "/v1/credentials/deploy";
  const instance = tcp(`http://${imds.address}`);
  const command = new RunningCommand(world.env, ["exec", "deploy", "--", "sh", "-c", printEndpoint]);
  onTestFinished(async () => {
    command.signal("SIGTERM");
    await command.exited();
  });
  const [uri = "", commandToken = ""] = [await command.line(), await command.line()];
  return {
    "the agent socket": () => askDoor(own, path),
    "a refresh": () => askDoor(own, `${path}/refresh`, { method: "POST" }),
    "a narrowed session": () => askDoor(own, path, { method: "POST", body: JSON.stringify({ policy }) }),
    "a container endpoint": () =>
      askDoor(tcp(`http://${container.address}`), "/v1/credentials", { headers: { authorization: token } }),
    "an IMDS endpoint": async () => {
      const ttl = { "x-aws-ec2-metadata-token-ttl-seconds": "60" };
      const session = await askDoor(instance, "/latest/api/token", { method: "PUT", headers: ttl });
      const headers = { "x-aws-ec2-metadata-token": session.body };
      return askDoor(instance, "/latest/meta-data/iam/security-credentials/deploy", { headers });
    },
    "a restricted socket": () => askDoor({ socketPath: restricted.address }, path),
    "the endpoint of a command": () =>
      askDoor(tcp(uri), "/v1/credentials", { headers: { authorization: commandToken } }),
  };
}

const policy = {
  Version: "2012-10-17",
  Statement: { Effect: "Allow", Action: "s3:GetObject", Resource: "*" },
};
const printEndpoint =
  'echo "$AWS_CONTAINER_CREDENTIALS_FULL_URI"; echo "$AWS_CONTAINER_AUTHORIZATION_TOKEN"; exec sleep 60';

function tcp(uri: string): { host: string; port: string } {
  const { hostname: host, port } = new URL(uri);
  return { host, port };
}

async function worldWithDoors(sessionSeconds: number): Promise<World> {
  const world = await createWorld({ sessionSeconds });
  await createRole(world.sandbox, "Ci");
  const path = join(world.home, "shared", "role-agent.sock");
  const doors = [
    endpoint("container", "127.0.0.1:0", "deploy", "ci"),
    endpoint("imds", "127.0.0.1:0", "deploy"),
    endpoint("socket", path, "deploy"),
  ];
  world.configure(twoRoles + doors.join(""));
  return world;
}

/** All bytes that `/v1/events` sends from now on. */
function followEvents({ socketPath }: World): { text: () => string } {
  let text = "";
  const call = request({ socketPath, path: "/v1/events", headers: { host: "localhost" } }, (response) => {
    response.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
    });
  }).end();
  onTestFinished(() => void call.destroy());
  return { text: () => text };
}

describe("a locked agent", () => {
  it("answers 423 on every door, without a byte of a key, asks AWS for nothing, and goes on once unlocked", async () => {
    const world = await worldWithDoors(4);
    await world.startAgent();
    await allFresh(world);
    const doors = await everyDoor(world);
    const before = await Promise.all(Object.values(doors).map((ask) => ask()));
    expect(before.map(({ status }) => status)).toEqual(before.map(() => 200));
    const events = followEvents(world);
    await world.client.lock(passphrase);
    const calls = world.sandbox.calls.count("AssumeRole");

    const answers = Object.entries(doors).map(async ([name, ask]) => [name, await ask()] as const);
    const after = Object.fromEntries(await Promise.all(answers));
    for (const { status, body } of Object.values(after)) {
      expect({ status, body: JSON.parse(body) }).toMatchObject({ status: 423, body: { code: "Locked" } });
    }
    const status = await askDoor({ socketPath: world.socketPath }, "/v1/status");
    // As long as a session lives: each would have been renewed by now.
    await sleep(4000);
    const sinceLock = events.text().slice(events.text().indexOf("event: expired"));
    const told = JSON.stringify([after, status, sinceLock]);
    expect(told).not.toMatch(/ASIA|AccessKeyId|SecretAccessKey|"Token"/);
    expect(sinceLock.match(/event: expired/g)).toHaveLength(2);
    expect(world.sandbox.calls.count("AssumeRole")).toBe(calls);

    await world.client.unlock(passphrase);
    await allFresh(world);
    const again = await Promise.all(Object.values(doors).map((ask) => ask()));
    expect(again.map(({ status: code }) => code)).toEqual(before.map(() => 200));
  });

  it("is seen in its status, and its clients are told what to do", async () => {
    const world = await createWorld();
    await world.startAgent();
    const provider = fromRoleAgent({ role: "deploy", socketPath: world.socketPath });
    await provider();
    await world.client.lock(passphrase);
    const { lockedSince, roles } = await world.client.status();
    expect(Date.parse(lockedSince ?? "")).toBeGreaterThan(Date.now() - 5000);
    expect(roles).toContainEqual({
      name: "deploy",
      roleArn: deployArn,
      state: "idle",
      accessKeyId: null,
      expiration: null,
      nextRenewal: null,
      lastError: null,
    });
    expect((await world.run("status")).stdout).toMatch(/\nlocked since \S+Z\nhint: role-agent unlock\n/);
    await expect(provider({ forceRefresh: true })).rejects.toMatchObject(locked);
    await expect(world.client.mfa("deploy", "123456")).rejects.toMatchObject({
      code: "InvalidConfiguration",
    });
    expect(await world.run("credentials", "deploy")).toEqual({
      code: 4,
      stdout: "",
      stderr: "role-agent: credentials: the agent is locked\nhint: role-agent unlock\n",
    });
  });

  it("keeps nobody waiting for what was under way", async () => {
    const world = await createWorld();
    world.sandbox.fault("AssumeRole", { kind: "hang" });
    const agent = await world.startAgent();
    const waiting = expect(world.client.credentials("deploy")).rejects.toMatchObject(locked);
    while (world.sandbox.calls.count("AssumeRole") === 0) await sleep(20);
    await world.client.lock(passphrase);
    await waiting;
    expect(agent.log).not.toContain("SourceUnavailable");
  });

  it("stays locked through a reload, stops when told to, and is open when started again", async () => {
    const world = await createWorld();
    const agent = await world.startAgent();
    await world.client.lock(passphrase);
    expect((await world.run("reload")).code).toBe(0);
    agent.signal("SIGHUP");
    await expect(world.client.credentials("deploy")).rejects.toMatchObject(locked);
    expect((await world.run("stop")).code).toBe(0);
    expect(await agent.exited()).toBe(0);
    await world.startAgent();
    expect((await world.client.credentials("deploy")).AccessKeyId).toMatch(/^ASIA/);
  });
});

describe("a wrong passphrase", () => {
  it("takes longer each time, and keeps neither the agent's other answers nor its stop waiting", async () => {
    const world = await createWorld();
    const agent = await world.startAgent();
    await world.client.lock(passphrase);
    const tries = 6;
    const start = performance.now();
    const over = new AbortController();
    const trying = (async () => {
      for (let tried = 0; tried < tries; tried += 1) {
        await expect(world.client.unlock(`${passphrase}!`)).rejects.toMatchObject(wrong);
      }
      over.abort();
    })();
    const waits: number[] = [];
    while (!over.signal.aborted) {
      const asked = performance.now();
      await world.client.status();
      waits.push(performance.now() - asked);
      await sleep(5);
    }
    await trying;
    expect(performance.now() - start).toBeGreaterThan(100 * ((tries * (tries + 1)) / 2));
    expect(median(waits)).toBeLessThan(50);
    await world.client.unlock(passphrase);
    expect((await world.client.credentials("deploy")).AccessKeyId).toMatch(/^ASIA/);
    expect(agent.log).toContain(`unlock: wrong passphrase, ${tries} in a row`);
    expect(agent.log).not.toContain("Tasse");

    await world.client.lock(passphrase);
    for (let tried = 0; tried < 3; tried += 1) await world.client.unlock("wrong").catch(() => undefined);
    const last = expect(world.client.unlock("wrong")).rejects.toBeInstanceOf(Error);
    await sleep(1000);
    await world.client.stop();
    await last;
    expect(await agent.exited()).toBe(0);
  });

  it("is looked at alone: of fifty at once one counts, and the others are refused at once", async () => {
    const world = await createWorld();
    const agent = await world.startAgent();
    await world.client.lock(passphrase);
    const outcomes = await Promise.allSettled(
      Array.from({ length: 50 }, (_each, index) => world.client.unlock(index === 49 ? passphrase : "wrong")),
    );
    const codes = outcomes.map((outcome) => outcome.status === "rejected" && outcome.reason.code);
    expect(codes.filter((code) => code === wrong.code)).toHaveLength(1);
    expect(codes.filter((code) => code === inTheWay.code)).toHaveLength(49);
    await expect(world.client.credentials("deploy")).rejects.toMatchObject(locked);
    await expect(world.client.lock("other")).rejects.toMatchObject(inTheWay);
    await world.client.unlock(passphrase);
    expect(agent.log.match(/wrong passphrase/g)).toHaveLength(1);
  });
});

describe("role-agent lock and unlock", () => {
  it("take the passphrase from the first line of standard input", async () => {
    const world = await createWorld();
    await world.startAgent();
    const run = (input: string, command: string) => runWithInput(world, input, command);
    expect(await run(`${passphrase}\nmore\n`, "lock")).toEqual({ code: 0, stdout: "locked\n", stderr: "" });
    expect(await run("wrong\n", "unlock")).toEqual({
      code: 1,
      stdout: "",
      stderr:
        "role-agent: unlock: the passphrase is wrong\nhint: try again: each wrong one takes longer, 10 s at most\n",
    });
    expect(await run(`${passphrase}\r\n`, "unlock")).toEqual({ code: 0, stdout: "unlocked\n", stderr: "" });
  });

  it("lock an idle agent, and for a screen locker that can't ask anybody", async () => {
    const world = await createWorld();
    await world.startAgent();
    const run = (input: string, ...args: string[]) => runWithInput(world, input, ...args);
    expect(await run(passphrase, "lock", "--when-idle", "2s")).toEqual({
      code: 0,
      stdout: "locks itself after 2s without a request\n",
      stderr: "",
    });
    expect((await world.run("status")).stdout).toContain("locks itself after 2s without a request\n");
    await world.client.credentials("deploy");
    while ((await world.client.status()).lockedSince === null) await sleep(100);
    await expect(world.client.credentials("deploy")).rejects.toMatchObject(locked);
    await run(passphrase, "unlock");
    expect(await run("", "lock", "--same-passphrase")).toMatchObject({ code: 0, stdout: "locked\n" });
    await world.client.unlock(passphrase);
    expect(await world.client.status()).toMatchObject({ lockedSince: null, lockWhenIdleSeconds: 2 });
  });

  it("say what is in the way", async () => {
    const world = await createWorld();
    const run = (input: string, ...args: string[]) => runWithInput(world, input, ...args);
    expect(await run("x", "lock")).toMatchObject({ code: 3, stdout: "" });
    await world.startAgent();
    expect(await run("x", "unlock")).toMatchObject({
      code: 1,
      stderr: "role-agent: unlock: the agent is not locked\nhint: role-agent status\n",
    });
    expect(await run("", "lock", "--same-passphrase")).toMatchObject({
      code: 1,
      stderr: "role-agent: lock: the agent was given no passphrase yet\nhint: role-agent lock\n",
    });
    expect(await run("x", "lock", "--when-idle", "soon")).toMatchObject({
      code: 2,
      stderr:
        'role-agent: --when-idle must be a whole number and a unit: "90s", "30m", "12h" or "1d"\nhint: role-agent lock --help\n',
    });
    await run("x", "lock");
    expect(await run("y", "lock")).toMatchObject({
      code: 1,
      stderr: "role-agent: lock: the agent is locked already\nhint: role-agent unlock\n",
    });
    expect(await run("", "unlock")).toMatchObject({
      code: 2,
      stderr: "role-agent: the passphrase is empty\nhint: role-agent unlock --help\n",
    });
    const spilled = await run("", "unlock", passphrase);
    expect(spilled).toMatchObject({ code: 2, stdout: "" });
    expect(spilled.stderr).toContain("is no argument");
    expect(spilled.stderr).not.toContain("Tasse");
  });
});

describe("the routes", () => {
  it("take a passphrase that is not empty, of 16 KiB at most", async () => {
    const world = await createWorld();
    await world.startAgent();
    const long = JSON.stringify({ passphrase: "x".repeat(17_000) });
    const idle = ["0", "-1", "1.5", "1e300", '"1"', "null"].map(
      (seconds) => `{"passphrase":"x","whenIdleSeconds":${seconds}}`,
    );
    const neither = ["", '{"passphrase":""}', '{"passphrase":1}', "[]", "null", "passphrase"];
    const lockOnly = [
      ...idle,
      '{"whenIdleSeconds":60}',
      '{"passphrase":"x","when":1}',
      '{"passphrase":"x","withScreen":false}',
    ];
    const statuses = async (path: string, bodies: readonly string[]): Promise<number[]> => {
      const own = { socketPath: world.socketPath };
      const answers = await Promise.all(bodies.map((body) => askDoor(own, path, { method: "POST", body })));
      return answers.map(({ status }) => status);
    };
    const refused = [...neither, ...lockOnly];
    expect(await statuses("/v1/lock", refused)).toEqual(refused.map(() => 400));
    expect(await statuses("/v1/unlock", [...neither, "{}"])).toEqual([...neither, "{}"].map(() => 400));
    expect([...(await statuses("/v1/lock", [long])), ...(await statuses("/v1/unlock", [long]))]).toEqual([
      413, 413,
    ]);
    expect((await world.client.status()).lockedSince).toBeNull();
  });

  it("are on the agent socket alone", async () => {
    const world = await worldWithDoors(60);
    await world.startAgent();
    const [container, imds, restricted] = await endpointsOf(world, 3);
    const body = JSON.stringify({ passphrase });
    for (const path of ["/v1/lock", "/v1/unlock"]) {
      const places = [
        tcp(`http://${container?.address}`),
        tcp(`http://${imds?.address}`),
        { socketPath: restricted?.address ?? "" },
      ];
      for (const place of places) {
        expect((await askDoor(place, path, { method: "POST", body })).status).toBe(405);
      }
    }
    expect((await world.client.status()).lockedSince).toBeNull();
  });
});

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? Infinity;
}
