import { readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { startSandbox } from "@role-agent/sandbox";
import { expect, it, onTestFinished, vi } from "vitest";
import type { LoginRole } from "../../../../packages/agent/src/core/role.ts";
import { watchRenewals } from "../../../../packages/agent/src/issuer/child/renewals.ts";
import { loginSession } from "../../../../packages/agent/src/issuer/child/sources/login.ts";
import { fileMark } from "../../../../packages/agent/src/issuer/file-mark.ts";
import type { RenewedToken } from "../../../../packages/agent/src/issuer/messages.ts";
import { loginArn, nearlyEnded } from "../../../support/login-world.ts";
import { temporaryDirectory } from "../../../support/temporary.ts";

it("the renewal of a login is kept, and told of, although the file can't be read when AWS has answered", async () => {
  const sandbox = await startSandbox();
  onTestFinished(() => sandbox.stop());
  onTestFinished(() => void vi.unstubAllEnvs());
  vi.stubEnv("AWS_ENDPOINT_URL", sandbox.url);
  const tokenFile = join(temporaryDirectory(), "login.json");
  const login = nearlyEnded(await sandbox.signIn());
  writeFileSync(tokenFile, JSON.stringify(login), { mode: 0o600 });
  const role: LoginRole = { type: "login", name: "me", definedIn: "test", loginSession: loginArn, tokenFile };
  const told: (number | RenewedToken)[] = [];
  watchRenewals({ onCount: (count) => told.push(count), onKept: (token) => told.push(token) });
  onTestFinished(() => watchRenewals({ onCount: () => undefined, onKept: () => undefined }));

  sandbox.fault("CreateOAuth2Token", { kind: "latency", ms: 300 });
  const session = loginSession(role, undefined, AbortSignal.timeout(10_000));
  await sleep(100);
  rmSync(tokenFile);
  symlinkSync(tokenFile, tokenFile);
  const { accessKeyId } = await session;

  const kept: unknown = JSON.parse(readFileSync(tokenFile, "utf8"));
  expect(kept).toMatchObject({ clientId: login.clientId, accessToken: { accessKeyId } });
  expect(kept).not.toHaveProperty("refreshToken", login.refreshToken);
  expect(told).toEqual([1, { path: tokenFile, before: "", after: fileMark(tokenFile) }, 0]);
});
