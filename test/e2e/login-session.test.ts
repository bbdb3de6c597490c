import { chmodSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { STSClient, GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import { fromLoginCredentials } from "@aws-sdk/credential-providers";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { createLoginWorld, loginArn, nearlyEnded, type LoginWorld } from "../support/login-world.ts";

const call = "CreateOAuth2Token";

/** Every secret of a login. */
function secretsOf({ read }: LoginWorld): string[] {
  const { accessToken, refreshToken, dpopKey, idToken } = read();
  const { secretAccessKey, sessionToken } = accessToken;
  return [refreshToken, idToken, secretAccessKey, sessionToken, dpopKey.split("\n")[1] ?? "none"];
}

async function callerOf(world: LoginWorld, role: string): Promise<string | undefined> {
  const client = new STSClient({
    region: world.sandbox.region,
    endpoint: world.sandbox.url,
    credentials: world.provider(role),
  });
  onTestFinished(() => client.destroy());
  return (await client.send(new GetCallerIdentityCommand({}))).Arn;
}

describe("a profile with login_session", () => {
  it("is served with the keys of the AWS CLI's login as long as they are young", async () => {
    const world = await createLoginWorld();
    await world.startAgent();
    const { AccessKeyId, AccountId } = await world.client.credentials("console");
    expect(AccessKeyId).toBe(world.read().accessToken.accessKeyId);
    expect(AccountId).toBe("111122223333");
    expect(await callerOf(world, "console")).toBe(loginArn);
    expect(world.sandbox.calls.count(call)).toBe(0);
    expect((await world.run("roles")).stdout).toMatch(/^console +login .*login session arn:aws:iam::/m);
  });

  it("is renewed in the background, and the login's file has each new refresh token", async () => {
    const world = await createLoginWorld({ sessionSeconds: 3 });
    const agent = await world.startAgent();
    const first = { ...world.read(), note: { ofAnotherTool: true } };
    world.write(first);
    const secrets = secretsOf(world);
    const keys = new Set<string>();
    const refreshTokens = new Set([first.refreshToken]);
    for (const renewal of [1, 2, 3]) {
      await Promise.all([world.untilRenewals(renewal), world.client.credentials("console")]);
      keys.add((await world.client.credentials("console")).AccessKeyId);
      refreshTokens.add(world.read().refreshToken);
      secrets.push(...secretsOf(world));
    }
    expect(keys.size).toBeGreaterThan(1);
    expect(refreshTokens.size).toBeGreaterThan(2);
    const { accessToken: _, refreshToken: __, ...kept } = first;
    expect(world.read()).toMatchObject(kept);
    expect(await callerOf(world, "console")).toBe(loginArn);
    await agent.end();
    expect(statSync(world.tokenFile).mode & 0o777).toBe(0o600);
    expect(readdirSync(dirname(world.tokenFile))).toHaveLength(1);
    for (const secret of secrets) expect(agent.log).not.toContain(secret);
  });

  it("takes the keys that the AWS CLI has renewed under it, and doesn't renew them again", async () => {
    const world = await createLoginWorld();
    world.write(nearlyEnded(world.read()));
    await world.startAgent();
    await world.client.credentials("console");
    expect(world.sandbox.calls.count(call, "ok")).toBe(1);
    world.write(await world.sandbox.signIn());
    await world.client.refresh("console");
    expect((await world.client.credentials("console")).AccessKeyId).toBe(
      world.read().accessToken.accessKeyId,
    );
    expect(world.sandbox.calls.count(call)).toBe(1);
    await world.client.refresh("console");
    expect(world.sandbox.calls.count(call, "ok")).toBe(2);
  });

  it("is renewed by the AWS SDK for JavaScript from what the agent has written, and the reverse", async () => {
    const world = await createLoginWorld();
    world.write(nearlyEnded(world.read()));
    await world.startAgent();
    await world.client.credentials("console");
    vi.stubEnv("AWS_LOGIN_CACHE_DIRECTORY", dirname(world.tokenFile));
    onTestFinished(() => void vi.unstubAllEnvs());
    const ofSdk = fromLoginCredentials({
      profile: "console",
      configFilepath: world.env["AWS_CONFIG_FILE"] ?? "",
      clientConfig: { endpoint: world.sandbox.url, region: world.sandbox.region },
    });
    expect((await ofSdk()).accessKeyId).toBe(world.read().accessToken.accessKeyId);
    world.write(nearlyEnded(world.read()));
    const { accessKeyId } = await ofSdk();
    expect(world.sandbox.calls.count(call, "ok")).toBe(2);
    await world.client.refresh("console");
    expect((await world.client.credentials("console")).AccessKeyId).toBe(accessKeyId);
    await world.client.refresh("console");
    expect(world.sandbox.calls.count(call, "ok")).toBe(3);
  });

  it("is renewed once for all roles of the login, and is the source of another", async () => {
    const world = await createLoginWorld();
    world.env["AWS_ENDPOINT_URL"] = world.sandbox.url;
    const deploy = `role_arn = "arn:aws:iam::444455556666:role/Deploy"\nexternal_id = "team-core"`;
    world.configure(
      `[roles.me]\nlogin_session = "${loginArn}"\n[roles.deploy]\n${deploy}\nsource_profile = "console"\n`,
    );
    world.write(nearlyEnded(world.read()));
    await world.startAgent();
    const [me, console_, deployed] = await Promise.all(
      ["me", "console", "deploy"].map((role) => world.client.credentials(role)),
    );
    expect(me?.AccessKeyId).toBe(console_?.AccessKeyId);
    expect(deployed).toMatchObject({ RoleArn: "arn:aws:iam::444455556666:role/Deploy" });
    expect(world.sandbox.calls.count(call)).toBe(1);
  });

  it("goes on with live keys when the first renewal fails, and later says why", async () => {
    const world = await createLoginWorld();
    world.write(nearlyEnded(world.read(), 5));
    const { accessKeyId } = world.read().accessToken;
    world.sandbox.fault(call, { kind: "status", status: 500 });
    await world.startAgent();
    expect((await world.client.credentials("console")).AccessKeyId).toBe(accessKeyId);
    await expect(world.client.refresh("console")).rejects.toMatchObject({ code: "SourceUnavailable" });
    expect((await world.client.credentials("console")).AccessKeyId).toBe(accessKeyId);
    world.sandbox.clearFaults();
    await world.untilRenewals(1);
  });

  it("is renewed by AWS's clock where this machine's is wrong", async () => {
    const world = await createLoginWorld();
    world.write(nearlyEnded(world.read()));
    world.sandbox.clock.advance(3_600_000);
    await world.startAgent();
    const { Expiration } = await world.client.credentials("console");
    expect(Date.parse(Expiration) - world.sandbox.clock.now()).toBeGreaterThan(890_000);
    expect(Date.parse(world.read().accessToken.expiresAt) - Date.now()).toBeLessThan(901_000);
  });

  const login = (world: LoginWorld): { credentialsChanged: boolean; endsAt: number } => {
    const [first] = Object.values(world.sandbox.state.logins);
    if (first === undefined) throw new Error("nobody is signed in");
    return first;
  };
  const answer = (world: LoginWorld, status: number, body: object): unknown =>
    world.sandbox.fault(call, { kind: "answer", status, body: JSON.stringify(body) });

  it.each<readonly [string, (world: LoginWorld) => unknown, string, RegExp, RegExp]>([
    [
      "has ended",
      (world) => (login(world).endsAt = Date.now()),
      "LoginRequired",
      /^arn:aws:iam::111122223333:user\/Administrator: the login has ended$/,
      /^aws login --profile console$/,
    ],
    [
      "has ended with the password",
      (world) => (login(world).credentialsChanged = true),
      "LoginRequired",
      /the password was changed$/,
      /^aws login --profile console$/,
    ],
    [
      "may not be renewed",
      ({ sandbox }) => {
        const user = sandbox.state.accounts["111122223333"]?.users["Administrator"];
        if (user !== undefined) user.attachedPolicies = [];
      },
      "AccessDenied",
      /INSUFFICIENT_PERMISSIONS: User: .* is not authorized to perform: signin:CreateOAuth2Token/,
      /SignInLocalDevelopmentAccess/,
    ],
    [
      "is refused for a reason of AWS's own",
      (world) => answer(world, 403, { error: "NEW_REASON", message: "no" }),
      "LoginRequired",
      /can't be renewed: .*NEW_REASON: no$/,
      /^aws login --profile console$/,
    ],
    [
      "is quoted by a refusal",
      (world) =>
        answer(world, 400, { error: "INVALID_REQUEST", message: `bad ${world.read().refreshToken}` }),
      "InvalidConfiguration",
      /INVALID_REQUEST: bad \(the refresh token\)$/,
      /clock.*aws login --profile console$/,
    ],
    [
      "meets too many requests",
      (world) => answer(world, 429, { error: "INVALID_REQUEST", message: "slow down" }),
      "SourceUnavailable",
      /slow down/,
      /^$/,
    ],
    [
      "meets an answer that is none",
      ({ sandbox }) => sandbox.fault(call, { kind: "garbage" }),
      "SourceUnavailable",
      /the answer is not understood$/,
      /^$/,
    ],
    [
      "meets a dead connection",
      ({ sandbox }) => sandbox.pause(),
      "SourceUnavailable",
      /AWS can't be reached/,
      /HTTPS_PROXY/,
    ],
    [
      "meets a proxy's refusal",
      ({ sandbox }) => sandbox.fault(call, { kind: "answer", status: 403, body: "<html>Blocked</html>" }),
      "SourceUnavailable",
      /\(HTTP 403\) is not AWS's$/,
      /HTTPS_PROXY/,
    ],
    [
      "is gone",
      ({ tokenFile }) => rmSync(tokenFile),
      "LoginRequired",
      /nobody has signed in on this machine$/,
      /^aws login --profile console$/,
    ],
    [
      "is no JSON",
      ({ tokenFile }) => writeFileSync(tokenFile, '{"refreshToken": "secret-'),
      "InvalidConfiguration",
      /^login file .*\.json is no JSON object$/,
      /sign in again: aws login --profile console$/,
    ],
    [
      "lacks its keys",
      ({ write, read }) => write({ ...read(), accessToken: {} }),
      "InvalidConfiguration",
      /has no proper accessToken\.accessKeyId$/,
      /sign in again/,
    ],
    [
      "has another kind of key",
      ({ write, read }) => write(nearlyEnded({ ...read(), dpopKey: "secret-key" })),
      "InvalidConfiguration",
      /has no proper dpopKey$/,
      /sign in again/,
    ],
    [
      "is a directory",
      ({ tokenFile }) => {
        rmSync(tokenFile);
        mkdirSync(tokenFile);
      },
      "InvalidConfiguration",
      /is a directory, not a file$/,
      /path of a file/,
    ],
    [
      "can be written by others",
      ({ tokenFile }) => chmodSync(tokenFile, 0o666),
      "InvalidConfiguration",
      /can be written by others than its owner \(mode 0666\)$/,
      /chmod go-w/,
    ],
    [
      "is larger than any",
      ({ tokenFile }) => writeFileSync(tokenFile, "x".repeat(300_000)),
      "InvalidConfiguration",
      /is larger than/,
      /remove/,
    ],
  ])(
    "whose login %s says so; the old session stays, and other roles don't notice",
    async (_name, spoil, code, message, hint) => {
      const world = await createLoginWorld();
      const agent = await world.startAgent();
      const before = await world.client.credentials("console");
      const deployed = await world.client.credentials("deploy");
      const secrets = secretsOf(world);
      await spoil(world);
      const failure: unknown = await world.client.refresh("console").catch((error: unknown) => error);
      expect(failure).toMatchObject({ code, message: expect.stringMatching(message) });
      expect(failure).toHaveProperty("hint", hint.source === "^$" ? undefined : expect.stringMatching(hint));
      expect(await world.client.credentials("console")).toEqual(before);
      expect(await world.client.credentials("deploy")).toEqual(deployed);
      const shown = `${String(failure)} ${agent.log}`;
      for (const secret of [...secrets, "secret-"]) expect(shown).not.toContain(secret);
    },
  );
});
