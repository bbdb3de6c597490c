import { request } from "node:http";
import {
  CreateRoleCommand,
  DeleteRoleCommand,
  GetRoleCommand,
  ListRolesCommand,
  PutRolePolicyCommand,
} from "@aws-sdk/client-iam";
import {
  AssumeRoleCommand,
  GetCallerIdentityCommand,
  GetScopedCredentialsCommand,
  GetSessionTokenCommand,
} from "@aws-sdk/client-sts";
import type { Sandbox, SandboxOptions } from "@role-agent/sandbox";
import { describe, expect, test } from "vitest";
import { signedPost } from "../sign.ts";
import {
  frozenClock,
  HOME,
  iam,
  keysOf,
  policy,
  refusal,
  roleArn,
  sandboxForTest,
  sts,
  trust,
  type Keys,
} from "../support.ts";

const readOnly = policy(["iam:GetRole", "iam:ListRoles"]);
const getOnly = policy(["iam:GetRole", "iam:DeleteRole"]);

/** A sandbox, and the keys of an hour's session of a role that may read and change roles, and assume them. */
async function session(options?: SandboxOptions): Promise<{ sandbox: Sandbox; keys: Keys }> {
  const sandbox = await sandboxForTest(options);
  const admin = iam(sandbox);
  await admin.send(new CreateRoleCommand({ RoleName: "R", AssumeRolePolicyDocument: trust({ AWS: HOME }) }));
  await admin.send(
    new PutRolePolicyCommand({
      RoleName: "R",
      PolicyName: "All",
      PolicyDocument: policy(["iam:Get*", "iam:List*", "iam:PutRolePolicy", "sts:AssumeRole"]),
    }),
  );
  const command = new AssumeRoleCommand({ RoleArn: roleArn("R"), RoleSessionName: "me" });
  return { sandbox, keys: keysOf((await sts(sandbox).send(command)).Credentials) };
}

async function scoped(
  sandbox: Sandbox,
  keys: Keys,
  Policy = readOnly,
  DurationSeconds?: number,
): Promise<Keys> {
  const command = new GetScopedCredentialsCommand({ Policy, ...(DurationSeconds && { DurationSeconds }) });
  return keysOf((await sts(sandbox, keys).send(command)).Credentials);
}

describe("scoped credentials", () => {
  test("are the same identity's", async () => {
    const { sandbox, keys } = await session();
    const answer = await sts(sandbox, keys).send(new GetScopedCredentialsCommand({ Policy: readOnly }));
    const Arn = `arn:aws:sts::${HOME}:assumed-role/R/me`;
    expect(answer).toMatchObject({ SessionInfo: { Arn }, ScopedPoliciesCount: 1 });
    const before = await sts(sandbox, keys).send(new GetCallerIdentityCommand({}));
    const after = await sts(sandbox, keysOf(answer.Credentials)).send(new GetCallerIdentityCommand({}));
    expect(after).toMatchObject({ Arn, UserId: before.UserId, Account: HOME });
    expect(answer.SessionInfo?.ScopedSessionId).toBe(before.UserId);
  });

  test("may do what both the session and the policy allow", async () => {
    const { sandbox, keys } = await session();
    const wide = iam(sandbox, await scoped(sandbox, keys, policy("*")));
    await wide.send(new GetRoleCommand({ RoleName: "R" }));
    const beyondSession = await refusal(wide.send(new DeleteRoleCommand({ RoleName: "R" })));
    expect(beyondSession.message).toContain("no identity-based policy allows the iam:DeleteRole action");

    const narrow = iam(sandbox, await scoped(sandbox, keys));
    expect((await narrow.send(new ListRolesCommand({}))).Roles).toHaveLength(1);
    const put = new PutRolePolicyCommand({ RoleName: "R", PolicyName: "P", PolicyDocument: readOnly });
    const { code, message } = await refusal(narrow.send(put));
    expect(code).toBe("AccessDenied");
    expect(message).toContain("no session policy allows the iam:PutRolePolicy action");
  });

  test("assume a role only where the policy allows it", async () => {
    const { sandbox, keys } = await session();
    const command = new AssumeRoleCommand({ RoleArn: roleArn("R"), RoleSessionName: "again" });
    const { message } = await refusal(sts(sandbox, await scoped(sandbox, keys)).send(command));
    expect(message).toContain("sts:AssumeRole");
    const allowed = await scoped(sandbox, keys, policy("sts:AssumeRole"));
    expect((await sts(sandbox, allowed).send(command)).Credentials).toBeDefined();
  });

  test("are narrowed further by the next policy, three times at most", async () => {
    const { sandbox, keys } = await session();
    const twice = await scoped(sandbox, await scoped(sandbox, keys), getOnly);
    await iam(sandbox, twice).send(new GetRoleCommand({ RoleName: "R" }));
    expect((await refusal(iam(sandbox, twice).send(new ListRolesCommand({})))).code).toBe("AccessDenied");
    const thrice = await scoped(sandbox, twice, policy("*"));
    const fourth = new GetScopedCredentialsCommand({ Policy: readOnly });
    expect((await refusal(sts(sandbox, thrice).send(fourth))).code).toBe("AccessDenied");
    const shorter = await sts(sandbox, thrice).send(new GetScopedCredentialsCommand({ DurationSeconds: 60 }));
    expect(shorter.ScopedPoliciesCount).toBe(3);
  });

  test("end with the session they came from, or earlier", async () => {
    const { clock, expiration } = frozenClock();
    const { sandbox, keys } = await session({ clock });
    const client = sts(sandbox, keys);
    const inherited = await client.send(new GetScopedCredentialsCommand({ Policy: readOnly }));
    expect(inherited.Credentials?.Expiration).toEqual(expiration(3600));
    const second = await client.send(new GetScopedCredentialsCommand({ DurationSeconds: 1 }));
    expect(second.Credentials?.Expiration).toEqual(expiration(1));
    clock.advance(600_000);
    const { code, status, message } = await refusal(
      client.send(new GetScopedCredentialsCommand({ Policy: readOnly, DurationSeconds: 3002 })),
    );
    expect([code, status]).toEqual(["InsufficientSessionLifetime", 400]);
    expect(message).toContain("remaining lifetime of 3000 seconds");
  });

  test("outlive no session that is shortened for tests either", async () => {
    const { sandbox, keys } = await session({ sessionSeconds: 5 });
    const { accessKeyId } = await scoped(sandbox, keys);
    const { expiresAt } = sandbox.state.sessions[keys.accessKeyId] ?? {};
    expect(sandbox.state.sessions[accessKeyId]?.expiresAt).toBe(expiresAt);
  });

  test("can be those of a user's session", async () => {
    const sandbox = await sandboxForTest();
    const { Credentials } = await sts(sandbox).send(new GetSessionTokenCommand({}));
    const keys = await scoped(sandbox, keysOf(Credentials));
    const { Arn } = await sts(sandbox, keys).send(new GetCallerIdentityCommand({}));
    expect(Arn).toBe(`arn:aws:iam::${HOME}:user/Administrator`);
  });

  test("have a token as long as it was asked for", async () => {
    const { sandbox, keys } = await session();
    const command = new GetScopedCredentialsCommand({ DurationSeconds: 60, MinimumSessionTokenSize: 4096 });
    const { SessionTokenSize, Credentials } = await sts(sandbox, keys).send(command);
    expect([SessionTokenSize, Credentials?.SessionToken?.length]).toEqual([4096, 4096]);
  });
});

describe("GetScopedCredentials is refused", () => {
  test("to long-term keys", async () => {
    const sandbox = await sandboxForTest();
    const call = sts(sandbox).send(new GetScopedCredentialsCommand({ Policy: readOnly }));
    const { code, status, message } = await refusal(call);
    expect([code, status]).toEqual(["AccessDenied", 403]);
    expect(message).toBe("Cannot call GetScopedCredentials with long-term credentials");
  });

  test("on the global endpoint, which its host tells", async () => {
    const { sandbox, keys } = await session();
    const { url, init } = signedPost(sandbox, {
      keys,
      headers: { host: "sts.amazonaws.com" },
      body: "Action=GetScopedCredentials&Version=2011-06-15&DurationSeconds=60",
    });
    const status = await new Promise((resolve, reject) => {
      const sent = request(url, init, (response) => resolve(response.resume().statusCode));
      sent.on("error", reject).end(init.body);
    });
    expect(status).toBe(400);
    expect(sandbox.calls.count("GetScopedCredentials", "InvalidAction")).toBe(1);
  });

  test.each([
    ["nothing to narrow", {}, "At least one of Policy and DurationSeconds"],
    ["no second", { DurationSeconds: 0 }, "greater than or equal to 1"],
    ["more than 36 hours", { DurationSeconds: 129_601 }, "less than or equal to 129600"],
    ["too long a policy", { Policy: `${readOnly}${" ".repeat(2048)}` }, "less than or equal to 2048"],
    ["no policy's characters", { Policy: '{"Id":"č"}' }, "regular expression pattern"],
    ["too long a description", { ScopedSessionDescription: "x".repeat(257) }, "less than or equal to 256"],
    ["too long a token", { MinimumSessionTokenSize: 4097 }, "less than or equal to 4096"],
  ])("with %s", async (_what, input, words) => {
    const { sandbox, keys } = await session();
    const call = sts(sandbox, keys).send(new GetScopedCredentialsCommand(input));
    const { code, message } = await refusal(call);
    expect(code).toBe("ValidationError");
    expect(message).toContain(words);
  });

  test("with a malformed policy, whose place it says", async () => {
    const { sandbox, keys } = await session();
    const Policy = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Resource":"*"}]}';
    const call = sts(sandbox, keys).send(new GetScopedCredentialsCommand({ Policy }));
    const { code, message } = await refusal(call);
    expect(code).toBe("MalformedPolicyDocument");
    expect(message).toContain("Statement[0]");
  });

  test("by a fault, as an endpoint without it answers", async () => {
    const { sandbox, keys } = await session();
    sandbox.fault("GetScopedCredentials", { kind: "status", status: 400, code: "InvalidAction" });
    const call = sts(sandbox, keys).send(new GetScopedCredentialsCommand({ Policy: readOnly }));
    expect((await refusal(call)).code).toBe("InvalidAction");
  });
});
