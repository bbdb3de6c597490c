import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it, onTestFinished } from "vitest";
import type { RoleEvent } from "@role-agent/provider";
import { createMfaRole, enableDevice } from "../support/mfa.ts";
import { createWorld, deployConfig, type World } from "../support/world.ts";
import { linesAt } from "../support/written.ts";

/** Follows `/v1/events`: what came so far, and whether the agent has ended it. */
async function follow(world: World): Promise<{ events: RoleEvent[]; ended: Promise<void> }> {
  const events: RoleEvent[] = [];
  return new Promise((resolve) => {
    const headers = { host: "role-agent" };
    const call = request({ socketPath: world.socketPath, path: "/v1/events", headers }, (response) => {
      expect(response.headers["content-type"]).toBe("text/event-stream");
      const ended = new Promise<void>((over) => {
        response.once("close", () => over());
      });
      let text = "";
      response.setEncoding("utf8").on("data", (chunk: string) => {
        text += chunk;
        const messages = text.split("\n\n");
        text = messages.pop() ?? "";
        for (const message of messages) {
          const [, name, data] = /^event: (.*)\ndata: (.*)$/.exec(message) ?? [];
          if (data === undefined) continue;
          const event: RoleEvent = JSON.parse(data);
          expect(event.type).toBe(name);
          events.push(event);
        }
      });
      resolve({ events, ended });
    });
    call.end();
    onTestFinished(() => void call.destroy());
  });
}

async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await sleep(10);
}

/** A notify-send that notes what it is told. */
function fakeDesktop(world: World): { shown: () => readonly string[] } {
  const directory = join(world.home, "bin");
  const notes = join(world.home, "notes");
  mkdirSync(directory);
  const program = join(directory, "notify-send");
  const script = `const { appendFileSync } = require("node:fs");
    appendFileSync(${JSON.stringify(notes)}, JSON.stringify(process.argv.slice(2)) + "\\n");`;
  writeFileSync(program, `#!${process.execPath}\n${script}`);
  chmodSync(program, 0o755);
  world.env["PATH"] = `${directory}:${world.env["PATH"] ?? ""}`;
  world.env["DISPLAY"] = ":99";
  return { shown: () => linesAt(notes) };
}

describe("who listens to the events", () => {
  it("hears of sessions, renewals, failures and the end, and is let go when the agent stops", async () => {
    const world = await createWorld({ sessionSeconds: 2 });
    const agent = await world.startAgent();
    const { events, ended } = await follow(world);
    const types = (): string[] => events.map(({ type }) => type);
    const { AccessKeyId } = await world.client.credentials("deploy");
    await until(() => types().includes("renewed"));
    expect(events[0]).toMatchObject({
      type: "issued",
      at: expect.stringMatching(/^\d{4}-.*Z$/),
      role: { name: "deploy", state: "fresh", accessKeyId: AccessKeyId, lastError: null },
    });
    await world.sandbox.pause();
    await until(() => types().includes("expired"));
    expect(events.find(({ type }) => type === "failed")?.role.lastError?.code).toBe("SourceUnavailable");
    expect(JSON.stringify(events)).not.toMatch(/SecretAccessKey|SessionToken/);
    const code = agent.end();
    await ended;
    expect(await code).toBe(0);
  });

  it("costs the agent nothing when it goes away", async () => {
    const world = await createWorld();
    await world.startAgent();
    const { events } = await follow(world);
    const other = request({
      socketPath: world.socketPath,
      path: "/v1/events",
      headers: { host: "role-agent" },
    });
    other.end();
    await new Promise((resolve) => {
      other.once("response", resolve);
    });
    other.on("error", () => undefined);
    other.destroy();
    await world.client.credentials("deploy");
    await world.client.refresh("deploy");
    await until(() => events.length === 2);
    expect(events.map(({ type }) => type)).toEqual(["issued", "renewed"]);
  });
});

describe("a person at a desktop", () => {
  it("is notified once of a code that ten roles need, with the command", async () => {
    const world = await createWorld();
    const { shown } = fakeDesktop(world);
    const serial = await enableDevice(world.sandbox);
    const arn = await createMfaRole(world.sandbox, "Guarded");
    const names = Array.from({ length: 10 }, (_, index) => `role${index}`);
    const tables = names.map(
      (name) =>
        `[roles.${name}]\nrole_arn = "${arn}"\nsource_profile = "sandbox"\nmfa_serial = "${serial}"\n`,
    );
    world.configure(deployConfig + tables.join(""));
    await world.startAgent();
    await Promise.allSettled(names.flatMap((name) => [1, 2, 3].map(() => world.client.credentials(name))));
    await until(() => shown().length > 0);
    await world.client.mfa("role3", world.sandbox.mfaCode(serial));
    await world.client.credentials("role7");
    const text = `a one-time code of ${serial} is needed\nrole-agent mfa role0`;
    expect(shown()).toEqual([JSON.stringify(["--app-name=role-agent", "--", "role-agent", text])]);
  });

  it("without a notification program still gets the error with the command", async () => {
    const world = await createWorld();
    world.env["DISPLAY"] = ":99";
    const serial = await enableDevice(world.sandbox);
    const arn = await createMfaRole(world.sandbox, "Guarded");
    world.configure(
      `[roles.guarded]\nrole_arn = "${arn}"\nsource_profile = "sandbox"\nmfa_serial = "${serial}"\n`,
    );
    const agent = await world.startAgent();
    await expect(world.client.credentials("guarded")).rejects.toMatchObject({ code: "MfaRequired" });
    await world.client.mfa("guarded", world.sandbox.mfaCode(serial));
    await world.client.credentials("guarded");
    expect(agent.log).not.toMatch(/notify/);
  });
});
