import { CreateUserCommand, GetRoleCommand, ListAttachedRolePoliciesCommand } from "@aws-sdk/client-iam";
import { GetRoleCredentialsCommand, type RoleCredentials } from "@aws-sdk/client-sso";
import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import type { Sandbox } from "@role-agent/sandbox";
import { describe, expect, it } from "vitest";
import { frozenClock, HOME, iam, PARTNER, refusal, sandboxForTest, sts, type Keys } from "../support.ts";
import { portal, signedIn } from "./support.ts";

interface Asked {
  accountId?: string;
  roleName?: string;
}

async function getRoleCredentials(
  sandbox: Sandbox,
  accessToken: string,
  { accountId = HOME, roleName = "ReadOnly" }: Asked = {},
): Promise<RoleCredentials> {
  const command = new GetRoleCredentialsCommand({ accessToken, accountId, roleName });
  const { roleCredentials } = await portal(sandbox).send(command);
  if (roleCredentials === undefined) throw new Error("no credentials");
  return roleCredentials;
}

function keysOf({ accessKeyId = "", secretAccessKey = "", sessionToken = "" }: RoleCredentials): Keys {
  return { accessKeyId, secretAccessKey, sessionToken };
}

describe("GetRoleCredentials", () => {
  it("gives a session of the account's reserved role, named after the user", async () => {
    const sandbox = await sandboxForTest();
    const { accessToken } = await signedIn(sandbox);
    const credentials = await getRoleCredentials(sandbox, accessToken, { accountId: PARTNER });
    const { Account, Arn } = await sts(sandbox, keysOf(credentials)).send(new GetCallerIdentityCommand({}));
    expect(Account).toBe(PARTNER);
    expect(Arn).toMatch(
      /^arn:aws:sts::444455556666:assumed-role\/AWSReservedSSO_ReadOnly_[0-9a-f]{16}\/alice$/,
    );
    expect(sandbox.calls.entries.slice(-2)).toMatchObject([
      { action: "GetRoleCredentials", outcome: "ok", callerArn: Arn },
      { action: "GetCallerIdentity" },
    ]);
  });

  it("says in milliseconds when it ends: after an hour, or as the sandbox's sessions do", async () => {
    const { clock, expiration } = frozenClock();
    for (const [options, seconds] of [
      [{ clock }, 3600],
      [{ clock, sessionSeconds: 5 }, 5],
    ] as const) {
      const sandbox = await sandboxForTest(options);
      const { accessToken } = await signedIn(sandbox);
      const credentials = await getRoleCredentials(sandbox, accessToken);
      expect(credentials.expiration).toBe(expiration(seconds).getTime());
    }
  });

  it("makes the role once, in IAM, with the permission set's policies", async () => {
    const sandbox = await sandboxForTest();
    const { accessToken } = await signedIn(sandbox);
    for (let i = 0; i < 2; i += 1)
      await getRoleCredentials(sandbox, accessToken, { roleName: "Administrator" });
    const [RoleName, ...others] = Object.keys(sandbox.state.accounts[HOME]?.roles ?? {});
    expect(others).toEqual([]);
    const { Role } = await iam(sandbox).send(new GetRoleCommand({ RoleName }));
    expect(Role).toMatchObject({
      Path: "/aws-reserved/sso.amazonaws.com/",
      Arn: `arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/${RoleName}`,
    });
    const { AttachedPolicies } = await iam(sandbox).send(new ListAttachedRolePoliciesCommand({ RoleName }));
    expect(AttachedPolicies).toMatchObject([{ PolicyName: "AdministratorAccess" }]);
  });

  it("lets the role do what its permission set allows, and no more", async () => {
    const sandbox = await sandboxForTest();
    const { accessToken } = await signedIn(sandbox);
    const create = new CreateUserCommand({ UserName: "bob" });
    const readOnly = keysOf(await getRoleCredentials(sandbox, accessToken));
    expect(await refusal(iam(sandbox, readOnly).send(create))).toMatchObject({ code: "AccessDenied" });
    const all = keysOf(await getRoleCredentials(sandbox, accessToken, { roleName: "Administrator" }));
    expect(await iam(sandbox, all).send(create)).toHaveProperty("User");
  });

  it("follows the assignments that a test makes", async () => {
    const sandbox = await sandboxForTest();
    const { accessToken } = await signedIn(sandbox);
    const asked = { accountId: PARTNER, roleName: "Auditor" };
    sandbox.state.identityCenter.assignments = [asked];
    const keys = keysOf(await getRoleCredentials(sandbox, accessToken, asked));
    const { Arn } = await sts(sandbox, keys).send(new GetCallerIdentityCommand({}));
    expect(Arn).toContain("/AWSReservedSSO_Auditor_");
    expect(await refusal(getRoleCredentials(sandbox, accessToken))).toMatchObject({
      code: "ForbiddenException",
    });
  });

  it.each([
    ["another role of the account", { accountId: PARTNER, roleName: "Administrator" }],
    ["a role of another account", { accountId: "123456789012" }],
    ["a role that isn't there", { roleName: "NoSuchRole" }],
  ])("answers ForbiddenException to %s", async (_, asked) => {
    const sandbox = await sandboxForTest();
    const { accessToken } = await signedIn(sandbox);
    expect(await refusal(getRoleCredentials(sandbox, accessToken, asked))).toMatchObject({
      code: "ForbiddenException",
      status: 403,
      message: "No access",
    });
    expect(sandbox.state.sessions).toEqual({});
  });

  it("answers ResourceNotFoundException where the account is gone", async () => {
    const sandbox = await sandboxForTest();
    const { accessToken } = await signedIn(sandbox);
    const accountId = "123456789012";
    sandbox.state.identityCenter.assignments = [{ accountId, roleName: "ReadOnly" }];
    expect(await refusal(getRoleCredentials(sandbox, accessToken, { accountId }))).toMatchObject({
      code: "ResourceNotFoundException",
      status: 404,
    });
  });

  it.each([{ accountId: "" }, { roleName: "" }])("answers InvalidRequestException to %j", async (asked) => {
    const sandbox = await sandboxForTest();
    const { accessToken } = await signedIn(sandbox);
    expect(await refusal(getRoleCredentials(sandbox, accessToken, asked))).toMatchObject({
      code: "InvalidRequestException",
      status: 400,
    });
  });

  it("answers UnauthorizedException to a token that isn't one", async () => {
    const sandbox = await sandboxForTest();
    expect(await refusal(getRoleCredentials(sandbox, "unknown"))).toMatchObject({
      code: "UnauthorizedException",
      status: 401,
    });
  });
});
