import {
  GetRoleCredentialsCommand,
  ListAccountRolesCommand,
  ListAccountsCommand,
  LogoutCommand,
} from "@aws-sdk/client-sso";
import type { Sandbox } from "@role-agent/sandbox";
import { describe, expect, it } from "vitest";
import { HOME, refusal, sandboxForTest } from "../support.ts";
import { portal, refresh, register, registerDevice, signedIn, startDevice } from "./support.ts";

const calls: [string, (sandbox: Sandbox) => Promise<unknown>][] = [
  ["RegisterClient", (sandbox) => register(sandbox)],
  ["StartDeviceAuthorization", async (sandbox) => startDevice(sandbox, await registerDevice(sandbox))],
  ["CreateToken", async (sandbox) => refresh(sandbox, await register(sandbox), "any")],
  [
    "GetRoleCredentials",
    (sandbox) =>
      portal(sandbox).send(
        new GetRoleCredentialsCommand({ accessToken: "any", accountId: HOME, roleName: "ReadOnly" }),
      ),
  ],
  ["ListAccounts", (sandbox) => portal(sandbox).send(new ListAccountsCommand({ accessToken: "any" }))],
  [
    "ListAccountRoles",
    (sandbox) => portal(sandbox).send(new ListAccountRolesCommand({ accessToken: "any", accountId: HOME })),
  ],
  ["Logout", (sandbox) => portal(sandbox).send(new LogoutCommand({ accessToken: "any" }))],
];

describe("a fault", () => {
  it.each(calls)("of %s is what the client gets and the log shows", async (operation, call) => {
    const sandbox = await sandboxForTest();
    sandbox.fault(operation, { kind: "status", status: 429, code: "TooManyRequestsException" });
    expect(await refusal(call(sandbox))).toMatchObject({ code: "TooManyRequestsException", status: 429 });
    expect(sandbox.calls.entries.at(-1)).toMatchObject({
      action: operation,
      outcome: "TooManyRequestsException",
      fault: "status",
    });
  });

  it("of CreateToken leaves the refresh token good", async () => {
    const sandbox = await sandboxForTest();
    const { client, refreshToken } = await signedIn(sandbox);
    const fault = { kind: "status", status: 500, code: "InternalServerException" } as const;
    sandbox.fault("CreateToken", fault, { times: 1 });
    expect(await refusal(refresh(sandbox, client, refreshToken))).toMatchObject({
      code: "InternalServerException",
      status: 500,
    });
    expect(await refresh(sandbox, client, refreshToken)).toHaveProperty("accessToken");
  });
});
