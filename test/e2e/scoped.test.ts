import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { GetRoleCommand, ListRolesCommand, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import { fromRoleAgent, type RoleStatus } from "@role-agent/provider";
import type { SandboxOptions, Session } from "@role-agent/sandbox";
import { describe, expect, it } from "vitest";
import { administrator, iam, PARTNER, policy, refusal, sts } from "../sandbox/support.ts";
import type { AgentProcess } from "../support/agent-process.ts";
import { sendRaw, type RawAnswer } from "../support/raw-http.ts";
import { createWorld, deployArn, deployConfig, type World } from "../support/world.ts";

const call = "GetScopedCredentials";
const readOnly = {
  Version: "2012-10-17",
  Statement: { Sid: "ReadOneRole", Effect: "Allow", Action: "iam:GetRole", Resource: "*" },
};
const sessionArn = `arn:aws:sts::${PARTNER}:assumed-role/Deploy/alice`;
const missing = { kind: "status", status: 400, code: "InvalidAction" } as const;

interface ScopedWorld extends World {
  readonly agent: AgentProcess;
}

/** A running agent with a role that may read roles, and `readonly`, that role narrowed. */
async function createScopedWorld(options?: SandboxOptions, extra = ""): Promise<ScopedWorld> {
  const world = await createWorld(options);
  await iam(world.sandbox, administrator(world.sandbox, PARTNER)).send(
    new PutRolePolicyCommand({
      RoleName: "Deploy",
      PolicyName: "Read",
      PolicyDocument: policy(["iam:GetRole", "iam:ListRoles"]),
    }),
  );
  writeFileSync(join(world.home, ".config/role-agent/readonly.json"), JSON.stringify(readOnly));
  world.configure(
    `${deployConfig}role_session_name = "alice"\n\n[roles.readonly]\nsource_role = "deploy"\npolicy_file = "readonly.json"\n${extra}`,
  );
  return { ...world, agent: await world.startAgent() };
}

async function sessionOf({ client, sandbox }: World, role: string): Promise<Session | undefined> {
  return sandbox.state.sessions[(await client.credentials(role)).AccessKeyId];
}

async function statusOf({ client }: World, role: string): Promise<RoleStatus | undefined> {
  return (await client.status()).roles.find(({ name }) => name === role);
}

async function post({ socketPath }: World, body: string, role = "deploy"): Promise<RawAnswer> {
  const length = Buffer.byteLength(body);
  const head = `POST /v1/credentials/${role} HTTP/1.1\r\nHost: role-agent\r\nContent-Length: ${length}\r\n\r\n`;
  return sendRaw(socketPath, `${head}${body}`);
}

describe("a role with source_role and a policy", () => {
  it("is the source's session with fewer rights, across renewals", async () => {
    const world = await createScopedWorld({ sessionSeconds: 3 });
    const seen = new Set<string>();
    while (seen.size < 3) {
      const document = await world.client.credentials("readonly");
      expect(document).toMatchObject({ AccountId: PARTNER, RoleArn: deployArn });
      expect(world.sandbox.state.sessions[document.AccessKeyId]).toMatchObject({
        sessionName: "alice",
        scopePolicies: [JSON.stringify(readOnly)],
      });
      expect(Date.parse(document.Expiration)).toBeGreaterThan(Date.now());
      seen.add(document.AccessKeyId);
      await sleep(50);
    }
    const assumed = world.sandbox.calls.count("AssumeRole", "ok");
    expect(world.sandbox.calls.count(call)).toBeLessThanOrEqual(assumed + 1);
    const status = await statusOf(world, "readonly");
    expect(status).toMatchObject({ roleArn: deployArn, scopedBy: call });
    expect(status?.nextRenewal).toBe((await statusOf(world, "deploy"))?.nextRenewal);
    expect(await statusOf(world, "deploy")).not.toHaveProperty("scopedBy");
    expect((await world.run("status")).stdout).toContain(`\nreadonly: scoped by ${call}\n`);
    expect((await world.run("roles")).stdout).toMatch(/^readonly +scoped +role deploy, scoped down/m);
  });

  it("ends with its source where it was asked to live longer", async () => {
    const world = await createScopedWorld({}, "duration_seconds = 129600\n");
    const [source, scoped] = [await sessionOf(world, "deploy"), await sessionOf(world, "readonly")];
    expect(scoped?.expiresAt).toBe(source?.expiresAt);
    expect(world.sandbox.calls.count(call, "InsufficientSessionLifetime")).toBe(1);
  });

  it("renews its source and asks again when AWS rejects the source's session", async () => {
    const world = await createScopedWorld();
    const { AccessKeyId } = await world.client.credentials("deploy");
    delete world.sandbox.state.sessions[AccessKeyId];
    await world.client.credentials("readonly");
    expect((await world.client.credentials("deploy")).AccessKeyId).not.toBe(AccessKeyId);
    expect(world.sandbox.calls.count(call)).toBe(2);
  });

  it("says what AWS has against its policy, and stops no other role", async () => {
    const world = await createScopedWorld();
    world.configure(
      readFileSync(join(world.home, ".config/role-agent/config.toml"), "utf8").replace(
        'policy_file = "readonly.json"',
        `policy = '{"Version":"2012-10-17"}'`,
      ),
    );
    await world.client.reload();
    await expect(world.client.credentials("readonly")).rejects.toMatchObject({
      code: "InvalidConfiguration",
      message: expect.stringMatching(/^sts:GetScopedCredentials of role deploy: MalformedPolicyDocument/),
    });
    await world.client.credentials("deploy");
  });

  it("takes no answer for another identity", async () => {
    const world = await createScopedWorld();
    const keys =
      "<AccessKeyId>ASIAIOSFODNN7EXAMPLE</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration>";
    const info = `<SessionInfo><ScopedSessionId>X:alice</ScopedSessionId><Arn>${sessionArn.replace(PARTNER, "123456789012")}</Arn></SessionInfo>`;
    const body = `<${call}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><${call}Result><Credentials>${keys}</Credentials>${info}</${call}Result></${call}Response>`;
    world.sandbox.fault(call, { kind: "answer", body });
    await expect(world.client.credentials("readonly")).rejects.toMatchObject({
      code: "SourceUnavailable",
      message: expect.stringContaining("the answer is for another identity"),
    });
  });
});

describe("where the endpoint has no GetScopedCredentials", () => {
  it("the source is assumed anew with the policy, by its own source, until the endpoint has it", async () => {
    const world = await createScopedWorld();
    const takeBack = world.sandbox.fault(call, missing);
    expect(await sessionOf(world, "readonly")).toMatchObject({
      sessionName: "alice",
      policies: [{ document: JSON.stringify(readOnly) }],
    });
    expect(await statusOf(world, "readonly")).toMatchObject({ state: "fresh", scopedBy: "AssumeRole" });
    expect((await world.run("status")).stdout).toContain("\nreadonly: scoped by AssumeRole\n");
    takeBack();
    await world.client.refresh("readonly");
    expect(await statusOf(world, "readonly")).toMatchObject({ scopedBy: call });
  });

  it("as the global one hasn't, it isn't even asked", async () => {
    const world = await createScopedWorld({}, 'region = "aws-global"\n');
    expect(await sessionOf(world, "readonly")).toMatchObject({ policies: [expect.anything()] });
    expect(world.sandbox.calls.count(call)).toBe(0);
  });

  it("a client's own policy goes the same way", async () => {
    const world = await createScopedWorld();
    world.sandbox.fault(call, missing);
    const { AccessKeyId } = await world.client.credentials("deploy", { policy: readOnly });
    expect(world.sandbox.state.sessions[AccessKeyId]).toMatchObject({
      policies: [{ document: JSON.stringify(readOnly) }],
    });
  });

  it("what can't be assumed anew says so", async () => {
    const world = await createScopedWorld();
    world.sandbox.fault(call, missing);
    for (const role of ["readonly", "sandbox"]) {
      await expect(world.client.credentials(role, { policy: readOnly })).rejects.toMatchObject({
        code: "InvalidConfiguration",
        hint: "only a role of AssumeRole can be assumed anew instead: name another region",
      });
    }
    const short = world.client.credentials("deploy", { policy: readOnly, durationSeconds: 60 });
    await expect(short).rejects.toMatchObject({ hint: expect.stringContaining("900 seconds at least") });
    await world.client.credentials("deploy");
  });
});

describe("credentials that a client narrows for itself", () => {
  it("are the same role's, in every AWS client, for what the policy allows and no more", async () => {
    const world = await createScopedWorld();
    const provider = fromRoleAgent({ role: "deploy", policy: readOnly, socketPath: world.socketPath });
    const keys = await provider();
    const { Arn } = await sts(world.sandbox, keys).send(new GetCallerIdentityCommand({}));
    expect(Arn).toBe(sessionArn);
    const client = iam(world.sandbox, keys);
    expect((await client.send(new GetRoleCommand({ RoleName: "Deploy" }))).Role?.Arn).toBe(deployArn);
    const { code, message } = await refusal(client.send(new ListRolesCommand({})));
    expect(code).toBe("AccessDenied");
    expect(message).toContain("no session policy allows the iam:ListRoles action");
    const unscoped = iam(world.sandbox, await world.provider()());
    expect((await unscoped.send(new ListRolesCommand({}))).Roles).toHaveLength(1);
  });

  it("cost AWS one call for fifty clients with the same policy", async () => {
    const world = await createScopedWorld();
    const ask = async (): Promise<string> =>
      (await world.client.credentials("deploy", { policy: readOnly })).AccessKeyId;
    const keys = await Promise.all(Array.from({ length: 50 }, ask));
    expect(new Set([...keys, await ask()]).size).toBe(1);
    expect(world.sandbox.calls.count(call)).toBe(1);
    expect(world.sandbox.calls.count("AssumeRole")).toBe(1);
  });

  it("live as long as is asked", async () => {
    const world = await createScopedWorld();
    const scope = { policy: JSON.stringify(readOnly), durationSeconds: 60 };
    const { Expiration } = await world.client.credentials("deploy", scope);
    const seconds = (Date.parse(Expiration) - Date.now()) / 1000;
    expect(seconds).toBeGreaterThan(50);
    expect(seconds).toBeLessThanOrEqual(61);
  });

  it("narrow a role that is narrow already", async () => {
    const world = await createScopedWorld();
    const all = { Version: "2012-10-17", Statement: { Effect: "Allow", Action: "*", Resource: "*" } };
    const { AccessKeyId } = await world.client.credentials("readonly", { policy: all });
    expect(world.sandbox.state.sessions[AccessKeyId]).toMatchObject({
      scopePolicies: [JSON.stringify(readOnly), JSON.stringify(all)],
    });
  });

  it("take a policy of 2048 characters, however its text is escaped", async () => {
    const world = await createScopedWorld();
    const withName = (name: string): string =>
      JSON.stringify({
        ...readOnly,
        Statement: { ...readOnly.Statement, Condition: { StringNotEquals: { "aws:username": name } } },
      });
    const text = withName("ÿ".repeat(2048 - withName("").length));
    expect(text).toHaveLength(2048);
    const body = JSON.stringify({ policy: text }).replaceAll("ÿ", "\\u00ff");
    expect((await post(world, body)).status).toBe(200);
    const spaced = `${JSON.stringify(readOnly)}${"\n".repeat(2048)}`.slice(0, 2048);
    expect((await post(world, JSON.stringify({ policy: spaced }))).status).toBe(200);
  });

  it("are refused for a body that can't be meant, without asking AWS", async () => {
    const world = await createScopedWorld();
    const good = JSON.stringify(readOnly);
    const cases: readonly (readonly [string, string])[] = [
      ["", "the body is not JSON"],
      ["{", "the body is not JSON"],
      ["[]", "the body is no JSON object"],
      ["null", "the body is no JSON object"],
      ["{}", "policy is missing"],
      [`{"policy":${good},"Policy":1}`, 'the body has an unknown key "Policy"'],
      [`{"policy":${good},"__proto__":{}}`, 'the body has an unknown key "__proto__"'],
      ['{"policy":[]}', "policy must be an object, or its JSON text"],
      ['{"policy":null}', "policy must be an object, or its JSON text"],
      ['{"policy":"{"}', "policy isn't JSON"],
      ['{"policy":"[]"}', "policy must be a JSON object, not a list"],
      [`{"policy":{"Id":"${"x".repeat(2048)}"}}`, "policy has 2057 characters; AWS takes 2048 at most"],
      ['{"policy":{"Id":"č"}}', "policy has characters that AWS doesn't take"],
      [`{"policy":${good},"durationSeconds":"60"}`, "durationSeconds must be a number"],
      [`{"policy":${good},"durationSeconds":0}`, "durationSeconds must be a whole number of seconds from 1"],
      [
        `{"policy":${good},"durationSeconds":1.5}`,
        "durationSeconds must be a whole number of seconds from 1",
      ],
      [`{"policy":${good},"durationSeconds":129601}`, "from 1 to 129600"],
    ];
    for (const [body, message] of cases) {
      const answer = await post(world, body);
      expect({ body, status: answer.status }).toEqual({ body, status: 400 });
      expect(JSON.parse(answer.body)).toMatchObject({
        code: "InvalidRequest",
        message: expect.stringContaining(message),
        hint: expect.stringContaining("send {"),
      });
    }
    expect(world.sandbox.calls.count("AssumeRole")).toBe(0);
    expect((await post(world, `{"policy":${good}}`, "nope")).status).toBe(404);
    expect((await post(world, `{"policy":${good}}`)).status).toBe(200);
  });

  it("are refused for a policy that AWS calls malformed, with the place", async () => {
    const world = await createScopedWorld();
    const malformed = { Version: "2012-10-17", Statement: [{ Effect: "Allow", Resource: "*" }] };
    for (const attempt of [1, 2]) {
      await expect(
        world.client.credentials("deploy", { policy: malformed }),
        String(attempt),
      ).rejects.toMatchObject({
        code: "InvalidConfiguration",
        message: expect.stringMatching(/MalformedPolicyDocument.*Statement\[0\]/),
      });
    }
    expect(world.sandbox.calls.count(call)).toBe(1);
  });

  it("leave neither a secret nor a policy in the log", async () => {
    const world = await createScopedWorld();
    world.configure(
      `[agent]\nlog_level = "debug"\n${readFileSync(join(world.home, ".config/role-agent/config.toml"), "utf8")}`,
    );
    await world.client.reload();
    const documents = [
      await world.client.credentials("readonly"),
      await world.client.credentials("deploy", { policy: readOnly }),
    ];
    await world.client.credentials("deploy", { policy: { Sid: "ReadOneRole" } }).catch(() => undefined);
    for (const { AccessKeyId, SecretAccessKey, SessionToken } of documents) {
      expect(world.agent.log).toContain(AccessKeyId);
      expect(world.agent.log).not.toContain(SecretAccessKey);
      expect(world.agent.log).not.toContain(SessionToken);
    }
    expect(world.agent.log).toContain("deploy: not narrowed for a client: InvalidConfiguration");
    expect(world.agent.log).not.toContain("ReadOneRole");
    expect(world.agent.log).not.toContain("Sid");
  });
});
