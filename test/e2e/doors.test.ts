import { once } from "node:events";
import { chmodSync, lstatSync, mkdirSync, readFileSync, rmSync, statSync, unlinkSync } from "node:fs";
import { Agent, request, type IncomingMessage } from "node:http";
import { createServer } from "node:net";
import { join } from "node:path";
import { fromHttp } from "@aws-sdk/credential-providers";
import { AgentClient, fromRoleAgent } from "@role-agent/provider";
import { describe, expect, it, onTestFinished } from "vitest";
import { allFresh, endpoint, endpointsOf, roleOf, twoRoles } from "../support/endpoints.ts";
import { createRole, createWorld, type World } from "../support/world.ts";

async function worldWith(endpoints: (world: World) => string): Promise<World> {
  const world = await createWorld();
  await createRole(world.sandbox, "Ci");
  world.configure(twoRoles + endpoints(world));
  return world;
}

/** The one door of a world with one, and a client of its `deploy`. */
async function containerClient(
  world: World,
): Promise<{ address: string; tokenFile: string; token: string; key: () => Promise<string> }> {
  const [door] = await endpointsOf(world, 1);
  await allFresh(world);
  if (door === undefined) throw new Error("there is no endpoint");
  const { uri, tokenFile } = roleOf(door, "deploy");
  const token = readFileSync(tokenFile, "utf8");
  const provider = fromHttp({
    awsContainerCredentialsFullUri: uri,
    awsContainerAuthorizationToken: token,
    maxRetries: 0,
  });
  return { address: door.address, tokenFile, token, key: async () => (await provider()).accessKeyId };
}

const container = endpoint("container", "127.0.0.1:0", "deploy");

/** A port of this machine that is free right now. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return typeof address === "object" ? (address?.port ?? 0) : 0;
}

describe("token files", () => {
  it("are one a role, for this user alone, without a newline", async () => {
    const world = await worldWith(() => endpoint("container", "127.0.0.1:0", "deploy", "ci"));
    await world.startAgent();
    const [door] = await endpointsOf(world, 1);
    const files = door?.roles.map(({ tokenFile }) => tokenFile ?? "") ?? [];
    const directory = join(world.socketPath, "..", "tokens");
    expect(files).toEqual([join(directory, "deploy"), join(directory, "ci")]);
    expect(statSync(directory).mode & 0o777).toBe(0o700);
    for (const file of files) {
      expect(statSync(file).mode & 0o777).toBe(0o600);
      expect(readFileSync(file, "utf8")).toMatch(/^[\w-]{43}$/);
    }
    expect(new Set(files.map((file) => readFileSync(file, "utf8"))).size).toBe(2);
  });

  it("stay the same when the agent is killed and started again, so that clients go on", async () => {
    const port = await freePort();
    const world = await worldWith(() => endpoint("container", `127.0.0.1:${port}`, "deploy"));
    const agent = await world.startAgent();
    const { key, token, tokenFile } = await containerClient(world);
    await key();
    await agent.end("SIGKILL");
    await world.startAgent();
    await allFresh(world);
    expect(readFileSync(tokenFile, "utf8")).toBe(token);
    await expect(key()).resolves.toMatch(/^ASIA/);
  });

  it.each([
    ["removed", (file: string) => unlinkSync(file)],
    ["opened to others", (file: string) => chmodSync(file, 0o644)],
  ])(
    "are renewed by a reload once they are %s; the old token is worth nothing then",
    async (_name, spoil) => {
      const world = await worldWith(() => container);
      await world.startAgent();
      const { key, token, tokenFile } = await containerClient(world);
      spoil(tokenFile);
      await expect(key()).resolves.toMatch(/^ASIA/);
      await world.client.reload();
      await expect(key()).rejects.toMatchObject({ Code: "Unauthorized" });
      const renewed = await containerClient(world);
      expect(renewed.token).not.toBe(token);
      expect(statSync(tokenFile).mode & 0o777).toBe(0o600);
      await expect(renewed.key()).resolves.toMatch(/^ASIA/);
    },
  );
});

describe("a reload", () => {
  it("opens a new endpoint and shuts a removed one, while the others keep their port and connections", async () => {
    const world = await worldWith(() => container);
    await world.startAgent();
    const { address, token } = await containerClient(world);
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    onTestFinished(() => agent.destroy());
    const ask = async (): Promise<{ status: number | undefined; port: number | undefined }> => {
      const asked = request(`http://${address}/v1/credentials`, {
        agent,
        headers: { Authorization: token },
      }).end();
      const [answer]: IncomingMessage[] = await once(asked, "response");
      const { localPort: port } = answer?.socket ?? {};
      answer?.resume();
      if (answer !== undefined) await once(answer, "end");
      return { status: answer?.statusCode, port };
    };
    const first = await ask();
    world.configure(twoRoles + container + endpoint("imds", "127.0.0.1:0", "ci"));
    await world.client.reload();
    expect(await endpointsOf(world, 2)).toMatchObject([
      { type: "container", address },
      { type: "imds", lastError: null },
    ]);
    expect(await ask()).toEqual(first);
    world.configure(twoRoles);
    await world.client.reload();
    expect(await endpointsOf(world, 0)).toEqual([]);
    await expect(fetch(`http://${address}/v1/credentials`)).rejects.toThrow("fetch failed");
  });

  it("takes a role from an endpoint at once, and gives it one", async () => {
    const port = await freePort();
    const at = (...roles: string[]): string => endpoint("container", `127.0.0.1:${port}`, ...roles);
    const world = await worldWith(() => at("deploy"));
    await world.startAgent();
    const { key } = await containerClient(world);
    await key();
    world.configure(twoRoles + at("ci"));
    await world.client.reload();
    await expect(key()).rejects.toMatchObject({ Code: "Unauthorized" });
  });
});

describe("an endpoint that can't be opened", () => {
  it("is logged and shown with what to do, and keeps nobody from the others", async () => {
    const taken = createServer().listen(0, "127.0.0.1");
    await once(taken, "listening");
    onTestFinished(() => void taken.close());
    const bound = taken.address();
    const port = typeof bound === "object" ? (bound?.port ?? 0) : 0;
    const world = await worldWith(() => endpoint("imds", `127.0.0.1:${port}`, "ci") + container);
    const agent = await world.startAgent();
    const doors = await endpointsOf(world, 2);
    expect(doors).toMatchObject([
      {
        type: "imds",
        address: `127.0.0.1:${port}`,
        roles: [{ name: "ci", uri: "" }],
        lastError: {
          code: "InvalidConfiguration",
          message: `can't listen at 127.0.0.1:${port}: another program does`,
          hint: expect.stringContaining("choose another port"),
        },
      },
      { type: "container", lastError: null },
    ]);
    expect(agent.log).toContain(`error imds endpoint: can't listen at 127.0.0.1:${port}`);
    const { stdout } = await world.run("status");
    expect(stdout).toMatch(/^imds +127\.0\.0\.1:\d+ +shut +ci$/m);
    expect(stdout).toMatch(/^container +127\.0\.0\.1:\d+ +open +deploy$/m);
    expect(stdout).toContain("another program does\nhint: choose another port");
    taken.close();
    await once(taken, "close");
    await world.client.reload();
    expect(await endpointsOf(world, 2)).toMatchObject([{ lastError: null }, { lastError: null }]);
  });

  it("says which address no interface has", async () => {
    const world = await worldWith(() => endpoint("container", "169.254.170.23:0", "deploy"));
    await world.startAgent();
    expect(await endpointsOf(world, 1)).toMatchObject([
      {
        lastError: {
          message: "can't listen at 169.254.170.23:0: no interface of this machine has the address",
          hint: expect.stringContaining("ip address add 169.254.170.23/32 dev lo"),
        },
      },
    ]);
  });

  it("leaves what lies at a socket's path untouched", async () => {
    const world = await worldWith(({ home }) =>
      endpoint("socket", join(home, "shared", "app.sock"), "deploy"),
    );
    mkdirSync(join(world.home, "shared", "app.sock"), { recursive: true });
    await world.startAgent();
    expect(await endpointsOf(world, 1)).toMatchObject([
      { lastError: { message: expect.stringContaining("is there already") } },
    ]);
    expect(lstatSync(join(world.home, "shared", "app.sock")).isDirectory()).toBe(true);
  });
});

describe("a restricted socket", () => {
  it("gives the provider its roles, and nobody anything else", async () => {
    const world = await worldWith(({ home }) => endpoint("socket", join(home, "shared", "app.sock"), "ci"));
    await world.startAgent();
    await endpointsOf(world, 1);
    const socketPath = join(world.home, "shared", "app.sock");
    expect(lstatSync(socketPath).mode & 0o777).toBe(0o600);
    const { accessKeyId } = await fromRoleAgent({ role: "ci", socketPath })();
    expect(accessKeyId).toBe((await world.client.credentials("ci")).AccessKeyId);
    await expect(fromRoleAgent({ role: "deploy", socketPath })()).rejects.toMatchObject({
      code: "RoleNotFound",
    });
    const client = new AgentClient({ socketPath });
    await expect(client.status()).rejects.toMatchObject({ code: "InvalidRequest" });
    await expect(client.roles()).rejects.toMatchObject({ code: "InvalidRequest" });
    await expect(client.refresh("ci")).rejects.toMatchObject({ code: "InvalidRequest" });
    await expect(client.stop()).rejects.toMatchObject({ code: "InvalidRequest" });
  });

  it("is all that env and exec need, though it tells no region", async () => {
    const world = await worldWith(({ home }) => endpoint("socket", join(home, "shared", "app.sock"), "ci"));
    await world.startAgent();
    await endpointsOf(world, 1);
    delete world.env["AWS_REGION"];
    const socket = ["ci", "--socket", join(world.home, "shared", "app.sock")];
    const asked = await world.run("env", ...socket, "--shell", "sh");
    expect(asked).toMatchObject({ code: 0, stdout: expect.stringContaining("AWS_SESSION_TOKEN") });
    expect(await world.run("exec", ...socket, "--", "true")).toMatchObject({ code: 0, stderr: "" });
  });

  it("is gone when the agent has stopped, and back when one is killed and started again", async () => {
    const world = await worldWith(({ home }) => endpoint("socket", join(home, "shared", "app.sock"), "ci"));
    const path = join(world.home, "shared", "app.sock");
    const first = await world.startAgent();
    await endpointsOf(world, 1);
    await first.end("SIGKILL");
    const second = await world.startAgent();
    expect(await endpointsOf(world, 1)).toMatchObject([{ address: path, lastError: null }]);
    await second.end();
    expect(lstatSync(path, { throwIfNoEntry: false })).toBeUndefined();
  });
});

describe("a restricted socket that was removed with its directory", () => {
  it("is told of by status, and there again after a reload, for the clients of before", async () => {
    const world = await worldWith(({ home }) => endpoint("socket", join(home, "shared", "app.sock"), "ci"));
    const directory = join(world.home, "shared");
    await world.startAgent();
    await allFresh(world);
    const provider = fromRoleAgent({ role: "ci", socketPath: join(directory, "app.sock") });
    const { accessKeyId } = await provider();
    rmSync(directory, { recursive: true });
    const { stdout } = await world.run("status");
    expect(stdout).toContain(`${join(directory, "app.sock")} was removed or replaced`);
    await world.client.reload();
    expect(await endpointsOf(world, 1)).toMatchObject([{ lastError: null }]);
    const client = new AgentClient({ socketPath: join(directory, "app.sock") });
    expect((await client.credentials("ci")).AccessKeyId).toBe(accessKeyId);
  });
});

describe("an agent whose environment leads to itself", () => {
  it.each([
    ["EcsContainer", "container", "AWS_CONTAINER_CREDENTIALS_FULL_URI", "/v1/credentials"],
    ["Ec2InstanceMetadata", "imds", "AWS_EC2_METADATA_SERVICE_ENDPOINT", ""],
  ] as const)("refuses to be its own %s", async (source, type, variable, path) => {
    const port = await freePort();
    const role = `[roles.loop]\nrole_arn = "arn:aws:iam::444455556666:role/Deploy"\ncredential_source = "${source}"\n`;
    const world = await worldWith(() => role + endpoint(type, `127.0.0.1:${port}`, "loop"));
    world.env[variable] = `http://127.0.0.1:${port}${path}`;
    await world.startAgent();
    await endpointsOf(world, 1);
    await expect(world.client.refresh("loop")).rejects.toMatchObject({
      code: "InvalidConfiguration",
      message: expect.stringContaining("the agent is its own source"),
      hint: expect.stringContaining(`start the agent without ${variable}`),
    });
  });
});
