import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { RoleAgentError } from "@role-agent/provider";
import { describe, expect, it } from "vitest";
import { createEveryKind, type EveryKind } from "../support/every-kind.ts";
import { childrenOf } from "../support/processes.ts";

/** Asks for all roles until each has had so many sessions; every answer must be good by the sandbox's clock. */
async function untilSessions(world: EveryKind, count: number): Promise<void> {
  const keys = new Map(world.names.map((name) => [name, new Set<string>()]));
  while ([...keys.values()].some((seen) => seen.size < count)) {
    await Promise.all(
      world.names.map(async (name) => {
        const { AccessKeyId } = await world.client.credentials(name);
        const end = world.sandbox.state.sessions[AccessKeyId]?.expiresAt;
        expect(end, name).toBeGreaterThan(world.sandbox.clock.now());
        keys.get(name)?.add(AccessKeyId);
      }),
    );
    await sleep(100);
  }
}

/** The device's role, which waits for a person each time that its session has ended. */
async function untilMfaSessions(world: EveryKind, count: number): Promise<string[]> {
  const codes: string[] = [];
  while (codes.length < count) {
    try {
      await world.client.credentials("mfa");
    } catch (error) {
      if (!(error instanceof RoleAgentError && error.code === "MfaRequired")) throw error;
      world.sandbox.clock.advance(30_000);
      const code = world.sandbox.mfaCode(world.serial);
      codes.push(code);
      await world.client.mfa("mfa", code);
    }
    await sleep(100);
  }
  return codes;
}

/** Every file under a directory, and the command lines of processes, as text. */
function filesUnder(directory: string): string {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => readFileSync(join(parentPath, name), "latin1"))
    .join("\n");
}

function commandLines(pid: number): string {
  try {
    const own = readFileSync(`/proc/${pid}/cmdline`, "latin1");
    return [own, ...childrenOf(pid).map(commandLines)].join("\n");
  } catch {
    return "";
  }
}

describe("one config.toml with a role of each kind", () => {
  it("is kept fresh through two renewals of every role", async () => {
    const world = await createEveryKind(6);
    await world.startAgent();
    await untilSessions(world, 3);
    await untilMfaSessions(world, 3);
  });

  it("lets no secret into logs, errors, status, state files or command lines, whatever goes wrong", async () => {
    const world = await createEveryKind(6);
    const agent = await world.startAgent();
    let seen = "";
    const watch = setInterval(() => (seen += commandLines(agent.pid)), 50);
    const say = (text: string): void => void (seen += text);
    const provoke = async (): Promise<void> => {
      const results = await Promise.allSettled(
        [...world.names, "mfa"].map((name) => world.client.refresh(name)),
      );
      for (const result of results) if (result.status === "rejected") say(describeError(result.reason));
      say((await world.run("status", "--json")).stdout + (await world.run("roles", "--json")).stdout);
      say(JSON.stringify(await world.run("refresh", "deploy")));
    };
    await untilSessions(world, 1);
    const codes = await untilMfaSessions(world, 1);
    await provoke();
    world.sandbox.fault("*", { kind: "status", status: 503 });
    await provoke();
    world.sandbox.clearFaults();
    await world.sandbox.pause();
    await provoke();
    await world.sandbox.resume();
    const directory = join(world.home, ".config", "role-agent");
    for (const proof of ["token", "assertion.b64", "server.key"]) {
      const path = join(directory, proof);
      writeFileSync(path, readFileSync(path, "utf8").slice(0, -40));
    }
    world.setCredential("not the passphrase");
    await provoke();
    clearInterval(watch);
    await agent.end();

    say(agent.log + filesUnder(join(world.home, "run")));
    const sessions = Object.values(world.sandbox.state.sessions);
    const issued = sessions.flatMap(({ secretAccessKey, sessionToken }) => [secretAccessKey, sessionToken]);
    const { accessTokens, refreshTokens } = world.sandbox.state.identityCenter;
    const tokens = [...Object.keys(accessTokens), ...Object.keys(refreshTokens)];
    const logins = Object.keys(world.sandbox.state.logins);
    const secrets = [...world.secrets, ...issued, ...tokens, ...logins, ...codes];
    expect(secrets.length).toBeGreaterThan(50);
    expect(agent.log).toContain("debug");
    for (const secret of secrets) {
      expect(secret.length).toBeGreaterThanOrEqual(6);
      expect(seen.includes(secret), `${secret.slice(0, 4)}… was seen`).toBe(false);
    }
  });
});

function describeError(error: unknown): string {
  return error instanceof RoleAgentError ? `${error.message} ${error.hint} ${error.stack}` : String(error);
}
