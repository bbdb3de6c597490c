import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { answerOf, run } from "./support/run.ts";
import { cacheSignIn, createSsoWorld, renew, signInByCode, signInOnDevice } from "./support/sso-cli.ts";

const readerArn = /^arn:aws:sts::111122223333:assumed-role\/AWSReservedSSO_ReadOnly_[0-9a-f]{16}\/alice$/;
const whoami = "aws sts get-caller-identity --profile reader";

describe("the AWS CLI's calls of sso-oidc and sso", () => {
  it("sign in on another device, list the accounts and roles, and log out", async () => {
    const world = await createSsoWorld();
    const signIn = await signInOnDevice(world, ["sso:account:access"]);
    const token = `--access-token=${signIn.accessToken}`;
    const { accountList } = Object(
      answerOf(await run(world, `aws sso list-accounts --page-size 1 ${token}`)),
    );
    expect(accountList).toMatchObject([{ accountId: "111122223333" }, { accountId: "444455556666" }]);
    const list = `aws sso list-account-roles --account-id 111122223333 ${token}`;
    expect(answerOf(await run(world, list))).toMatchObject({
      roleList: [{ roleName: "ReadOnly" }, { roleName: "Administrator" }],
    });
    expect(await run(world, `aws sso logout ${token}`)).toEqual({ stdout: "", stderr: "", code: 0 });
    expect((await run(world, list)).stderr).toContain(
      "(UnauthorizedException) when calling the ListAccountRoles operation: Session token not found or invalid",
    );
  });

  it("sign in with an authorization code and PKCE, and renew by refresh token", async () => {
    const world = await createSsoWorld();
    const renewed = await renew(world, await signInByCode(world));
    const ask = `aws sso get-role-credentials --account-id 444455556666 --access-token=${renewed.accessToken}`;
    expect(answerOf(await run(world, `${ask} --role-name ReadOnly`))).toMatchObject({
      roleCredentials: { accessKeyId: expect.stringMatching(/^ASIA/), expiration: expect.any(Number) },
    });
    expect((await run(world, `${ask} --role-name Administrator`)).stderr).toContain(
      "(ForbiddenException) when calling the GetRoleCredentials operation: No access",
    );
  });
});

describe("the AWS CLI with a profile of IAM Identity Center", () => {
  it("is the user in the reserved role, by the token of its session", async () => {
    const world = await createSsoWorld();
    cacheSignIn(world, "sandbox", await signInByCode(world));
    expect(answerOf(await run(world, whoami))).toMatchObject({
      Account: "111122223333",
      Arn: expect.stringMatching(readerArn),
    });
  });

  it("is so by the token of its start URL, where it names no session", async () => {
    const world = await createSsoWorld();
    const signIn = await signInOnDevice(world, []);
    cacheSignIn(world, world.sandbox.state.identityCenter.startUrl, signIn);
    expect(answerOf(await run(world, "aws sts get-caller-identity --profile inline"))).toMatchObject({
      Account: "444455556666",
    });
  });

  it("renews a token that is about to end, and caches what it got", async () => {
    const world = await createSsoWorld();
    const signIn = await signInOnDevice(world, ["sso:account:access"]);
    const path = cacheSignIn(world, "sandbox", signIn, 60);
    const calls = world.sandbox.calls.count("CreateToken", "ok");
    expect(answerOf(await run(world, whoami))).toMatchObject({ Arn: expect.stringMatching(readerArn) });
    expect(world.sandbox.calls.count("CreateToken", "ok")).toBe(calls + 1);
    const { accessToken, refreshToken } = JSON.parse(readFileSync(path, "utf8"));
    expect([accessToken, refreshToken]).not.toContain(signIn.accessToken);
    expect(Object.keys(world.sandbox.state.identityCenter.refreshTokens)).toEqual([refreshToken]);
  });

  it("is told to sign in anew where the sign-in is over", async () => {
    const world = await createSsoWorld();
    const signIn = await signInOnDevice(world, ["sso:account:access"]);
    cacheSignIn(world, "sandbox", signIn);
    await run(world, `aws sso logout --access-token=${signIn.accessToken}`);
    const refused = await run(world, whoami);
    expect(refused.stdout).toBe("");
    expect(refused.stderr).toContain("The SSO session associated with this profile has expired");
  });
});
