import { appendFileSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { RoleAgentError } from "@role-agent/provider";
import { describe, expect, it, onTestFinished } from "vitest";
import { Traces } from "../support/canary.ts";
import { endpoint, endpointsOf, roleOf } from "../support/endpoints.ts";
import { createEveryKind, untilMfaSessions, type EveryKind } from "../support/every-kind.ts";
import { askDoor, passphrase, runWithInput, type DoorPlace } from "../support/lock.ts";
import { endAgent, untilGone } from "../support/processes.ts";
import { createWorld } from "../support/world.ts";

/** Where secrets are at home, below the home directory. */
const homes = [
  "aws-config",
  ".aws",
  ".config/role-agent",
  "credentials",
  "keys.cjs",
  "run/role-agent/tokens",
];

/** What no client has a right to say, and no log may repeat. */
const wrong = {
  "a wrong token": "canary-wrong-token-0123456789-abcdefghijklmnopq",
  "a wrong passphrase": "canary wrong passphrase",
  "a wrong key file passphrase": "canary-not-the-passphrase",
  "the proxy's password": "canary-proxy-password",
};

/** What the doors give and want: answers of theirs are no traces, but their refusals are. */
async function useDoors(world: EveryKind, traces: Traces): Promise<Map<string, string>> {
  const [container, imds] = await endpointsOf(world, 2);
  if (container === undefined || imds === undefined) throw new Error("an endpoint is missing");
  const token = readFileSync(roleOf(container, "deploy").tokenFile, "utf8");
  const place = placeOf(container.address);
  const headers = { authorization: wrong["a wrong token"] };
  traces.add(await askDoor(place, "/v1/credentials", { headers }));
  expect(await askDoor(place, "/v1/credentials", { headers: { authorization: token } })).toMatchObject({
    status: 200,
  });
  const ttl = { "x-aws-ec2-metadata-token-ttl-seconds": "60" };
  const put = { method: "PUT", headers: ttl };
  const { body: imdsToken } = await askDoor(placeOf(imds.address), "/latest/api/token", put);
  const path = "/latest/meta-data/iam/security-credentials/deploy";
  for (const each of [imdsToken, wrong["a wrong token"]]) {
    const { status } = await askDoor(placeOf(imds.address), path, {
      headers: { "x-aws-ec2-metadata-token": each },
    });
    expect(status).toBe(each === imdsToken ? 200 : 401);
  }
  return new Map([
    ["the endpoint's token", token],
    ["an IMDS token", imdsToken],
  ]);
}

function placeOf(address: string): DoorPlace {
  const [host = "", port = ""] = address.split(":");
  return { host, port };
}

/** Until each role has had a session: the machine may be too slow for a time-out of the SDK's at first. */
async function untilAllServed(world: EveryKind, traces: Traces): Promise<void> {
  const missing = new Set(world.names);
  const ask = async (name: string): Promise<void> => {
    try {
      await world.client.credentials(name);
      missing.delete(name);
    } catch (error) {
      if (!(error instanceof RoleAgentError && error.code === "SourceUnavailable")) throw error;
      traces.add(described(error));
      await sleep(100);
    }
  };
  while (missing.size > 0) await Promise.all([...missing].map(ask));
}

/** Every role anew, and all that can be asked about them. */
async function askAll(world: EveryKind, traces: Traces): Promise<void> {
  const results = await Promise.allSettled([...world.names, "mfa"].map((name) => world.client.refresh(name)));
  for (const result of results) if (result.status === "rejected") traces.add(described(result.reason));
  for (const path of ["/metrics", "/readyz", "/v1/status", "/v1/roles"])
    traces.add(await askDoor({ socketPath: world.socketPath }, path));
  traces.add(await world.client.mfa("mfa", "000000").catch(described));
}

function described(error: unknown): string {
  return error instanceof RoleAgentError ? `${error.message} ${error.hint} ${error.stack}` : String(error);
}

/** Takes away what the roles need, one after the other. */
async function breakAll(world: EveryKind, traces: Traces): Promise<void> {
  const { sandbox } = world;
  sandbox.fault("*", { kind: "status", status: 503 });
  await askAll(world, traces);
  sandbox.clearFaults();
  sandbox.fault("*", { kind: "answer", status: 200, body: "<html>" });
  await askAll(world, traces);
  sandbox.clearFaults();
  const directory = join(world.home, ".config", "role-agent");
  for (const proof of ["token", "assertion.b64", "server.key"]) {
    const path = join(directory, proof);
    writeFileSync(path, readFileSync(path, "utf8").slice(0, -40));
  }
  world.setCredential(wrong["a wrong key file passphrase"]);
  await askAll(world, traces);
}

async function lockAndUnlock(world: EveryKind, traces: Traces): Promise<void> {
  const twice = `${passphrase}\n${passphrase}\n`;
  const locked = await runWithInput(world, twice, "lock");
  expect(locked.code, locked.stderr).toBe(0);
  traces.add(locked, await world.run("credentials", "deploy"));
  traces.add(await runWithInput(world, `${wrong["a wrong passphrase"]}\n`, "unlock"));
  const unlocked = await runWithInput(world, `${passphrase}\n`, "unlock");
  expect(unlocked.code, unlocked.stderr).toBe(0);
  traces.add(unlocked);
}

/** Notes the agent's events as they come. */
async function followEvents({ socketPath }: EveryKind, traces: Traces): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const call = request({ socketPath, path: "/v1/events", headers: { host: "role-agent" } }, (response) => {
      response.setEncoding("utf8").on("data", (text: string) => traces.add(text));
      response.on("error", () => undefined);
      resolve();
    });
    call.on("error", reject).end();
    onTestFinished(() => void call.destroy());
  });
}

/** All that there is to find, by now. */
function canariesOf(world: EveryKind, more: ReadonlyMap<string, string>): Map<string, string> {
  const { sessions, identityCenter, logins } = world.sandbox.state;
  const { accessTokens, refreshTokens, clients } = identityCenter;
  const named = (what: string, secrets: readonly string[]): [string, string][] =>
    secrets.map((secret, index) => [`${what} ${index + 1}`, secret]);
  return new Map([
    ...more,
    ...Object.entries(wrong),
    ["the lock's passphrase", passphrase] as const,
    ...named("long-term secret or proof", world.secrets),
    ...named(
      "secret key of session",
      Object.values(sessions).map(({ secretAccessKey }) => secretAccessKey),
    ),
    ...named(
      "token of session",
      Object.values(sessions).map(({ sessionToken }) => sessionToken),
    ),
    ...named("access token", Object.keys(accessTokens)),
    ...named("refresh token", Object.keys(refreshTokens)),
    ...named("login", Object.keys(logins)),
    ...named(
      "client secret",
      Object.values(clients).map(({ clientSecret }) => clientSecret),
    ),
  ]);
}

describe("T12: no secret of any kind is in a log, an error, a report or the process table, whatever is asked and whatever goes wrong", () => {
  it("is found in nothing that an agent says, shows or leaves behind at its most verbose", async () => {
    const world = await createEveryKind(60);
    const config = join(world.home, ".config", "role-agent", "config.toml");
    writeFileSync(config, readFileSync(config, "utf8").replace("[agent]", "[agent]\nsession_cache = true"));
    appendFileSync(config, endpoint("container", "127.0.0.1:0", "deploy", "ci"));
    appendFileSync(config, endpoint("imds", "127.0.0.1:0", "deploy"));
    world.env["HTTPS_PROXY"] = `http://alice:${wrong["the proxy's password"]}@127.0.0.1:9`;
    const traces = new Traces();
    onTestFinished(() => endAgent(world.client));
    traces.add(await world.run("start"));
    const { pid: first } = await world.client.status();
    let pid = first;
    const watch = setInterval(() => traces.addProcesses(pid), 50);
    onTestFinished(() => clearInterval(watch));
    await followEvents(world, traces);

    await untilAllServed(world, traces);
    const codes = await untilMfaSessions(world, 1);
    const doorSecrets = await useDoors(world, traces);
    await askAll(world, traces);
    // The next process has the environment that the first one has made of its own.
    traces.add(await world.run("restart"));
    ({ pid } = await world.client.status());
    expect(pid).not.toBe(first);
    traces.addEnvironment(pid);
    await world.client.refresh("environment");
    await followEvents(world, traces);
    await lockAndUnlock(world, traces);
    await breakAll(world, traces);
    for (const command of [["status"], ["roles"], ["refresh", "deploy"], ["refresh", "keyed"]])
      traces.add(await world.run(...command));

    // A signal that makes Node write a report, where it was told to; else it ends the process.
    process.kill(pid, "SIGUSR2");
    await untilGone([pid]);
    clearInterval(watch);
    traces.addFiles(world.home, homes);

    const canaries = canariesOf(
      world,
      new Map([...doorSecrets, ...codes.map((code, n) => [`code ${n}`, code] as const)]),
    );
    expect(canaries.size).toBeGreaterThan(60);
    for (const [what, secret] of canaries) expect(secret.length, what).toBeGreaterThanOrEqual(6);
    // All of it was looked at: the log at its most verbose, the audit log, metrics, events, processes, the sealed file.
    for (const text of [
      " debug ",
      '"event":"issued"',
      "role_agent_",
      "event: issued",
      "serve\0--background",
      "age-encryption.org",
      ".sealed",
    ])
      expect(traces.has(text), text).toBe(true);
    expect(traces.found(canaries)).toEqual([]);
    expect(readdirSync("/").filter((name) => /^(core|report|Heap)\b/.test(name))).toEqual([]);
  });

  it("a sweep finds what is there: each kind, in the forms in which it travels", async () => {
    const world = await createWorld();
    const traces = new Traces();
    const canaries = new Map([
      ["plain", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"],
      ["quoted", 'canary "in" quotes'],
      ["encoded", "IQoJb3JpZ2lu/token+of=source"],
      ["code", "123456"],
      ["absent", "not there at all"],
    ]);
    writeFileSync(join(world.home, "leak"), "x wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY x");
    traces.addFiles(world.home, ["aws-config"]);
    traces.add(
      { said: 'canary "in" quotes' },
      encodeURIComponent("IQoJb3JpZ2lu/token+of=source"),
      "(123456)",
      "0123456",
    );
    expect(traces.found(canaries)).toEqual(["plain", "quoted", "encoded", "code"]);
  });
});
