import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { describe, expect, it, onTestFinished } from "vitest";
import { Issuer, type IssuerOptions } from "../../../packages/agent/src/issuer/issuer.ts";
import type { AssumeRole, IssuableRole, SessionTokenRole } from "../../../packages/agent/src/core/role.ts";
import { childrenOf, untilGone } from "../../support/processes.ts";
import { temporaryDirectory } from "../../support/temporary.ts";

function role(name: string): AssumeRole {
  return {
    type: "assume-role",
    name,
    definedIn: "test",
    roleArn: `arn:aws:iam::123456789012:role/${name}`,
    source: { type: "profile", profile: "base" },
    roleSessionName: "test",
    durationSeconds: 3600,
    policyArns: [],
    tags: {},
    transitiveTagKeys: [],
  };
}

const deviceRole: SessionTokenRole = {
  type: "session-token",
  name: "mfa",
  definedIn: "test",
  source: { type: "profile", profile: "base" },
  mfaSerial: "arn:aws:iam::123456789012:mfa/alice",
  askedAs: "deploy",
  durationSeconds: 43_200,
};

/** An issuer whose child runs this code; it has `job`, `reply(content)` and `session(text)`. */
function issuerWith(code: string, options: Partial<IssuerOptions> = {}): Issuer {
  const child = join(temporaryDirectory(), "child.mjs");
  writeFileSync(
    child,
    `import { existsSync, writeFileSync } from "node:fs";
    const flag = ${JSON.stringify(`${child}.flag`)};
    const session = (text) => ({ accessKeyId: "ASIAIOSFODNN7EXAMPLE", secretAccessKey: "s", sessionToken: text, expiresAt: 1, receivedAt: 0, lifetimeMs: 1 });
    process.on("disconnect", () => process.exit());
    process.on("message", async (job) => {
      const reply = (content) => process.send({ id: job.id, ...content });
      ${code}
    });`,
  );
  const issuer = new Issuer({ env: process.env, childModule: pathToFileURL(child), ...options });
  onTestFinished(() => issuer.stop());
  return issuer;
}

describe("the issuer", () => {
  it("returns the session that its child sends", async () => {
    const issuer = issuerWith("reply({ session: session(job.request.role.name) })");
    expect(await issuer.issue({ role: role("Deploy") })).toMatchObject({ sessionToken: "Deploy" });
  });

  it("raises the error that its child sends, hint and all", async () => {
    const issuer = issuerWith('reply({ error: { code: "AccessDenied", message: "no", hint: "ask" } })');
    await expect(issuer.issue({ role: role("Deploy") })).rejects.toMatchObject({
      code: "AccessDenied",
      hint: "ask",
    });
  });

  it("hands all jobs to one child, sixty-four at once at most", async () => {
    const issuer = issuerWith(
      `globalThis.open = (globalThis.open ?? 0) + 1;
       globalThis.most = Math.max(globalThis.most ?? 0, globalThis.open);
       setTimeout(() => { globalThis.open -= 1; reply({ session: session(process.pid + "/" + globalThis.most) }); }, 5)`,
    );
    const jobs = Array.from({ length: 200 }, (_, index) => issuer.issue({ role: role(`R${index}`) }));
    const answers = (await Promise.all(jobs)).map((session) => session.sessionToken.split("/"));
    expect(new Set(answers.map(([pid]) => pid)).size).toBe(1);
    expect(answers.at(-1)?.[1]).toBe("64");
  });

  it("has the child ready that it was told to prepare, and lets it go where no job comes", async () => {
    const code = "reply({ session: session(String(process.pid)) })";
    const issuer = issuerWith(code);
    issuer.prepare();
    const [prepared] = childrenOf(process.pid);
    issuer.prepare();
    expect((await issuer.issue({ role: role("Deploy") })).sessionToken).toBe(String(prepared));

    const idle = issuerWith(code, { idleMs: 20 });
    const before = childrenOf(process.pid);
    idle.prepare();
    await untilGone(childrenOf(process.pid).filter((pid) => !before.includes(pid)));
  });

  it("lets its child go when there is nothing to do, and starts another when there is", async () => {
    const issuer = issuerWith("reply({ session: session(String(process.pid)) })", { idleMs: 20 });
    const first = await issuer.issue({ role: role("Deploy") });
    await untilGone([Number(first.sessionToken)]);
    const second = await issuer.issue({ role: role("Deploy") });
    expect(second.sessionToken).not.toBe(first.sessionToken);
  });

  it("gives the jobs of a child that died to the next one", async () => {
    const issuer = issuerWith(
      'if (!existsSync(flag)) { writeFileSync(flag, ""); process.exit(1); } reply({ session: session("second") })',
    );
    expect(await issuer.issue({ role: role("Deploy") })).toMatchObject({ sessionToken: "second" });
  });

  it("never sends a one-time code to a second child, since AWS may have taken it", async () => {
    const issuer = issuerWith(
      'if (!existsSync(flag)) { writeFileSync(flag, ""); process.exit(1); } reply({ session: session("second") })',
    );
    const issued = issuer.issue({ role: deviceRole, input: { mfaCode: "123456" } });
    await expect(issued).rejects.toMatchObject({ message: "the issuer ended without an answer" });
    expect(await issuer.issue({ role: deviceRole, input: { mfaCode: "654321" } })).toMatchObject({
      sessionToken: "second",
    });
  });

  it("fails a job where the system can't start a process, and starts one for the next", async () => {
    const issuer = issuerWith('reply({ session: session("served") })');
    const { execPath } = process;
    process.execPath = "/no/such/node";
    try {
      await expect(issuer.issue({ role: role("Deploy") })).rejects.toMatchObject({
        code: "SourceUnavailable",
        message: "the issuer could not be started: the system can't start a process",
      });
    } finally {
      process.execPath = execPath;
    }
    expect(await issuer.issue({ role: role("Deploy") })).toMatchObject({ sessionToken: "served" });
  });

  it("fails a job in time that waits for its turn behind others", async () => {
    const issuer = issuerWith("", { deadlineMs: 300, graceMs: 100, concurrency: 1 });
    const start = performance.now();
    const jobs = ["A", "B", "C"].map((name) => issuer.issue({ role: role(name) }));
    const results = await Promise.allSettled(jobs);
    expect(results.map(({ status }) => status)).toEqual(["rejected", "rejected", "rejected"]);
    expect(performance.now() - start).toBeLessThan(1000);
  });

  it("ends the programs that its child runs in groups of their own, when it is stopped", async () => {
    const issuer = issuerWith(
      `const { spawn } = await import("node:child_process");
       const program = spawn("sleep", ["600"], { stdio: "ignore", detached: true });
       process.send({ groups: [program.pid] });
       reply({ session: session(String(program.pid)) });`,
    );
    const { sessionToken } = await issuer.issue({ role: role("Deploy") });
    void issuer.stop();
    await untilGone([Number(sessionToken)]);
  });

  it("lets its child keep what a token was spent for, when it is stopped", async () => {
    const issuer = issuerWith(
      `process.removeAllListeners("disconnect");
       process.on("disconnect", () => setTimeout(() => { writeFileSync(flag, "kept"); process.exit(); }, 300));
       reply({ session: session(flag) });`,
    );
    const { sessionToken: kept } = await issuer.issue({ role: role("Deploy") });
    await issuer.stop();
    expect(readFileSync(kept, "utf8")).toBe("kept");
  });

  it("keeps an idle child until it has kept what a token was spent for", async () => {
    const issuer = issuerWith(
      `process.send({ renewals: 1 });
       reply({ session: session(flag + "|" + process.pid) });
       setTimeout(() => { writeFileSync(flag, "kept"); process.send({ renewals: 0 }); }, 400);`,
      { idleMs: 20, partingMs: 50 },
    );
    const { sessionToken } = await issuer.issue({ role: role("Deploy") });
    const [kept = "", pid] = sessionToken.split("|");
    await untilGone([Number(pid)]);
    expect(readFileSync(kept, "utf8")).toBe("kept");
  });

  it("lets a child that is overdue keep what a token was spent for, unless it is stopped", async () => {
    const slowly = `process.removeAllListeners("disconnect");
       process.on("disconnect", () => setTimeout(() => { writeFileSync(flag, "kept"); process.exit(); }, 400));
       process.send({ renewals: 1 });
       if (job.request.role.name === "First") reply({ session: session(flag + "|" + process.pid) });`;
    const kept: boolean[] = [];
    for (const end of [untilGone, undefined]) {
      const issuer = issuerWith(slowly, { deadlineMs: 1500, graceMs: 500, partingMs: 50 });
      const { sessionToken } = await issuer.issue({ role: role("First") });
      const [flag = "", pid] = sessionToken.split("|");
      await expect(issuer.issue({ role: deviceRole })).rejects.toMatchObject({ code: "SourceUnavailable" });
      if (end === undefined) await issuer.stop();
      await untilGone([Number(pid)]);
      kept.push(existsSync(flag));
    }
    expect(kept).toEqual([true, false]);
  });

  it("kills a child that does not end when it is stopped", async () => {
    const issuer = issuerWith(
      "reply({ session: session(String(process.pid)) }); setTimeout(() => { for (;;); })",
    );
    const { sessionToken } = await issuer.issue({ role: role("Deploy") });
    await issuer.stop();
    await untilGone([Number(sessionToken)]);
  });

  it.each<IssuableRole>([
    {
      type: "sso",
      name: "reader",
      definedIn: "test",
      accountId: "111122223333",
      ssoRoleName: "ReadOnly",
      startUrl: "https://example.awsapps.com/start",
      ssoRegion: "eu-west-1",
      scopes: [],
      tokenFile: "/none",
    },
    {
      type: "login",
      name: "console",
      definedIn: "test",
      loginSession: "arn:aws:iam::123456789012:user/Alice",
      tokenFile: "/none",
    },
  ])(
    "hands no job of the kind $type to a second child, since AWS may have taken its token",
    async (holder) => {
      const issuer = issuerWith(
        'if (!existsSync(flag)) { writeFileSync(flag, ""); process.exit(1); } reply({ session: session("second") })',
      );
      await expect(issuer.issue({ role: holder })).rejects.toMatchObject({ code: "SourceUnavailable" });
    },
  );

  it("gives up a job that kills every child", async () => {
    const issuer = issuerWith("process.exit(1)");
    await expect(issuer.issue({ role: role("Deploy") })).rejects.toMatchObject({ code: "SourceUnavailable" });
  });

  it("kills a child that hangs, and gives its later jobs to the next one", async () => {
    const issuer = issuerWith(
      'if (job.request.role.name === "Hang") for (;;); reply({ session: session("served") })',
      { deadlineMs: 1500, graceMs: 500 },
    );
    const hanging = issuer.issue({ role: role("Hang") }).catch((error: unknown) => error);
    await sleep(1000);
    const other = issuer.issue({ role: role("Other") });
    expect(await hanging).toMatchObject({ code: "SourceUnavailable", message: "no answer within 1.5 s" });
    expect(await other).toMatchObject({ sessionToken: "served" });
  });

  it("leaves a child alone that is late with one job, but goes on with others", async () => {
    const issuer = issuerWith(
      'if (job.request.role.name !== "Late") reply({ session: session(String(process.pid)) })',
      { deadlineMs: 1500, graceMs: 1000 },
    );
    const first = await issuer.issue({ role: role("Other") });
    const late = issuer.issue({ role: role("Late") }).catch((error: unknown) => error);
    await sleep(2000);
    await issuer.issue({ role: role("Other") });
    expect(await late).toMatchObject({ message: "no answer within 1.5 s" });
    const last = await issuer.issue({ role: role("Other") });
    expect(last.sessionToken).toBe(first.sessionToken);
  });

  it.each([
    ["a session without a token", '{ session: { ...session(""), sessionToken: "" } }'],
    ["a key with a line break", '{ session: { ...session("t"), secretAccessKey: "a\\nb" } }'],
    ["an unknown error code", '{ error: { code: "Whatever", message: "no" } }'],
    ["neither session nor error", "{}"],
  ])("takes no reply that is malformed: %s", async (_name, reply) => {
    const issuer = issuerWith(`reply(${reply})`);
    await expect(issuer.issue({ role: role("Deploy") })).rejects.toMatchObject({ code: "SourceUnavailable" });
  });

  it("fails what is under way when it is stopped", async () => {
    const issuer = issuerWith("");
    const pending = issuer.issue({ role: role("Deploy") });
    void issuer.stop();
    await expect(pending).rejects.toMatchObject({ message: "the agent is stopping" });
  });

  it("shows its child no variable that it doesn't need", async () => {
    const env = { ...process.env, NODE_DEBUG: "http", SECRET_OF_SOMEONE: "x", AWS_REGION: "eu-west-1" };
    const issuer = issuerWith(
      'reply({ session: session([process.env.NODE_DEBUG, process.env.SECRET_OF_SOMEONE, process.env.AWS_REGION].join("/")) })',
      { env },
    );
    expect(await issuer.issue({ role: role("Deploy") })).toMatchObject({ sessionToken: "//eu-west-1" });
  });
});
