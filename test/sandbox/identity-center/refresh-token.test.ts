import { ListAccountsCommand } from "@aws-sdk/client-sso";
import { describe, expect, it } from "vitest";
import { frozenClock, refusal, sandboxForTest } from "../support.ts";
import { portal, refresh, register, signedIn } from "./support.ts";

const invalidGrant = {
  code: "InvalidGrantException",
  status: 400,
};

describe("CreateToken with a refresh token", () => {
  it("gives a new access token and the next refresh token", async () => {
    const sandbox = await sandboxForTest();
    const { client, accessToken, refreshToken } = await signedIn(sandbox);
    const renewed = await refresh(sandbox, client, refreshToken);
    expect(renewed).toMatchObject({ tokenType: "Bearer", expiresIn: 3600 });
    expect([accessToken, refreshToken]).not.toContain(renewed.accessToken);
    const again = await refresh(sandbox, client, renewed.refreshToken);
    const { accountList } = await portal(sandbox).send(
      new ListAccountsCommand({ accessToken: again.accessToken }),
    );
    expect(accountList).toHaveLength(2);
  });

  it("takes a refresh token once", async () => {
    const sandbox = await sandboxForTest();
    const { client, refreshToken } = await signedIn(sandbox);
    await refresh(sandbox, client, refreshToken);
    expect(await refusal(refresh(sandbox, client, refreshToken))).toMatchObject(invalidGrant);
  });

  it("leaves the access token before it good", async () => {
    const sandbox = await sandboxForTest();
    const { client, accessToken, refreshToken } = await signedIn(sandbox);
    await refresh(sandbox, client, refreshToken);
    const { accountList } = await portal(sandbox).send(new ListAccountsCommand({ accessToken }));
    expect(accountList).toHaveLength(2);
  });

  it("answers InvalidGrantException to an unknown one and to another client's", async () => {
    const sandbox = await sandboxForTest();
    const { client, refreshToken } = await signedIn(sandbox);
    expect(await refusal(refresh(sandbox, client, "unknown"))).toMatchObject(invalidGrant);
    expect(await refusal(refresh(sandbox, await register(sandbox), refreshToken))).toMatchObject(
      invalidGrant,
    );
    expect(await refresh(sandbox, client, refreshToken)).toHaveProperty("accessToken");
  });

  it("ends with the sign-in, and so do the access tokens", async () => {
    const { clock } = frozenClock();
    const sandbox = await sandboxForTest({ clock });
    const { client, refreshToken } = await signedIn(sandbox);
    clock.advance((28_800 - 60) * 1000);
    const last = await refresh(sandbox, client, refreshToken);
    expect(last.expiresIn).toBe(60);
    clock.advance(60_000);
    expect(await refusal(refresh(sandbox, client, last.refreshToken))).toMatchObject(invalidGrant);
    const list = new ListAccountsCommand({ accessToken: last.accessToken });
    expect(await refusal(portal(sandbox).send(list))).toMatchObject({ code: "UnauthorizedException" });
  });

  it("follows lifetimes that a test sets", async () => {
    const sandbox = await sandboxForTest();
    Object.assign(sandbox.state.identityCenter, { accessTokenSeconds: 5, sessionSeconds: 60 });
    const { client, refreshToken } = await signedIn(sandbox);
    expect(await refresh(sandbox, client, refreshToken)).toMatchObject({ expiresIn: 5 });
  });

  it("answers InvalidRequestException to none", async () => {
    const sandbox = await sandboxForTest();
    const { client } = await signedIn(sandbox);
    expect(await refusal(refresh(sandbox, client, undefined))).toMatchObject({
      code: "InvalidRequestException",
    });
  });
});
