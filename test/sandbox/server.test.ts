import { connect } from "node:net";
import { CreateRoleCommand, ListRolesCommand } from "@aws-sdk/client-iam";
import { AssumeRoleCommand, GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import { SandboxClock, startSandbox } from "@role-agent/sandbox";
import { describe, expect, test } from "vitest";
import { signedPost } from "./sign.ts";
import { HOME, iam, keysOf, refusal, roleArn, sandboxForTest, sts, trust } from "./support.ts";

describe("the query protocol", () => {
  test("an answer has its namespace, result and request id, and the sandbox's date", async () => {
    const sandbox = await sandboxForTest();
    sandbox.clock.advance(120_000);
    const { url, init } = signedPost(sandbox);
    const response = await fetch(url, init);
    const requestId = response.headers.get("x-amzn-requestid") ?? "";
    expect(await response.text()).toBe(
      '<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>' +
        `<UserId>${sandbox.state.accounts[HOME]?.users["Administrator"]?.userId}</UserId><Account>${HOME}</Account>` +
        `<Arn>arn:aws:iam::${HOME}:user/Administrator</Arn></GetCallerIdentityResult>` +
        `<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata></GetCallerIdentityResponse>\n`,
    );
    expect(requestId).toMatch(/^[0-9a-f-]{36}$/);
    expect(response.headers.get("content-type")).toBe("text/xml");
    const date = Date.parse(response.headers.get("date") ?? "");
    expect(Math.abs(date - sandbox.clock.now())).toBeLessThan(10_000);
  });

  test.each([
    ["no action", "Version=2011-06-15", "MissingAction"],
    ["an unknown action", "Action=AssumeRoot&Version=2011-06-15", "InvalidAction"],
    ["an action of Object.prototype", "Action=constructor&Version=2011-06-15", "InvalidAction"],
    ["an action of the other service", "Action=CreateRole&Version=2011-06-15", "InvalidAction"],
    ["another version", "Action=GetCallerIdentity&Version=2010-01-01", "InvalidAction"],
    ["no version", "Action=GetCallerIdentity", "InvalidAction"],
    ["an empty body", "", "MissingAction"],
    ["binary rubbish", "\u0000\u0001=%zz&&&=", "MissingAction"],
  ])("%s is an error document", async (_case, body, code) => {
    const sandbox = await sandboxForTest();
    const { url, init } = signedPost(sandbox, { body });
    const response = await fetch(url, init);
    expect(response.status).toBe(400);
    const text = await response.text();
    expect(text).toMatch(
      /^<ErrorResponse xmlns="https:\/\/sts\.amazonaws\.com\/doc\/2011-06-15\/"><Error><Type>Sender</,
    );
    expect(text).toContain(`<Code>${code}</Code>`);
  });

  test("an error of IAM has IAM's namespace", async () => {
    const sandbox = await sandboxForTest();
    const body = "Action=GetRole&Version=2010-05-08&RoleName=Nobody";
    const { url, init } = signedPost(sandbox, { body, scope: { service: "iam" } });
    const text = await (await fetch(url, init)).text();
    expect(text).toContain('<ErrorResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/">');
  });

  test("a message that quotes markup and control characters is still XML", async () => {
    const sandbox = await sandboxForTest();
    const name = encodeURIComponent('</Message>&"\u0000\u0007');
    const body = `Action=GetRole&Version=2010-05-08&RoleName=${name}`;
    const { url, init } = signedPost(sandbox, { body, scope: { service: "iam" } });
    const text = await (await fetch(url, init)).text();
    expect(text).toContain("Value &apos;&lt;/Message&gt;&amp;&quot;\uFFFD\uFFFD&apos;");
  });

  test("a number that is none is a ValidationError", async () => {
    const sandbox = await sandboxForTest();
    for (const value of ["soon", "", "1e3", "900.5", " 900", "٩٠٠"]) {
      const body = `Action=GetSessionToken&Version=2011-06-15&DurationSeconds=${encodeURIComponent(value)}`;
      const { url, init } = signedPost(sandbox, { body });
      expect(await (await fetch(url, init)).text()).toContain("<Code>ValidationError</Code>");
    }
  });

  test("what is missing is said to be null", async () => {
    const sandbox = await sandboxForTest();
    const { url, init } = signedPost(sandbox, { body: "Action=AssumeRole&Version=2011-06-15" });
    const text = await (await fetch(url, init)).text();
    expect(text).toContain(
      "2 validation errors detected: Value null at &apos;roleArn&apos; failed to satisfy",
    );
    expect(text).toContain("Value null at &apos;roleSessionName&apos;");
  });

  test("a body above 1 MiB is refused", async () => {
    const sandbox = await sandboxForTest();
    const response = await fetch(sandbox.url, { method: "POST", body: "a".repeat(8 << 20) });
    expect(response.status).toBe(413);
    expect(await response.text()).toContain("<Code>RequestEntityTooLarge</Code>");
  });

  test("a caller that goes away in the middle of its request harms nobody", async () => {
    const sandbox = await sandboxForTest();
    const socket = connect(sandbox.port, "127.0.0.1");
    socket.write("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nAction=");
    await new Promise((resolve) => setTimeout(resolve, 20));
    socket.destroy();
    expect((await sts(sandbox).send(new GetCallerIdentityCommand({}))).Account).toBe(HOME);
  });
});

describe("a sandbox", () => {
  test("listens on loopback alone and says where", async () => {
    const sandbox = await sandboxForTest();
    expect(sandbox.url).toBe(`http://127.0.0.1:${sandbox.port}`);
    expect(sandbox.region).toBe("us-east-1");
    expect(sandbox.accounts.map(({ id }) => id)).toEqual(["111122223333", "444455556666"]);
  });

  test("takes the port it is told, or says that it can't", async () => {
    const first = await sandboxForTest();
    await expect(startSandbox({ port: first.port })).rejects.toMatchObject({ code: "EADDRINUSE" });
    await first.stop();
    const second = await sandboxForTest({ port: first.port });
    expect(second.port).toBe(first.port);
  });

  test.each([
    { minSessionSeconds: 0 },
    { minSessionSeconds: 1.5 },
    { sessionSeconds: 43_201 },
    { sessionSeconds: Number.NaN },
  ])("refuses %o", async (options) => {
    await expect(startSandbox(options)).rejects.toThrow(RangeError);
  });

  test("is unreachable while paused, and back on its port with its state", async () => {
    const sandbox = await sandboxForTest();
    const document = trust({ AWS: HOME });
    await iam(sandbox).send(new CreateRoleCommand({ RoleName: "R", AssumeRolePolicyDocument: document }));
    const assume = new AssumeRoleCommand({ RoleArn: roleArn("R"), RoleSessionName: "me" });
    const { Credentials } = await sts(sandbox).send(assume);

    await sandbox.pause();
    await sandbox.pause();
    const refused = sts(sandbox).send(new GetCallerIdentityCommand({}));
    await expect(refused).rejects.toMatchObject({ code: "ECONNREFUSED" });

    await sandbox.resume();
    await sandbox.resume();
    const session = sts(sandbox, keysOf(Credentials));
    expect((await session.send(new GetCallerIdentityCommand({}))).Arn).toContain("assumed-role/R/me");
  });

  test("can be stopped twice, and while paused", async () => {
    const sandbox = await startSandbox();
    await sandbox.pause();
    await sandbox.stop();
    await sandbox.stop();
    await expect(fetch(sandbox.url)).rejects.toThrow();
  });

  test("answers 1,000 requests at once", async () => {
    const sandbox = await sandboxForTest();
    const statuses = await Promise.all(
      Array.from({ length: 1000 }, async () => {
        const { url, init } = signedPost(sandbox);
        const response = await fetch(url, init);
        await response.text();
        return response.status;
      }),
    );
    expect(new Set(statuses)).toEqual(new Set([200]));
    expect(sandbox.calls.count("GetCallerIdentity", "ok")).toBe(1000);
  });

  test("sees a change that a test makes to its state", async () => {
    const sandbox = await sandboxForTest();
    await iam(sandbox).send(new ListRolesCommand({}));
    const administrator = sandbox.state.accounts[HOME]?.users["Administrator"];
    if (administrator === undefined) throw new Error("no administrator");
    administrator.attachedPolicies = [];
    expect((await refusal(iam(sandbox).send(new ListRolesCommand({})))).code).toBe("AccessDenied");
  });
});

describe("the call log", () => {
  test("counts calls by action and outcome, with who called and when", async () => {
    const sandbox = await sandboxForTest({ clock: new SandboxClock() });
    const assume = new AssumeRoleCommand({ RoleArn: roleArn("Nobody"), RoleSessionName: "me" });
    await sts(sandbox).send(new GetCallerIdentityCommand({}));
    await refusal(sts(sandbox).send(assume));
    await refusal(sts(sandbox).send(assume));
    await fetch(sandbox.url, { method: "POST", body: "Action=AssumeRole&Version=2011-06-15" });
    const { calls } = sandbox;
    expect(calls.count("GetCallerIdentity")).toBe(1);
    expect(calls.count("AssumeRole")).toBe(3);
    expect(calls.count("AssumeRole", "AccessDenied")).toBe(2);
    expect(calls.count("AssumeRole", "MissingAuthenticationToken")).toBe(1);
    expect(calls.count("GetSessionToken")).toBe(0);
    const callerArn = `arn:aws:iam::${HOME}:user/Administrator`;
    const [first] = calls.entries;
    expect(first).toMatchObject({ action: "GetCallerIdentity", callerArn, outcome: "ok", fault: undefined });
    expect(Math.abs((first?.at ?? 0) - sandbox.clock.now())).toBeLessThan(10_000);
    expect(calls.entries.map((call) => call.callerArn)).toEqual([callerArn, callerArn, callerArn, undefined]);
    calls.clear();
    expect([calls.count("AssumeRole"), calls.entries]).toEqual([0, []]);
  });
});
