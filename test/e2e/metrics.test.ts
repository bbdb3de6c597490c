import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { allFresh, endpoint, endpointsOf } from "../support/endpoints.ts";
import { parseExposition, type Scrape } from "../support/exposition.ts";
import { getOnSocket } from "../support/get-on-socket.ts";
import { sendRaw } from "../support/raw-http.ts";
import { createWorld, deployConfig, type World } from "../support/world.ts";

const kept = '[agent]\nprefetch = ["deploy"]\n';
const metricsDoor = '[[endpoints]]\ntype = "metrics"\nlisten = "127.0.0.1:0"\n';

async function scrape(world: World): Promise<Scrape> {
  const { status, type, body } = await getOnSocket(world, "/metrics");
  expect({ status, type }).toEqual({ status: 200, type: "text/plain; version=0.0.4; charset=utf-8" });
  return parseExposition(body);
}

async function readiness(world: World): Promise<{ status: number; document: unknown }> {
  const { status, body } = await getOnSocket(world, "/readyz");
  return { status, document: JSON.parse(body) };
}

async function untilFresh({ client }: World): Promise<void> {
  while ((await client.status()).roles.every(({ expiration }) => expiration === null)) await sleep(20);
}

const role = "deploy";

describe("GET /metrics", () => {
  it("tells of sessions, of requests and of the process", async () => {
    const world = await createWorld();
    const agent = await world.startAgent();
    const before = await scrape(world);
    expect(before.text).not.toContain("deploy");
    await world.client.credentials(role);
    await world.client.credentials(role);
    const after = await scrape(world);
    expect(after.value("role_agent_sessions_issued_total", { role })).toBe(1);
    expect(after.value("role_agent_session_remaining_seconds", { role })).toBeGreaterThan(3590);
    expect(after.value("role_agent_session_remaining_seconds", { role })).toBeLessThan(3602);
    expect(after.value("role_agent_issue_duration_seconds_count")).toBe(1);
    expect(after.value("role_agent_clock_skew_seconds")).toBe(0);
    expect(after.value("process_resident_memory_bytes")).toBeGreaterThan(1e7);
    const served = { door: "agent", outcome: "served" };
    // Two for credentials, and the first scrape itself.
    const count = (from: Scrape): number => from.value("role_agent_requests_total", served) ?? 0;
    expect(count(after) - count(before)).toBe(3);
    expect(after.text).not.toMatch(/ASIA|AKIA|arn:aws/);
    expect(await agent.end()).toBe(0);
  });

  it("counts failures by their code, and refusals", async () => {
    const world = await createWorld();
    await world.startAgent();
    world.sandbox.fault("AssumeRole", { kind: "status", status: 500 });
    await expect(world.client.credentials(role)).rejects.toMatchObject({ code: "SourceUnavailable" });
    await sendRaw(world.socketPath, "GET /v1/status HTTP/1.1\r\nHost: evil.example\r\n\r\n");
    await sendRaw(world.socketPath, "GET /v1/status HTTP/1.0\r\n\r\n");
    await sendRaw(world.socketPath, "nonsense\r\n\r\n");
    await expect(world.client.credentials("deplyo")).rejects.toMatchObject({ code: "RoleNotFound" });
    const metrics = await scrape(world);
    const failures = metrics.value("role_agent_issue_failures_total", { role, code: "SourceUnavailable" });
    expect(failures).toBeGreaterThan(0);
    expect(metrics.value("role_agent_sessions_issued_total", { role })).toBe(0);
    expect(metrics.value("role_agent_requests_total", { door: "agent", outcome: "failed" })).toBe(1);
    expect(metrics.value("role_agent_requests_total", { door: "agent", outcome: "refused" })).toBe(3);
    expect(metrics.value("role_agent_requests_total", { door: "agent", outcome: "not_found" })).toBe(1);
  });

  it("tells nothing more of a role that the configuration has no more", async () => {
    const world = await createWorld();
    await world.startAgent();
    await world.client.credentials(role);
    world.configure("");
    await world.client.reload();
    expect((await scrape(world)).text).not.toContain("deploy");
  });
});

describe("readiness", () => {
  it("turns red while the old session is still served, says which role and why, and green again", async () => {
    const world = await createWorld({ sessionSeconds: 6 });
    world.configure(kept + deployConfig);
    await world.startAgent();
    await untilFresh(world);
    expect(await readiness(world)).toEqual({ status: 200, document: { ready: true, problems: [] } });
    expect((await scrape(world)).value("role_agent_role_ready", { role })).toBe(1);
    await world.sandbox.pause();
    while ((await readiness(world)).status === 200) await sleep(20);
    const { document } = await readiness(world);
    await world.client.credentials(role);
    expect(document).toEqual({
      ready: false,
      problems: [
        {
          role,
          reason: "its session ends soon, and renewals fail",
          code: "SourceUnavailable",
          remainingSeconds: expect.toSatisfy((seconds) => seconds <= 1),
        },
      ],
    });
    expect((await scrape(world)).value("role_agent_role_ready", { role })).toBe(0);
    await world.sandbox.resume();
    while ((await readiness(world)).status !== 200) await sleep(20);
  });

  it("is red before the first session of a role that is kept fresh, and knows no other role", async () => {
    const world = await createWorld();
    await world.sandbox.pause();
    world.configure(kept + deployConfig);
    await world.startAgent();
    expect(await readiness(world)).toMatchObject({ status: 503, document: { problems: [{ role }] } });
    world.configure(deployConfig);
    await world.client.reload();
    expect(await readiness(world)).toMatchObject({ status: 200 });
  });

  it("is red while the agent is locked, and says so of the agent, not of its roles", async () => {
    const world = await createWorld();
    world.configure(kept + deployConfig);
    await world.startAgent();
    await untilFresh(world);
    await world.client.lock("a passphrase");
    const problems = [{ reason: "the agent is locked", code: "Locked" }];
    expect(await readiness(world)).toEqual({ status: 503, document: { ready: false, problems } });
    expect((await scrape(world)).value("role_agent_locked")).toBe(1);
    await world.client.unlock("a passphrase");
    await untilFresh(world);
    expect(await readiness(world)).toMatchObject({ status: 200 });
    expect((await scrape(world)).value("role_agent_locked")).toBe(0);
  });

  it("is red where an endpoint could not be opened", async () => {
    const world = await createWorld();
    world.configure(deployConfig + endpoint("container", "127.0.0.1:0", role));
    await world.startAgent();
    await allFresh(world);
    const [open] = await endpointsOf(world, 1);
    const other = await createWorld();
    other.configure(deployConfig + endpoint("container", open?.address ?? "", role));
    await other.startAgent();
    await untilFresh(other);
    expect(await readiness(other)).toEqual({
      status: 503,
      document: {
        ready: false,
        problems: [
          {
            endpoint: `container ${open?.address}`,
            reason: "it could not be opened",
            code: "InvalidConfiguration",
          },
        ],
      },
    });
  });
});

describe("an endpoint for metrics", () => {
  async function ask(world: World, target: string, headers = ""): Promise<{ status: number; body: string }> {
    const [door] = await endpointsOf(world, 1);
    const [host = "", port = ""] = (door?.address ?? "").split(":");
    return sendRaw(
      { host, port: Number(port) },
      `GET ${target} HTTP/1.1\r\nHost: ${host}:${port}\r\n${headers}\r\n`,
    );
  }

  it("gives metrics and health over TCP, and nothing else", async () => {
    const world = await createWorld();
    world.configure(deployConfig + metricsDoor);
    await world.startAgent();
    await world.client.credentials(role);
    expect(await ask(world, "/livez")).toMatchObject({ status: 200, body: "ok" });
    expect(await ask(world, "/readyz")).toMatchObject({ status: 200 });
    const { status, body } = await ask(world, "/metrics");
    expect(status).toBe(200);
    const door = { door: "metrics", outcome: "served" };
    expect(parseExposition(body).value("role_agent_requests_total", door)).toBe(2);
    for (const target of [
      "/v1/credentials/deploy",
      "/v1/credentials",
      "/v1/status",
      "/v1/events",
      "/metrics/",
    ])
      expect(await ask(world, target)).toMatchObject({ status: 404 });
    expect(await ask(world, "/metrics", "Origin: http://evil.example\r\n")).toMatchObject({ status: 403 });
  });
});
