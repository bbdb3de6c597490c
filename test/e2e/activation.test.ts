import { chmodSync, readdirSync, readFileSync, readlinkSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { ActivatedAgent } from "../support/activated-agent.ts";
import { allFresh, endpoint, endpointsOf, roleOf, twoRoles } from "../support/endpoints.ts";
import { freePorts } from "../support/free-ports.ts";
import { childrenOf, untilGone } from "../support/processes.ts";
import { sendRaw, type RawAnswer } from "../support/raw-http.ts";
import { createWorld, type World } from "../support/world.ts";

interface ServedWorld {
  readonly world: World;
  readonly agent: ActivatedAgent;
  readonly restricted: string;
  readonly container: string;
  readonly imds: string;
}

/** A service manager that holds a socket for the agent and one for each of three endpoints. */
async function served(more: readonly string[] = [], ...options: readonly string[]): Promise<ServedWorld> {
  const world = await createWorld();
  const [first, second] = await freePorts(2);
  const [container, imds] = [`127.0.0.1:${first}`, `127.0.0.1:${second}`];
  const restricted = join(world.home, "shared", "deploy.sock");
  world.configure(
    twoRoles +
      endpoint("container", container, "deploy") +
      endpoint("imds", imds, "deploy") +
      endpoint("socket", restricted, "deploy"),
  );
  const places = [world.socketPath, container, imds, restricted, ...more];
  const agent = await ActivatedAgent.start(world, places, ...options);
  await allFresh(world);
  return { world, agent, restricted, container, imds };
}

function place(address: string): { host: string; port: number } {
  const { hostname, port } = new URL(`http://${address}`);
  return { host: hostname, port: Number(port) };
}

async function get(address: string, path: string, header: string): Promise<RawAnswer> {
  return sendRaw(place(address), `GET ${path} HTTP/1.1\r\nHost: ${address}\r\n${header}\r\n\r\n`);
}

async function imdsToken(address: string): Promise<RawAnswer> {
  const ttl = "x-aws-ec2-metadata-token-ttl-seconds: 60";
  return sendRaw(
    place(address),
    `PUT /latest/api/token HTTP/1.1\r\nHost: ${address}\r\n${ttl}\r\nContent-Length: 0\r\n\r\n`,
  );
}

/** As curl does by the IMDS: each of the three is asked for once. */
async function imdsCredentials(address: string): Promise<RawAnswer> {
  const token = await imdsToken(address);
  if (token.status !== 200) return token;
  const header = `x-aws-ec2-metadata-token: ${token.body}`;
  const roles = "/latest/meta-data/iam/security-credentials/";
  const list = await get(address, roles, header);
  return list.status === 200 ? get(address, roles + list.body, header) : list;
}

async function onSocket(path: string): Promise<RawAnswer> {
  return sendRaw(path, "GET /v1/credentials/deploy HTTP/1.1\r\nHost: localhost\r\n\r\n");
}

async function authorizationOf(world: World): Promise<string> {
  for (const each of await endpointsOf(world, 3))
    if (each.type === "container")
      return `Authorization: ${readFileSync(roleOf(each, "deploy").tokenFile, "utf8")}`;
  throw new Error("there is no container endpoint");
}

/** Where no session comes within three seconds, as on a machine with no time for anything, it may say 503. */
function isServed({ status, body }: RawAnswer, waitedMs: number): boolean {
  if (status === 503) return waitedMs > 3000 && body.includes("still being issued");
  return status === 200 && JSON.parse(body).AccessKeyId.startsWith("ASIA");
}

/** The sockets that a process has open. */
function socketsOf(pid: number): readonly string[] {
  return readdirSync(`/proc/${pid}/fd`)
    .map((descriptor) => readlinkSync(`/proc/${pid}/fd/${descriptor}`))
    .filter((target) => target.startsWith("socket:"));
}

describe("an agent whose sockets a service manager holds", () => {
  it("is killed twenty times, and no client that asks once while no agent is there fails at any door", async () => {
    const { world, agent, restricted, container, imds } = await served();
    const authorization = await authorizationOf(world);
    const pids = new Set<number>();
    for (let round = 0; round < 20; round += 1) {
      pids.add(await agent.signal("SIGKILL"));
      const askedAt = performance.now();
      const answers = await Promise.all([
        get(container, "/v1/credentials", authorization),
        imdsCredentials(imds),
        onSocket(world.socketPath),
        onSocket(restricted),
      ]);
      const waitedMs = performance.now() - askedAt;
      const failed = answers.filter((answer) => !isServed(answer, waitedMs));
      expect(failed).toEqual([]);
    }
    expect(pids.size).toBe(20);
  });

  it("is stopped and started again as by systemctl restart, and its paths stay as they are", async () => {
    const { world, agent, restricted, imds } = await served();
    const before = [world.socketPath, restricted].map((path) => statSync(path).ino);
    for (let round = 0; round < 3; round += 1) {
      const pid = await agent.signal("SIGTERM");
      await untilGone([pid]);
      const askedAt = performance.now();
      const answers = await Promise.all([
        onSocket(world.socketPath),
        onSocket(restricted),
        imdsCredentials(imds),
      ]);
      const waitedMs = performance.now() - askedAt;
      expect(answers.filter((answer) => !isServed(answer, waitedMs))).toEqual([]);
    }
    expect([world.socketPath, restricted].map((path) => statSync(path).ino)).toEqual(before);
    expect(statSync(world.socketPath).mode & 0o777).toBe(0o600);
    expect(readdirSync(dirname(world.socketPath)).toSorted()).toEqual(["agent.sock", "tokens"]);
  });

  it("keeps them to itself, and closes one that nothing in its configuration wants, and says so", async () => {
    const [port] = await freePorts(1);
    // Else nobody but root could look into it.
    const { world, agent, restricted, container, imds } = await served(
      [`127.0.0.1:${port}`],
      "--unsafe-debug",
    );
    expect(agent.log).toContain(
      `the service manager listens at 127.0.0.1:${port} (test.socket), which config.toml does not`,
    );
    expect(agent.log.match(/the service manager listens/g)).toHaveLength(1);

    await world.client.refresh("deploy");
    const pid = await agent.pid();
    const listening = listeningSockets();
    expect(socketsOf(pid).filter((socket) => listening.has(socket))).toHaveLength(4);
    const children = childrenOf(pid);
    expect(children).toHaveLength(1);
    // Whoever still had one would have clients wait in its queue.
    for (const child of children) process.kill(child, "SIGSTOP");
    onTestFinished(() => children.forEach((child) => process.kill(child, "SIGKILL")));
    await agent.end();
    for (const door of [place(container), place(imds), world.socketPath, restricted])
      expect(await sendRaw(door, "GET / HTTP/1.1\r\n\r\n")).toMatchObject({ status: 0 });
  });

  it("opens a door later whose token file was wrong, or whose path was open to others, once that is mended", async () => {
    const { world, agent, container, restricted } = await served();
    const token = "t".repeat(43);
    const tokenFile = join(world.home, "token-of-deploy");
    writeFileSync(tokenFile, "no token", { mode: 0o600 });
    chmodSync(restricted, 0o666);
    world.configure(
      twoRoles +
        endpoint("container", container, "deploy") +
        `token_file = "${join(world.home, "token-of-{role}")}"\n` +
        endpoint("socket", restricted, "deploy"),
    );
    await agent.signal("SIGKILL");
    const hints = async (): Promise<readonly (string | null | undefined)[]> =>
      (await endpointsOf(world, 2)).map(({ lastError }) => lastError?.hint);
    const ofToken = "make one: openssl rand -hex 32 | tr -d '\\n'";
    expect(await hints()).toEqual([ofToken, "set SocketMode=0600 in that unit"]);

    chmodSync(restricted, 0o600);
    expect((await onSocket(restricted)).status).toBe(200);
    // Tried again before, and for the same reason in vain.
    expect(await hints()).toEqual([ofToken, undefined]);
    writeFileSync(tokenFile, token, { mode: 0o600 });
    expect((await get(container, "/v1/credentials", `Authorization: ${token}`)).status).toBe(200);
    expect(await hints()).toEqual([undefined, undefined]);
  });

  it("closes a socket that it has kept for an endpoint, when a reload takes that away", async () => {
    const { world, agent, restricted } = await served();
    chmodSync(restricted, 0o666);
    await agent.signal("SIGKILL");
    await allFresh(world);
    const warning = `the service manager listens at ${restricted} (test.socket), which config.toml does not`;
    expect(agent.log).not.toContain(warning);
    world.configure(twoRoles);
    await world.client.reload();
    await vi.waitFor(() => expect(agent.log).toContain(warning));
  });

  it("says what to do where an endpoint comes back by reload whose socket it has closed", async () => {
    const { world, imds, restricted } = await served();
    world.configure(twoRoles);
    await world.client.reload();
    world.configure(twoRoles + endpoint("imds", imds, "deploy") + endpoint("socket", restricted, "deploy"));
    await world.client.reload();
    for (const { address, lastError } of await endpointsOf(world, 2))
      expect(lastError).toMatchObject({
        message: `the service manager listens at ${address}, and this agent has closed its socket there`,
        hint: "restart the agent, as by systemctl --user restart",
      });
  });

  it("is not restarted in place: that is the service manager's", async () => {
    const { world, agent } = await served();
    const pid = await agent.pid();
    const { code, stderr } = await world.run("restart");
    expect(code).toBe(1);
    expect(stderr).toContain("systemctl --user restart");
    expect((await world.client.status()).pid).toBe(pid);
  });

  it("serves at no path that is open to others, and says what to do; then it serves again", async () => {
    const { world, agent } = await served();
    chmodSync(world.socketPath, 0o666);
    await agent.signal("SIGKILL");
    await vi.waitFor(() => expect(agent.log).toContain("set SocketMode=0600 in that unit"), 10_000);
    chmodSync(world.socketPath, 0o600);
    expect((await onSocket(world.socketPath)).status).toBe(200);
  });
});

/** Of all programs on this machine. */
function listeningSockets(): ReadonlySet<string> {
  const rows = (table: string): string[][] =>
    readFileSync(`/proc/self/net/${table}`, "utf8")
      .split("\n")
      .map((line) => line.trim().split(/\s+/));
  const tcp = rows("tcp").flatMap((row) => (row[3] === "0A" ? [row[9]] : []));
  const unix = rows("unix").flatMap((row) => (row[3] === "00010000" ? [row[6]] : []));
  return new Set([...tcp, ...unix].map((inode) => `socket:[${inode}]`));
}
