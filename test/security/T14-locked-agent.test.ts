import { existsSync, readFileSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it, onTestFinished } from "vitest";
import { Agent } from "../../packages/agent/src/agent.ts";
import { allFresh, endpoint, endpointsOf, roleOf, twoRoles } from "../support/endpoints.ts";
import { FakeClock } from "../support/fake-clock.ts";
import { backgroundLog, startInBackground } from "../support/handover.ts";
import { askDoor, passphrase, type DoorAnswer } from "../support/lock.ts";
import { RunningCommand } from "../support/running-command.ts";
import { createRole, createWorld, type World } from "../support/world.ts";

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

/** An agent in this process whose clock stands still; it tells how many passphrases in a row were wrong. */
async function agentOutOfTime(
  world: World,
): Promise<{ readonly clock: FakeClock; readonly wrongTries: () => number }> {
  const clock = new FakeClock();
  let wrongTries = 0;
  const ignore = (): void => undefined;
  const warn = (line: string): void => {
    wrongTries = Number(/wrong passphrase, (\d+) in a row/.exec(line)?.[1] ?? wrongTries);
  };
  const agent = new Agent({
    socketPath: world.socketPath,
    clock,
    createLog: () => ({ debug: ignore, info: ignore, warn, error: ignore }),
    config: {
      env: world.env,
      home: world.home,
      identity: { user: "alice", host: "desk", pid: process.pid },
      socketPath: world.socketPath,
      uid: process.geteuid?.() ?? 0,
    },
    isInBackground: false,
    unsafeDebug: false,
    environmentSecrets: new Map(),
  });
  const running = agent.run();
  onTestFinished(async () => {
    agent.stop();
    await running;
  });
  while (!existsSync(world.socketPath)) await sleep(10);
  return { clock, wrongTries: () => wrongTries };
}

describe("T14: whoever comes to an unlocked desk gets nothing out of a locked agent", () => {
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

  it("nor does any other door lock or unlock it", async () => {
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

  it("answers the nth wrong passphrase in a row n tenths of a second late, and not earlier", async () => {
    const world = await createWorld();
    const { clock, wrongTries } = await agentOutOfTime(world);
    await world.client.lock(passphrase);
    for (let nth = 1; nth <= 12; nth += 1) {
      const answered = new AbortController();
      const tried = expect(world.client.unlock(`${passphrase}${nth}`))
        .rejects.toMatchObject(wrong)
        .finally(() => answered.abort());
      while (wrongTries() < nth) await sleep(2);
      await clock.advance(100 * nth - 1);
      await sleep(10);
      expect({ nth, isAnswered: answered.signal.aborted }).toEqual({ nth, isAnswered: false });
      await clock.advance(1);
      await tried;
    }
    expect((await world.client.status()).lockedSince).not.toBeNull();
    await world.client.unlock(passphrase);
    expect((await world.client.status()).lockedSince).toBeNull();
  });

  it("stays locked through a restart, which forgets no wrong passphrase either", async () => {
    const world = await createWorld();
    const { pid } = await startInBackground(world);
    await world.client.credentials("deploy");
    await world.client.lock(passphrase);
    for (let tries = 0; tries < 3; tries += 1)
      await expect(world.client.unlock("wrong")).rejects.toMatchObject(wrong);
    expect(await world.run("restart")).toMatchObject({ code: 0 });
    expect((await world.client.status()).pid).not.toBe(pid);
    await expect(world.client.credentials("deploy")).rejects.toMatchObject(locked);
    await expect(world.client.unlock("wrong")).rejects.toMatchObject(wrong);
    expect(backgroundLog(world)).toContain("unlock: wrong passphrase, 4 in a row");
    await world.client.unlock(passphrase);
  });
});

describe("T14: a wrong passphrase", () => {
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

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? Infinity;
}
