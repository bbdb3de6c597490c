import { spawn } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { roleAgentProgram } from "../support/agent-process.ts";
import { createSsoWorld, readerConfig, ssoAccount, type SsoWorld } from "../support/sso-world.ts";
import { deployArn } from "../support/world.ts";

const call = "GetRoleCredentials";
const loginDue = { code: "LoginRequired", hint: "role-agent login corp" };

async function untilCalls(world: SsoWorld, count: number): Promise<void> {
  while (world.sandbox.calls.count(call, "ok") < count) await sleep(20);
}

async function answers(address: string): Promise<boolean> {
  return fetch(address).then(
    () => true,
    () => false,
  );
}

describe("a sign-in that is due", () => {
  it("is said to a hundred clients at once, and one attempt is made for all of them", async () => {
    const world = await createSsoWorld();
    const agent = await world.startAgent();
    const asked = Array.from({ length: 100 }, () => world.client.credentials("reader"));
    for (const result of await Promise.allSettled(asked)) {
      expect(result).toMatchObject({ status: "rejected", reason: loginDue });
    }
    await expect(world.client.credentials("reader")).rejects.toMatchObject(loginDue);
    expect(agent.log.match(/reader.*LoginRequired/g)).toHaveLength(1);
    expect(world.sandbox.calls.count(call)).toBe(0);
  });

  it("is over for the agent as soon as `role-agent login` is", async () => {
    const world = await createSsoWorld();
    await world.startAgent();
    await expect(world.client.credentials("reader")).rejects.toMatchObject(loginDue);
    expect((await world.signIn()).stderr).toContain("reader: ready\n");
    expect(await world.client.status()).toMatchObject({
      roles: expect.arrayContaining([expect.objectContaining({ name: "reader", state: "fresh" })]),
    });
  });

  it("is noticed to be over when another program did it: by the next request, and by itself", async () => {
    const world = await createSsoWorld();
    world.configure(
      `[agent]\nprefetch = ["early"]\n${readerConfig}${readerConfig.replace("roles.reader", "roles.early")}`,
    );
    await world.startAgent();
    await expect(world.client.credentials("reader")).rejects.toMatchObject(loginDue);
    await world.signIn("--socket", join(world.home, "run", "other.sock"));
    await world.client.credentials("reader");
    await untilCalls(world, 2);
  });

  it("is noticed where the old one was refused, such as that of another region", async () => {
    const world = await createSsoWorld();
    await world.signIn();
    const token = world.token();
    world.putToken(JSON.stringify({ ...token, region: "eu-west-1" }));
    await world.startAgent();
    const refused = { code: "InvalidConfiguration", hint: expect.stringMatching(/: role-agent login corp$/) };
    await expect(world.client.credentials("reader")).rejects.toMatchObject(refused);
    world.putToken(JSON.stringify(token));
    expect(await world.client.credentials("reader")).toMatchObject({ AccountId: ssoAccount });
  });

  it("is over for the roles that are assumed with the session, too", async () => {
    const world = await createSsoWorld();
    world.configure(
      `${readerConfig.replace("ReadOnly", "Administrator")}[roles.chained]\nrole_arn = "${deployArn}"\nsource_role = "reader"\nexternal_id = "team-core"\n`,
    );
    await world.startAgent();
    await expect(world.client.credentials("chained")).rejects.toMatchObject(loginDue);
    await world.signIn("--socket", join(world.home, "run", "other.sock"));
    expect(await world.client.credentials("chained")).toMatchObject({ AccountId: "444455556666" });
  });
});

describe("role-agent login", () => {
  it.each([[[]], [["--device"]]])("%s ends with 4 when the person is turned away", async (args) => {
    const world = await createSsoWorld();
    world.sandbox.state.identityCenter.deniesSignIn = true;
    const { code, stderr, stdout } = await world.signIn(...args);
    expect({ code, stdout }).toEqual({ code: 4, stdout: "" });
    expect(stderr).toMatch(/role-agent: login: .*(access_denied|AccessDenied)/);
    expect(stderr).toContain("hint: role-agent login corp\n");
  });

  it("is over at once, with what it has started, on Ctrl-C", async () => {
    const world = await createSsoWorld();
    const login = spawn(process.execPath, [roleAgentProgram, "login", "--no-browser"], { env: world.env });
    const [printed] = await once(login.stderr, "data");
    const page = new URL(/http\S+/.exec(String(printed))?.[0] ?? "");
    login.kill("SIGINT");
    expect(await once(login, "exit")).toEqual([null, "SIGINT"]);
    await expect.poll(() => answers(page.searchParams.get("redirect_uri") ?? "")).toBe(false);
    expect(existsSync(world.tokenFile)).toBe(false);
  });

  it("--device opens no browser here", async () => {
    const world = await createSsoWorld();
    const login = spawn(process.execPath, [roleAgentProgram, "login", "--device"], { env: world.env });
    const [printed] = await once(login.stderr, "data");
    login.kill("SIGINT");
    expect(String(printed)).toMatch(/^To sign in, open\n/);
    await once(login, "exit");
  });

  it("has BROWSER open the page, in the person's own environment", async () => {
    const world = await createSsoWorld();
    const browser = join(world.home, "browser.cjs");
    writeFileSync(browser, "if (process.env.VSCODE_IPC_HOOK_CLI) fetch(process.argv[2])");
    world.env["VSCODE_IPC_HOOK_CLI"] = "/run/editor.sock";
    world.env["BROWSER"] = `"${process.execPath}" "${browser}" %s`;
    expect(await world.run("login")).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^corp: signed/),
    });
  });

  it("names the choice where there are several sign-ins, and asks nobody", async () => {
    const world = await createSsoWorld();
    const section =
      "[sso-session two]\nsso_start_url = https://two.awsapps.com/start\nsso_region = eu-west-1\n";
    appendFileSync(world.env["AWS_CONFIG_FILE"] ?? "", section);
    expect(await world.run("login")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("hint: one of: corp, two"),
    });
    expect(await world.run("login", "crop")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('did you mean "corp"?'),
    });
    expect(world.sandbox.calls.count("RegisterClient")).toBe(0);
  });
});
