import { startSandbox } from "@role-agent/sandbox";
import { expect, it, onTestFinished, vi } from "vitest";
import { assumeRole } from "../../../packages/agent/src/issuer/child/sources/assume-role.ts";
import { fakeIssued } from "../../support/fake-session.ts";
import { deployRole } from "../../support/scoped-world.ts";

it("an STS that says what should have been signed quotes no secret of the source", async () => {
  const sandbox = await startSandbox();
  onTestFinished(() => sandbox.stop());
  onTestFinished(() => void vi.unstubAllEnvs());
  vi.stubEnv("AWS_ENDPOINT_URL", sandbox.url);
  vi.stubEnv("AWS_CONFIG_FILE", "/nonexistent");
  vi.stubEnv("AWS_SHARED_CREDENTIALS_FILE", "/nonexistent");
  const source = {
    ...fakeIssued(1, Date.now(), 3_600_000),
    sessionToken: "IQoJb3JpZ2luX2VjEXAMPLE/token+of=source",
  };
  const { sessionToken, secretAccessKey } = source;
  const said = `The Canonical String should have been 'x-amz-security-token:${sessionToken}', or ${encodeURIComponent(sessionToken)} with ${secretAccessKey}`;
  sandbox.fault("AssumeRole", {
    kind: "answer",
    status: 403,
    body: `<ErrorResponse><Error><Type>Sender</Type><Code>SignatureDoesNotMatch</Code><Message>${said}</Message></Error></ErrorResponse>`,
  });
  const role = { ...deployRole, source: { type: "role", role: "base" } } as const;
  await expect(assumeRole(role, source, AbortSignal.timeout(10_000))).rejects.toMatchObject({
    code: "InvalidConfiguration",
    message: expect.stringMatching(/security-token:\(a secret\)', or \(a secret\) with \(a secret\)$/),
  });
});
