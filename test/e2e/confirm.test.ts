import { request } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { AgentClient, type Confirmation } from "@role-agent/provider";
import { confirmConfig, personAtDesktop } from "../support/askpass.ts";
import { auditLines, auditLogPath, untilAudited } from "../support/audit-log.ts";
import { passphrase } from "../support/lock.ts";
import { childrenOf, untilGone } from "../support/processes.ts";
import { createWorld, type World } from "../support/world.ts";

const denied = { code: "ConfirmationDenied", tryNextLink: false };

async function confirmWorld(more?: string): Promise<World> {
  const world = await createWorld();
  world.configure(confirmConfig(more));
  return world;
}

/** The question that is open, as soon as one is. */
async function question({ client }: World): Promise<Confirmation> {
  for (;;) {
    const [open] = (await client.status()).confirmations;
    if (open !== undefined) return open;
    await sleep(10);
  }
}

async function untilNoQuestion({ client }: World): Promise<void> {
  while ((await client.status()).confirmations.length > 0) await sleep(10);
}

describe("a role with confirm = true", () => {
  it("is given to a program when the person at the desktop says yes, once for the process", async () => {
    const world = await confirmWorld();
    const person = personAtDesktop(world);
    world.env["SSH_ASKPASS"] = person.program;
    await world.startAgent();
    person.answer(0);
    const { AccessKeyId } = await world.client.credentials("deploy");
    const [shown] = person.shown();
    expect(shown?.hint).toBe("confirm");
    expect(shown?.args).toEqual([
      expect.stringMatching(/^May this program have the AWS role deploy\?\n\n\S/),
    ]);
    expect((await world.client.credentials("deploy")).AccessKeyId).toBe(AccessKeyId);
    expect(await world.provider()()).toMatchObject({ accessKeyId: AccessKeyId });
    expect(person.shown()).toHaveLength(1);
    expect(await untilAudited(auditLogPath(world), 1, "confirm")).toMatchObject([
      { role: "deploy", decision: "allow", why: "confirmed at the desktop" },
    ]);
  });

  it("is refused by a no, with an error that leads no chain to another identity", async () => {
    const world = await confirmWorld();
    const person = personAtDesktop(world);
    world.env["SSH_ASKPASS"] = person.program;
    await world.startAgent();
    person.answer(1);
    await expect(world.client.credentials("deploy")).rejects.toMatchObject(denied);
    await expect(world.provider()()).rejects.toMatchObject(denied);
    expect(person.shown()).toHaveLength(1);
    expect(await world.run("credentials", "deploy")).toMatchObject({
      code: 1,
      stdout: "",
      stderr: expect.stringMatching(
        /^role-agent: waiting for a yes: .*\nrole-agent: credentials: role "deploy" is given to confirmed programs only: refused at the desktop\nhint: .*status --watch\n$/,
      ),
    });
    expect(person.shown()).toHaveLength(2);
    expect(await untilAudited(auditLogPath(world), 2, "confirm")).toMatchObject([
      { role: "deploy", decision: "deny", why: "refused at the desktop" },
      { role: "deploy", decision: "deny", why: "refused at the desktop" },
    ]);
  });

  it("is asked for by each new process that refreshes it, narrows it or prints it, and by no renewal", async () => {
    const world = await createWorld({ sessionSeconds: 2 });
    world.configure(`[agent]\nprefetch = ["deploy"]\n${confirmConfig()}`);
    const person = personAtDesktop(world);
    world.env["SSH_ASKPASS"] = person.program;
    await world.startAgent();
    const keys = new Set<string | null>();
    while (keys.size < 3) {
      keys.add(
        (await world.client.status()).roles.find(({ name }) => name === "deploy")?.accessKeyId ?? null,
      );
      await sleep(50);
    }
    expect(person.shown()).toEqual([]);
    person.answer(0);
    expect((await world.run("refresh", "deploy")).stdout).toMatch(/^deploy: new session/);
    expect((await world.run("env", "deploy")).stdout).toMatch(/AWS_SESSION_TOKEN/);
    expect(await world.run("credentials", "deploy")).toMatchObject({ code: 0 });
    expect(person.shown()).toHaveLength(3);
  });

  it("keeps nobody else waiting: other roles are served while a person thinks", async () => {
    const world = await confirmWorld();
    await world.startAgent();
    const asking = world.run("credentials", "deploy");
    const { id, role, client } = await question(world);
    expect(role).toBe("deploy");
    expect(client === null || client.executable === process.execPath).toBe(true);
    await world.client.credentials("ci");
    const start = performance.now();
    for (let count = 0; count < 50; count += 1) await world.client.credentials("ci");
    expect(performance.now() - start).toBeLessThan(5000);
    await world.client.confirm(id, true);
    expect(await asking).toMatchObject({ code: 0, stdout: expect.stringContaining("SecretAccessKey") });
    await expect(world.client.confirm(id, true)).rejects.toMatchObject({ code: "InvalidRequest" });
    expect(await untilAudited(auditLogPath(world), 1, "confirm")).toMatchObject([
      { role: "deploy", decision: "allow", why: "confirmed at a terminal" },
    ]);
  });
});

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
    const patience = new AgentClient({ socketPath: world.socketPath });
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
    expect(await patience.status()).toMatchObject({ confirmations: [] });
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

describe("a yes", () => {
  it("is for the whole of a command of exec, and for its endpoint", async () => {
    const world = await confirmWorld();
    const person = personAtDesktop(world);
    world.env["SSH_ASKPASS"] = person.program;
    await world.startAgent();
    person.answer(0);
    const fetchThrice = `import { get } from "node:http";
    import { once } from "node:events";
    const { AWS_CONTAINER_CREDENTIALS_FULL_URI: uri, AWS_CONTAINER_AUTHORIZATION_TOKEN: token } = process.env;
    for (let count = 0; count < 3; count += 1) {
      const [answer] = await once(get(uri, { headers: { authorization: token } }), "response");
      console.log(answer.resume().statusCode);
    }`;
    const command = [process.execPath, "--input-type=module", "--eval", fetchThrice];
    expect(await world.run("exec", "deploy", "--", ...command)).toMatchObject({
      code: 0,
      stdout: "200\n200\n200\n",
    });
    expect(person.shown()).toHaveLength(1);
  });

  it("is forgotten when the configuration is read again, and when the agent is locked", async () => {
    const world = await confirmWorld();
    const person = personAtDesktop(world);
    world.env["SSH_ASKPASS"] = person.program;
    await world.startAgent();
    person.answer(0);
    await world.client.credentials("deploy");
    await world.client.reload();
    await world.client.credentials("deploy");
    expect(person.shown()).toHaveLength(2);
    await world.client.lock(passphrase);
    await expect(world.client.credentials("deploy")).rejects.toMatchObject({ code: "Locked" });
    await world.client.unlock(passphrase);
    expect(person.shown()).toHaveLength(2);
    await world.client.credentials("deploy");
    expect(person.shown()).toHaveLength(3);
    world.configure(confirmConfig().replace("confirm = true", "confirm = false"));
    await world.client.reload();
    await world.client.credentials("deploy");
    expect(person.shown()).toHaveLength(3);
  });
});

describe("role-agent roles", () => {
  it("tells which roles are given to confirmed programs only", async () => {
    const world = await confirmWorld();
    await world.startAgent();
    const { roles } = await world.client.roles();
    expect(roles.filter(({ confirm }) => confirm).map(({ name }) => name)).toEqual(["deploy"]);
    const lines = (await world.run("roles")).stdout.split("\n");
    expect(lines[0]).toMatch(/ CONFIRM$/);
    expect(lines.find((line) => line.startsWith("deploy "))).toMatch(/ each process$/);
    expect(lines.find((line) => line.startsWith("ci "))).toMatch(/\]$/);
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
