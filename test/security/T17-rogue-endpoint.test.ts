import { readFileSync } from "node:fs";
import { createServer, request, type IncomingMessage, type RequestListener, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { describe, expect, it, onTestFinished } from "vitest";
import { AgentProcess, serveCommand } from "../support/agent-process.ts";
import { Authority } from "../support/pki.ts";
import { createWorld, deployArn, type World } from "../support/world.ts";

/** A server of a test's own, and what it was asked: `POST /`, `CONNECT host:443`. */
interface Heard {
  readonly port: number;
  readonly asked: string[];
}

async function listening(server: Server, asked: string[], host: string): Promise<Heard> {
  server.on("request", ({ method, url }: IncomingMessage) => void asked.push(`${method} ${url}`));
  await new Promise<void>((resolve) => {
    server.listen(0, host, resolve);
  });
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const address = server.address();
  return { port: typeof address === "object" && address !== null ? address.port : 0, asked };
}

async function startServer(answer: RequestListener, host = "127.0.0.1"): Promise<Heard> {
  return listening(createServer(answer), [], host);
}

/** A proxy that lets nobody through. */
async function startProxy(): Promise<Heard> {
  const asked: string[] = [];
  const proxy = createServer((_request, response) => response.writeHead(502).end());
  proxy.on("connect", ({ method, url }: IncomingMessage, socket) => {
    asked.push(`${method} ${url}`);
    socket.on("error", () => undefined).end("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n");
  });
  return listening(proxy, asked, "127.0.0.1");
}

/** The sandbox behind TLS, by a certificate that nobody knows; `certificate` is the file of its authority's. */
async function startTls({ sandbox, home }: World): Promise<Heard & { certificate: string }> {
  const authority = Authority.root(home, "Nobody's CA");
  const { certificate, privateKey } = authority.issue("localhost", { dns: ["localhost"] });
  const { hostname, port } = new URL(sandbox.url);
  const server = createTlsServer({ cert: readFileSync(certificate), key: readFileSync(privateKey) });
  server.on("request", (incoming: IncomingMessage, response) => {
    const { method, url, headers } = incoming;
    const onward = request({ hostname, port, method, path: url, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on("error", () => response.destroy());
    incoming.pipe(onward);
  });
  return { ...(await listening(server, [], "localhost")), certificate: authority.certificate };
}

/** Why a role has no session. */
async function failureOf({ client }: World, role = "deploy"): Promise<string> {
  return client.refresh(role).then(
    () => "none",
    (error: unknown) => String(error),
  );
}

describe("T17: nobody but the configured AWS is asked, and nobody else is believed", () => {
  it.each([302, 307])("a redirect (%i) is an error, and is not followed", async (status) => {
    const world = await createWorld();
    const elsewhere = await startServer((_request, response) => response.end());
    const location = `http://127.0.0.1:${elsewhere.port}/`;
    const rogue = await startServer((_request, response) => response.writeHead(status, { location }).end());
    world.env["AWS_ENDPOINT_URL"] = `http://127.0.0.1:${rogue.port}`;
    // The SDK's own way to a container's credentials, too.
    world.env["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = `http://127.0.0.1:${rogue.port}/credentials`;
    world.configure(
      ['source_profile = "sandbox"', 'credential_source = "EcsContainer"']
        .map((source, n) => `[roles.r${n}]\nrole_arn = "${deployArn}"\n${source}\n`)
        .join(""),
    );
    await world.startAgent();
    expect(await failureOf(world, "r0")).toMatch(/sts:AssumeRole of .*: the answer/);
    expect(await failureOf(world, "r1")).toContain("could not be fetched");
    expect(new Set(rogue.asked)).toEqual(new Set(["POST /", "GET /credentials"]));
    expect(elsewhere.asked).toEqual([]);
  });

  it("an answer without end is cut off at a megabyte", async () => {
    const world = await createWorld();
    let sent = 0;
    const rogue = await startServer((_request, response) => {
      const chunk = Buffer.alloc(64 * 1024, "<");
      const pour = (): void => {
        let isFull = false;
        for (; !isFull && !response.destroyed; sent += chunk.length) isFull = !response.write(chunk);
      };
      response.on("drain", pour);
      pour();
    });
    world.env["AWS_ENDPOINT_URL"] = `http://127.0.0.1:${rogue.port}`;
    await world.startAgent();
    expect(await failureOf(world)).toContain("AWS can't be reached: the answer is too large");
    // What the system's buffers hold comes on top.
    expect(sent).toBeLessThan(32 * 1024 * 1024);
  });

  it("without a configured endpoint AWS is asked by its own name and TLS alone, through the proxy where there is one", async () => {
    const world = await createWorld();
    const proxy = await startProxy();
    const url = `http://127.0.0.1:${proxy.port}`;
    Object.assign(world.env, { HTTPS_PROXY: url, HTTP_PROXY: url });
    world.env["AWS_SHARED_CREDENTIALS_FILE"] = world.env["AWS_CONFIG_FILE"];
    world.env["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"] = "true";
    await world.startAgent();
    expect(await failureOf(world)).toContain("the proxy refused the connection");
    expect(new Set(proxy.asked)).toEqual(new Set(["CONNECT sts.us-east-1.amazonaws.com:443"]));
  });

  it.each(["127.0.0.1", "127.9.8.7", "localhost", "[::1]"])(
    "no proxy is asked for what is on this machine: %s",
    async (host) => {
      const world = await createWorld();
      const proxy = await startProxy();
      const url = `http://127.0.0.1:${proxy.port}`;
      Object.assign(world.env, {
        HTTPS_PROXY: url,
        HTTP_PROXY: url,
        http_proxy: url,
        NO_PROXY: "example.com",
      });
      const near = await startServer(
        (_request, response) => response.writeHead(400).end(),
        host.replaceAll(/[[\]]/g, ""),
      );
      world.env["AWS_ENDPOINT_URL"] = `http://${host}:${near.port}`;
      await world.startAgent();
      await failureOf(world);
      expect({ near: new Set(near.asked), proxy: proxy.asked }).toEqual({
        near: new Set(["POST /"]),
        proxy: [],
      });
    },
  );

  it("plain http to another machine is warned about, once", async () => {
    const world = await createWorld();
    world.env["AWS_ENDPOINT_URL_STS"] = "http://sts.example.com";
    const agent = await world.startAgent();
    const warnings = agent.log.split("\n").filter((line) => line.includes(" warn "));
    expect(warnings).toEqual([
      expect.stringContaining(
        "AWS_ENDPOINT_URL_STS is http to another machine: credentials cross the network unencrypted",
      ),
    ]);
  });

  it("whose certificate nobody vouches for is not believed, whatever NODE_TLS_REJECT_UNAUTHORIZED says", async () => {
    const world = await createWorld();
    const { port, asked } = await startTls(world);
    world.env["AWS_ENDPOINT_URL"] = `https://localhost:${port}`;
    world.env["NODE_TLS_REJECT_UNAUTHORIZED"] = "0";
    const debugged = [...serveCommand, "--unsafe-debug"] as const;
    const agent = new AgentProcess(world.env, world.socketPath, debugged);
    onTestFinished(async () => void (await agent.end("SIGKILL")));
    await agent.ready();
    expect(await failureOf(world)).not.toBe("none");
    expect(asked).toEqual([]);
  });

  it("one whose authority NODE_EXTRA_CA_CERTS names is", async () => {
    const world = await createWorld();
    const { port, certificate } = await startTls(world);
    world.env["AWS_ENDPOINT_URL"] = `https://localhost:${port}`;
    world.env["NODE_EXTRA_CA_CERTS"] = certificate;
    await world.startAgent();
    expect(await failureOf(world)).toBe("none");
  });
});
