import { once } from "node:events";
import { readFileSync } from "node:fs";
import { Agent, request } from "node:http";
import { connect, type Socket } from "node:net";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it, onTestFinished } from "vitest";
import { AgentProcess, serveCommand } from "../support/agent-process.ts";
import { connectMany } from "../support/connect-many.ts";
import { allFresh, endpoint, endpointsOf, roleOf } from "../support/endpoints.ts";
import { figuresOf } from "../support/process-figures.ts";
import { childrenOf } from "../support/processes.ts";
import { createWorld, deployConfig } from "../support/world.ts";

const connections = 3000;
const idleClients = 100;
const fewDescriptors = 64;

describe("R15: no client costs the agent a descriptor for longer than its connection", () => {
  it(`${2 * connections} connections to the agent socket and to an endpoint, one of a hundred broken off, leave none behind`, async () => {
    const world = await createWorld();
    world.configure(deployConfig + endpoint("container", "127.0.0.1:0", "deploy"));
    // Else nobody may count its descriptors.
    const agent = await world.startAgent("--unsafe-debug");
    await allFresh(world);
    const [door] = await endpointsOf(world, 1);
    if (door === undefined) throw new Error("there is no endpoint");
    const [host = "", port] = door.address.split(":");
    const tcp = { host, port: Number(port) };
    const authorization = readFileSync(roleOf(door, "deploy").tokenFile, "utf8");
    const head = (path: string, hostName: string): string =>
      `GET ${path} HTTP/1.1\r\nHost: ${hostName}\r\nAuthorization: ${authorization}\r\nConnection: close\r\n\r\n`;
    // The issuer's child is gone when it has idled, and so are its descriptors.
    while (childrenOf(agent.pid).length > 0) await sleep(50);
    const before = figuresOf(agent.pid).descriptors;

    const tallies = await Promise.all([
      connectMany(world.socketPath, head("/v1/credentials/deploy", "localhost"), connections),
      connectMany(tcp, head("/v1/credentials", door.address), connections),
    ]);
    for (const tally of tallies)
      expect(tally).toEqual({ answered: connections * 0.99, aborted: connections * 0.01 });
    await expect.poll(() => figuresOf(agent.pid).descriptors, { timeout: 10_000 }).toBe(before);
  });

  it(`with ${fewDescriptors} descriptors, ${idleClients} idle clients take neither its life nor the issuer's descriptors, and then all is well`, async () => {
    const world = await createWorld();
    const limit = `ulimit -n ${fewDescriptors} && exec "$@"`;
    const command = ["/bin/sh", "-c", limit, "sh", ...serveCommand] as const;
    const agent = new AgentProcess(world.env, world.socketPath, command);
    onTestFinished(async () => void (await agent.end("SIGKILL")));
    await agent.ready();
    const owner = new Agent({ keepAlive: true, maxSockets: 1 });
    onTestFinished(() => owner.destroy());
    const refresh = async (): Promise<string> => {
      const path = "/v1/credentials/deploy/refresh";
      const headers = { host: "localhost" };
      const call = request({
        agent: owner,
        socketPath: world.socketPath,
        method: "POST",
        path,
        headers,
      }).end();
      const [response] = await once(call, "response");
      return text(response);
    };
    expect(await refresh()).toContain("AccessKeyId");
    // The next session needs another child, and that one's descriptors.
    for (const child of childrenOf(agent.pid)) process.kill(child, "SIGKILL");
    while (childrenOf(agent.pid).length > 0) await sleep(20);

    const idle = Array.from({ length: idleClients }, (): Socket => {
      const socket = connect(world.socketPath);
      return socket.on("error", () => undefined).resume();
    });
    onTestFinished(() => idle.forEach((socket) => void socket.destroy()));
    await sleep(300);
    expect(await refresh()).toContain("AccessKeyId");
    // They have sent nothing, so that the agent lets go of them by itself.
    await expect
      .poll(
        () =>
          world.client.status().then(
            ({ pid }) => pid,
            () => undefined,
          ),
        { timeout: 20_000 },
      )
      .toBe(agent.pid);
    for (const socket of idle) socket.destroy();
    expect((await world.client.credentials("deploy")).Version).toBe(1);
    expect(agent.log).not.toMatch(/EMFILE|ENFILE|could not be started/);
  });
});
