import { fork } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { Issuer, type IssuerOptions } from "../../packages/agent/src/issuer/issuer.ts";
import { machineMs } from "../../packages/agent/src/issuer/machine-clock.ts";
import { createSsoWorld, ssoAccount } from "../support/sso-world.ts";
import { temporaryDirectory } from "../support/temporary.ts";

const childModule = new URL("../../packages/agent/dist/issuer/child/main.js", import.meta.url);

function issuerWith(options: IssuerOptions): Issuer {
  const issuer = new Issuer({ childModule, ...options });
  onTestFinished(() => issuer.stop());
  return issuer;
}

describe("the issuer's child", () => {
  it("keeps a renewed token that comes after its job and its time, and no person has signed in", async () => {
    const world = await createSsoWorld();
    await world.signIn();
    const { tokenFile } = world;
    world.putToken(JSON.stringify({ ...world.token(), expiresAt: "2026-01-01T00:00:00Z" }));
    const { startUrl, region: ssoRegion } = world.sandbox.state.identityCenter;
    const signIn = { startUrl, ssoRegion, sessionName: "corp", scopes: ["sso:account:access"], tokenFile };
    const role = { name: "reader", definedIn: "test", accountId: ssoAccount, ssoRoleName: "ReadOnly" };
    const issuer = issuerWith({ env: world.env, deadlineMs: 2500, idleMs: 20, partingMs: 100 });
    const [mark, { refreshToken }] = [issuer.signInMark(tokenFile), world.token()];
    world.sandbox.fault("CreateToken", { kind: "latency", ms: 4000 });
    await expect(issuer.issue({ role: { type: "sso", ...role, ...signIn } })).rejects.toMatchObject({
      message: "sso-oidc:CreateToken of corp: no answer in time",
    });
    await vi.waitFor(() => expect(world.token()["refreshToken"]).not.toBe(refreshToken), 5000);
    await vi.waitFor(() => expect(issuer.signInMark(tokenFile)).toBe(mark));
    world.putToken(JSON.stringify(world.token()));
    expect(issuer.signInMark(tokenFile)).not.toBe(mark);
  });

  it("answers in time although it took long to start", async () => {
    const slow = join(temporaryDirectory(), "slow.mjs");
    const start = "await new Promise((resolve) => setTimeout(resolve, 2500));";
    writeFileSync(slow, `${start}\nawait import(${JSON.stringify(childModule.href)});\n`);
    const limits = { deadlineMs: 5000, graceMs: 2000 };
    const issuer = issuerWith({ env: process.env, childModule: pathToFileURL(slow), ...limits });
    const role = {
      type: "process",
      name: "slow",
      definedIn: "test",
      command: "sleep 30",
      durationSeconds: 900,
    } as const;
    await expect(issuer.issue({ role })).rejects.toMatchObject({
      message: expect.stringContaining("did not end in time"),
    });
  });

  it("ends without a word of a mistake where the agent goes just as a program is started", async () => {
    const child = fork(childModule, [], { execArgv: [], stdio: ["ignore", "ignore", "pipe", "ipc"] });
    onTestFinished(() => void child.kill("SIGKILL"));
    let said = "";
    child.stderr?.setEncoding("utf8").on("data", (text: string) => (said += text));
    const role = { type: "process", name: "r", definedIn: "test", command: "false", durationSeconds: 900 };
    const job = (id: number): object => ({ id, request: { role }, endsAt: machineMs() + 10_000 });
    const replied = new Promise<void>((resolve) => {
      child.on("message", (message) => (Object(message).id === 1 ? resolve() : undefined));
    });
    child.send(job(1));
    await replied;
    // It reads the next job and the end of the channel in one go.
    child.kill("SIGSTOP");
    child.send(job(2));
    child.disconnect();
    child.kill("SIGCONT");
    expect(await once(child, "exit")).toEqual([0, null]);
    expect(said).toBe("");
  });
});
