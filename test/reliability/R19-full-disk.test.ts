import { readFileSync, statSync } from "node:fs";
import { describe, expect, it, onTestFinished } from "vitest";
import { AgentProcess, serveCommand } from "../support/agent-process.ts";
import { auditLogPath } from "../support/audit-log.ts";
import { endpoint, endpointsOf } from "../support/endpoints.ts";
import { parseExposition } from "../support/exposition.ts";
import { getOnSocket } from "../support/get-on-socket.ts";
import { askDoor } from "../support/lock.ts";
import { createWorld, deployConfig, type World } from "../support/world.ts";

/**
 * An agent none of whose files gets larger than so many blocks of 512 bytes: the system refuses what is beyond, as a full
 * disk does, whoever the user is.
 */
async function agentWithBlocks(world: World, blocks: number, ...args: string[]): Promise<AgentProcess> {
  const command = [
    "/bin/sh",
    "-c",
    `ulimit -f ${blocks} && exec "$@"`,
    "sh",
    ...serveCommand,
    ...args,
  ] as const;
  const agent = new AgentProcess(world.env, world.socketPath, command);
  onTestFinished(async () => void (await agent.end("SIGKILL")));
  return agent.ready();
}

/** All that a client may want, often enough for the logs to be full. */
async function useAgent(world: World): Promise<void> {
  for (let round = 0; round < 10; round += 1) {
    expect((await world.client.credentials("deploy")).Version).toBe(1);
    expect((await world.client.refresh("deploy")).Version).toBe(1);
    await world.client.reload();
  }
}

async function lostLines(world: World): Promise<number> {
  const { body } = await getOnSocket(world, "/metrics");
  return parseExposition(body).value("role_agent_audit_lines_total", { outcome: "lost" }) ?? 0;
}

describe("R19: an agent that can write nothing goes on serving, and says so", () => {
  it("where the disk is full by the time that its logs are written", async () => {
    const world = await createWorld();
    const log = `${world.home}/agent.log`;
    const agent = await agentWithBlocks(world, 2, "--log", log);
    await useAgent(world);
    expect(await lostLines(world)).toBeGreaterThan(5);
    expect((await world.client.status()).pid).toBe(agent.pid);
    expect(await agent.end()).toBe(0);
    for (const path of [log, auditLogPath(world)]) {
      expect(statSync(path).size).toBeLessThanOrEqual(1024);
      // No line is there in part.
      expect(readFileSync(path, "utf8")).toMatch(/\n$/);
    }
  });

  it("where it was full from the start: an endpoint that can't have its token file is alone in being shut", async () => {
    const world = await createWorld();
    world.configure(
      deployConfig +
        endpoint("container", "127.0.0.1:0", "deploy") +
        endpoint("imds", "127.0.0.1:0", "deploy"),
    );
    const agent = await agentWithBlocks(world, 0);
    await useAgent(world);
    const [container, imds] = await endpointsOf(world, 2);
    expect(container?.lastError).toMatchObject({ message: expect.any(String) });
    if (imds === undefined) throw new Error("there is no endpoint");
    expect(imds.lastError).toBeNull();
    const [host = "", port = ""] = imds.address.split(":");
    const headers = { "x-aws-ec2-metadata-token-ttl-seconds": "60" };
    const answer = await askDoor({ host, port }, "/latest/api/token", { method: "PUT", headers });
    expect(answer.status).toBe(200);
    expect(agent.log.match(/audit log: lines are lost, serving goes on/g)).toHaveLength(1);
    expect(await agent.end()).toBe(0);
  });

  it("where its home can't be written", async () => {
    const world = await createWorld();
    // Nobody makes a directory there, root neither.
    Object.assign(world.env, {
      HOME: "/sys/role-agent",
      ROLE_AGENT_CONFIG: `${world.home}/.config/role-agent/config.toml`,
    });
    const agent = await world.startAgent();
    await useAgent(world);
    expect(await lostLines(world)).toBeGreaterThan(5);
    expect(agent.log.match(/audit log: lines are lost, serving goes on/g)).toHaveLength(1);
    expect(await agent.end()).toBe(0);
  });
});
