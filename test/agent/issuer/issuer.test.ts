import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { describe, expect, it, onTestFinished } from "vitest";
import { Issuer, type IssuerOptions } from "../../../packages/agent/src/issuer/issuer.ts";
import type { AssumeRole } from "../../../packages/agent/src/core/role.ts";
import { untilGone } from "../../support/processes.ts";
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

/** An issuer whose child runs this code; it has `job`, `reply(content)` and `session(text)`. */
function issuerWith(code: string, options: Partial<IssuerOptions> = {}): Issuer {
  const child = join(temporaryDirectory(), "child.mjs");
  writeFileSync(
    child,
    `import { existsSync, writeFileSync } from "node:fs";
    const flag = ${JSON.stringify(`${child}.flag`)};
    const session = (text) => ({ accessKeyId: "ASIAIOSFODNN7EXAMPLE", secretAccessKey: "s", sessionToken: text, expiresAt: 1, receivedAt: 0, lifetimeMs: 1 });
    process.on("disconnect", () => process.exit());
    process.on("message", (job) => {
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

  it("hands all jobs to one child, sixteen at once at most", async () => {
    const issuer = issuerWith(
      `globalThis.open = (globalThis.open ?? 0) + 1;
       globalThis.most = Math.max(globalThis.most ?? 0, globalThis.open);
       setTimeout(() => { globalThis.open -= 1; reply({ session: session(process.pid + "/" + globalThis.most) }); }, 5)`,
    );
    const jobs = Array.from({ length: 50 }, (_, index) => issuer.issue({ role: role(`R${index}`) }));
    const answers = (await Promise.all(jobs)).map((session) => session.sessionToken.split("/"));
    expect(new Set(answers.map(([pid]) => pid)).size).toBe(1);
    expect(answers.at(-1)?.[1]).toBe("16");
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

  it("gives up a job that kills every child", async () => {
    const issuer = issuerWith("process.exit(1)");
    await expect(issuer.issue({ role: role("Deploy") })).rejects.toMatchObject({ code: "SourceUnavailable" });
  });

  it("kills a child that hangs, and gives its later jobs to the next one", async () => {
    const issuer = issuerWith(
      'if (job.request.role.name === "Hang") for (;;); reply({ session: session("served") })',
      { deadlineMs: 500, graceMs: 500 },
    );
    const hanging = issuer.issue({ role: role("Hang") }).catch((error: unknown) => error);
    await sleep(300);
    const other = issuer.issue({ role: role("Other") });
    expect(await hanging).toMatchObject({ code: "SourceUnavailable", message: "no answer within 0.5 s" });
    expect(await other).toMatchObject({ sessionToken: "served" });
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
    issuer.stop();
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
