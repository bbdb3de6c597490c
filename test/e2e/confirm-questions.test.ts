import { request } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { confirmWorld, personAtDesktop, question } from "../support/askpass.ts";
import { auditLines, auditLogPath } from "../support/audit-log.ts";
import { startInBackground } from "../support/handover.ts";
import { childrenOf, untilGone } from "../support/processes.ts";
import type { World } from "../support/world.ts";

async function untilNoQuestion({ client }: World): Promise<void> {
  while ((await client.status()).confirmations.length > 0) await sleep(10);
}

describe("a question", () => {
  it("is told to who follows the events, and its dialog ends when a terminal answers first", async () => {
    const world = await confirmWorld();
    const person = personAtDesktop(world);
    world.env["SSH_ASKPASS"] = person.program;
    const agent = await world.startAgent();
    const events = eventsOf(world);
    await sleep(100);
    const asking = world.run("credentials", "deploy");
    const [shown] = await person.untilShown(1);
    const open = await question(world);
    expect(await events).toEqual({ type: "needs-confirmation", at: open.askedAt, confirmation: open });
    expect(Date.parse(open.until) - Date.parse(open.askedAt)).toBe(60_000);
    expect((await world.run("status")).stdout).toMatch(
      /\nMay this program have deploy\? .* \(\d+ s left\)\nhint: role-agent status --watch\n$/,
    );
    await world.client.confirm(open.id, false);
    expect(await asking).toMatchObject({ code: 1, stderr: expect.stringContaining("refused at a terminal") });
    await untilGone([shown?.pid ?? 0]);
    expect(childrenOf(agent.pid)).toEqual([]);
  });

  it("is taken back when its client goes away, with its dialog", async () => {
    const world = await confirmWorld();
    const person = personAtDesktop(world);
    world.env["ROLE_AGENT_ASKPASS"] = person.program;
    world.env["SSH_ASKPASS"] = "/nowhere/askpass";
    await world.startAgent();
    const call = request({
      socketPath: world.socketPath,
      path: "/v1/credentials/deploy",
      headers: { host: "role-agent" },
    });
    call.on("error", () => undefined).end();
    const [shown] = await person.untilShown(1);
    call.destroy();
    await untilNoQuestion(world);
    await untilGone([shown?.pid ?? 0]);
    expect(auditLines(auditLogPath(world), "confirm")).toEqual([]);
  });

  it("ends with an agent that stops", async () => {
    const world = await confirmWorld();
    const person = personAtDesktop(world);
    world.env["SSH_ASKPASS"] = person.program;
    const agent = await world.startAgent();
    const asking = world.run("credentials", "deploy");
    const [shown] = await person.untilShown(1);
    expect(await agent.end()).toBe(0);
    expect(await asking).toMatchObject({ code: 1, stderr: expect.stringContaining("the agent is stopping") });
    await untilGone([shown?.pid ?? 0]);
  });

  it("is asked anew by the agent that takes the place of this one, and the client waits on", async () => {
    const world = await confirmWorld();
    const person = personAtDesktop(world);
    world.env["SSH_ASKPASS"] = person.program;
    const { pid } = await startInBackground(world);
    const asking = world.run("credentials", "deploy");
    const [first] = await person.untilShown(1);
    expect(await world.run("restart")).toMatchObject({ code: 0 });
    await untilGone([first?.pid ?? 0]);
    const shown = await person.untilShown(2);
    expect((await world.client.status()).pid).not.toBe(pid);
    const { id } = await question(world);
    await world.client.confirm(id, true);
    expect(await asking).toMatchObject({ code: 0, stdout: expect.stringContaining("SecretAccessKey") });
    await untilGone(shown.map((each) => each.pid));
    expect(person.shown()).toHaveLength(2);
  });

  it("waits for a terminal where the desktop's program can't be run", async () => {
    const world = await confirmWorld();
    world.env["SSH_ASKPASS"] = "/nowhere/askpass";
    world.env["SSH_ASKPASS_REQUIRE"] = "force";
    const agent = await world.startAgent();
    const asking = world.run("credentials", "deploy");
    const { id } = await question(world);
    while (!agent.log.includes("can't be shown")) await sleep(10);
    expect(agent.log).toContain("none of /nowhere/askpass could be run");
    await world.client.confirm(id, true);
    expect(await asking).toMatchObject({ code: 0 });
  });
});

/** The first event from now on. */
async function eventsOf({ socketPath }: World): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const call = request({ socketPath, path: "/v1/events", headers: { host: "role-agent" } }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (chunk: string) => {
        text += chunk;
        const [, name, data = ""] = /^event: (.*)\ndata: (.*)\n\n/m.exec(text) ?? [];
        if (name === undefined) return;
        call.destroy();
        resolve(JSON.parse(data));
      });
    });
    call.on("error", reject).end();
  });
}
