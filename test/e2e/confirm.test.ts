import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { confirmConfig, confirmWorld, personAtDesktop, question } from "../support/askpass.ts";
import { auditLogPath, untilAudited } from "../support/audit-log.ts";
import { passphrase } from "../support/lock.ts";
import { createWorld } from "../support/world.ts";

const denied = { code: "ConfirmationDenied", tryNextLink: false };

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
    for (let count = 0; count < 20; count += 1) await world.client.credentials("ci");
    expect((await world.client.status()).confirmations).toMatchObject([{ id }]);
    await world.client.confirm(id, true);
    expect(await asking).toMatchObject({ code: 0, stdout: expect.stringContaining("SecretAccessKey") });
    await expect(world.client.confirm(id, true)).rejects.toMatchObject({ code: "InvalidRequest" });
    expect(await untilAudited(auditLogPath(world), 1, "confirm")).toMatchObject([
      { role: "deploy", decision: "allow", why: "confirmed at a terminal" },
    ]);
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
