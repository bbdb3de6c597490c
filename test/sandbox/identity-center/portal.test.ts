import {
  ListAccountRolesCommand,
  ListAccountsCommand,
  LogoutCommand,
  paginateListAccounts,
  type ListAccountsCommandInput,
} from "@aws-sdk/client-sso";
import { describe, expect, it } from "vitest";
import { frozenClock, HOME, PARTNER, refusal, sandboxForTest } from "../support.ts";
import { portal, refresh, signedIn } from "./support.ts";

describe("ListAccounts", () => {
  it("lists the accounts in which the user has a role, each once", async () => {
    const sandbox = await sandboxForTest();
    const { accessToken } = await signedIn(sandbox);
    const { accountList, nextToken } = await portal(sandbox).send(new ListAccountsCommand({ accessToken }));
    expect(accountList).toEqual(
      [HOME, PARTNER].map((accountId) => ({
        accountId,
        accountName: `sandbox-${accountId}`,
        emailAddress: `${accountId}@example.com`,
      })),
    );
    expect(nextToken).toBeUndefined();
  });

  it("gives pages that together have all of them", async () => {
    const sandbox = await sandboxForTest();
    const { accessToken } = await signedIn(sandbox);
    const ids = Array.from({ length: 5 }, (_, index) => String(100_000_000_000 + index));
    sandbox.state.identityCenter.assignments = ids.map((accountId) => ({ accountId, roleName: "ReadOnly" }));
    const pages: (string | undefined)[][] = [];
    for await (const { accountList = [] } of paginateListAccounts(
      { client: portal(sandbox), pageSize: 2 },
      { accessToken },
    )) {
      pages.push(accountList.map(({ accountId }) => accountId));
    }
    expect(pages).toEqual([ids.slice(0, 2), ids.slice(2, 4), ids.slice(4)]);
  });

  it.each<[string, Partial<ListAccountsCommandInput>]>([
    ["a page of none", { maxResults: 0 }],
    ["a page of 101", { maxResults: 101 }],
    ["a token that it didn't give", { nextToken: "later" }],
    ["a token from before the first page", { nextToken: Buffer.from("-1").toString("base64url") }],
  ])("answers InvalidRequestException to %s", async (_, changes) => {
    const sandbox = await sandboxForTest();
    const { accessToken } = await signedIn(sandbox);
    expect(
      await refusal(portal(sandbox).send(new ListAccountsCommand({ accessToken, ...changes }))),
    ).toMatchObject({ code: "InvalidRequestException", status: 400 });
  });
});

describe("ListAccountRoles", () => {
  it("lists the user's roles in an account, in pages", async () => {
    const sandbox = await sandboxForTest();
    const { accessToken } = await signedIn(sandbox);
    const input = { accessToken, accountId: HOME, maxResults: 1 };
    const first = await portal(sandbox).send(new ListAccountRolesCommand(input));
    expect(first.roleList).toEqual([{ roleName: "ReadOnly", accountId: HOME }]);
    const { nextToken } = first;
    const second = await portal(sandbox).send(new ListAccountRolesCommand({ ...input, nextToken }));
    expect(second.roleList).toEqual([{ roleName: "Administrator", accountId: HOME }]);
    expect(second.nextToken).toBeUndefined();
  });

  it("answers ForbiddenException for an account in which the user has none", async () => {
    const sandbox = await sandboxForTest();
    const { accessToken } = await signedIn(sandbox);
    const input = { accessToken, accountId: "123456789012" };
    expect(await refusal(portal(sandbox).send(new ListAccountRolesCommand(input)))).toMatchObject({
      code: "ForbiddenException",
      status: 403,
      message: "No access",
    });
  });

  it("answers InvalidRequestException where it isn't told which account", async () => {
    const sandbox = await sandboxForTest();
    const { accessToken } = await signedIn(sandbox);
    const input = { accessToken, accountId: "" };
    expect(await refusal(portal(sandbox).send(new ListAccountRolesCommand(input)))).toMatchObject({
      code: "InvalidRequestException",
    });
  });
});

describe("an access token", () => {
  it("is refused with UnauthorizedException where it is unknown or missing", async () => {
    const sandbox = await sandboxForTest();
    await signedIn(sandbox);
    for (const accessToken of ["unknown", "__proto__"]) {
      expect(await refusal(portal(sandbox).send(new ListAccountsCommand({ accessToken })))).toMatchObject({
        code: "UnauthorizedException",
        status: 401,
        message: "Session token not found or invalid",
      });
    }
    const response = await fetch(`${sandbox.url}/assignment/accounts`);
    expect([response.status, response.headers.get("x-amzn-errortype")]).toEqual([
      401,
      "UnauthorizedException",
    ]);
  });

  it("is good until it expires", async () => {
    const { clock } = frozenClock();
    const sandbox = await sandboxForTest({ clock });
    const { accessToken } = await signedIn(sandbox);
    const list = new ListAccountsCommand({ accessToken });
    clock.advance(3_599_999);
    expect(await portal(sandbox).send(list)).toHaveProperty("accountList");
    clock.advance(1);
    expect(await refusal(portal(sandbox).send(list))).toMatchObject({ code: "UnauthorizedException" });
  });

  it("is good in its own region alone", async () => {
    const sandbox = await sandboxForTest();
    const { accessToken } = await signedIn(sandbox);
    const token = sandbox.state.identityCenter.accessTokens[accessToken];
    expect(token).toMatchObject({ region: "us-east-1" });
    Object.assign(token ?? {}, { region: "eu-central-1" });
    const list = new ListAccountsCommand({ accessToken });
    expect(await refusal(portal(sandbox).send(list))).toMatchObject({ code: "UnauthorizedException" });
  });
});

describe("Logout", () => {
  it("ends the tokens of its sign-in, and of no other", async () => {
    const sandbox = await sandboxForTest();
    const ended = await signedIn(sandbox);
    const other = await signedIn(sandbox);
    await portal(sandbox).send(new LogoutCommand({ accessToken: ended.accessToken }));
    expect(
      await refusal(portal(sandbox).send(new ListAccountsCommand({ accessToken: ended.accessToken }))),
    ).toMatchObject({ code: "UnauthorizedException" });
    expect(await refusal(refresh(sandbox, ended.client, ended.refreshToken))).toMatchObject({
      code: "InvalidGrantException",
    });
    expect(await refresh(sandbox, other.client, other.refreshToken)).toHaveProperty("accessToken");
  });

  it("answers UnauthorizedException the second time", async () => {
    const sandbox = await sandboxForTest();
    const { accessToken } = await signedIn(sandbox);
    await portal(sandbox).send(new LogoutCommand({ accessToken }));
    expect(await refusal(portal(sandbox).send(new LogoutCommand({ accessToken })))).toMatchObject({
      code: "UnauthorizedException",
      status: 401,
    });
  });
});
