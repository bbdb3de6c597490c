import { existsSync } from "node:fs";
import { join } from "node:path";
import { startSandbox, type Sandbox } from "@role-agent/sandbox";
import { beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { signIn } from "../../../../packages/agent/src/issuer/child/login/sign-in.ts";
import type { LoginJob } from "../../../../packages/agent/src/issuer/login-errand.ts";
import { temporaryDirectory } from "../../../support/temporary.ts";

let sandbox: Sandbox;
let tokenFile: string;

beforeEach(async () => {
  sandbox = await startSandbox();
  onTestFinished(() => sandbox.stop());
  const home = temporaryDirectory();
  tokenFile = join(home, "token.json");
  vi.stubEnv("AWS_ENDPOINT_URL", sandbox.url);
  vi.stubEnv("AWS_CONFIG_FILE", join(home, "no-config"));
  vi.stubEnv("AWS_SHARED_CREDENTIALS_FILE", join(home, "no-credentials"));
  vi.spyOn(process.stderr, "write").mockReturnValue(true);
  return () => {
    vi.unstubAllEnvs();
    vi.restoreAllMocks();
  };
});

async function attempt(flow: LoginJob["flow"], changes: Partial<LoginJob> = {}): Promise<unknown> {
  const { startUrl, region: ssoRegion } = sandbox.state.identityCenter;
  const scopes = ["sso:account:access"];
  const job = { signIn: { startUrl, ssoRegion, sessionName: "corp", scopes, tokenFile } };
  return signIn({ ...job, flow, waitMs: 60_000, ...changes }, new AbortController().signal);
}

describe("a sign-in", () => {
  it.each(["authorization-code", "device-code"] as const)(
    "with %s ends when the person takes too long, and leaves no token",
    async (flow) => {
      await expect(attempt(flow, { waitMs: 600 })).rejects.toMatchObject({
        code: "LoginRequired",
        message: "nobody signed in within 0.01 minutes",
        hint: "role-agent login corp",
      });
      expect(existsSync(tokenFile)).toBe(false);
    },
  );

  it("with a code ends when the code is too old", async () => {
    sandbox.state.identityCenter.codeSeconds = 0.5;
    await expect(attempt("device-code")).rejects.toMatchObject({
      code: "LoginRequired",
      message: "the sign-in was not completed: ExpiredTokenException",
    });
  });

  it("says what Identity Center finds wrong with the start URL", async () => {
    sandbox.state.identityCenter.startUrl = "https://other.awsapps.com/start";
    const { region: ssoRegion } = sandbox.state.identityCenter;
    const wrong = { startUrl: "https://wrong.awsapps.com/start", ssoRegion, scopes: [], tokenFile };
    await expect(attempt("device-code", { signIn: wrong })).rejects.toMatchObject({
      code: "InvalidConfiguration",
      message: expect.stringMatching(
        /^sign-in at https:\/\/wrong\.awsapps\.com\/start: Identity Center refuses it: InvalidRequestException/,
      ),
      hint: "check sso_start_url and sso_region",
    });
  });

  it("says so when Identity Center fails", async () => {
    sandbox.fault("RegisterClient", { kind: "status", status: 503, code: "InternalServerException" });
    await expect(attempt("authorization-code")).rejects.toMatchObject({ code: "SourceUnavailable" });
  });
});
