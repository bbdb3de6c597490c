import { createServer } from "node:http";
import { GetCallerIdentityCommand, STSServiceException } from "@aws-sdk/client-sts";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { fromSdkError } from "../../../packages/agent/src/issuer/child/sdk-error.ts";
import { stsClient } from "../../../packages/agent/src/issuer/child/sts-client.ts";

const keys = { accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "wJalrXUtnFEMI" };

/** The URL of a proxy that lets nobody through. */
async function refusingProxy(): Promise<string> {
  const proxy = createServer();
  proxy.on("connect", (_request, socket) => socket.end("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n"));
  await new Promise<void>((resolve) => {
    proxy.listen(0, "127.0.0.1", resolve);
  });
  onTestFinished(() => void proxy.close());
  const address = proxy.address();
  return `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
}

describe("a failure of an AWS call", () => {
  it("at a proxy that lets nobody through is said to be the proxy's, and not a late answer", async () => {
    vi.stubEnv("HTTPS_PROXY", await refusingProxy());
    onTestFinished(() => void vi.unstubAllEnvs());
    const { client } = await stsClient(keys, { region: "eu-west-1" });
    const error: unknown = await client
      .send(new GetCallerIdentityCommand())
      .catch((reason: unknown) => reason);
    expect(fromSdkError(error, "sts:GetCallerIdentity")).toMatchObject({
      code: "SourceUnavailable",
      message: "sts:GetCallerIdentity: AWS can't be reached: the proxy refused the connection",
      hint: expect.stringContaining("HTTPS_PROXY"),
    });
  });

  it.each([
    ["ValidationError", "MaxSessionDuration"],
    ["RequestExpired", "clock"],
    ["MalformedPolicyDocument", "policy_file"],
    ["PackedPolicyTooLarge", "shorten"],
  ])("that AWS calls %s comes with a hint", (name, hint) => {
    const error = new STSServiceException({
      name,
      message: "no",
      $fault: "client",
      $metadata: { httpStatusCode: 400 },
    });
    expect(fromSdkError(error, "sts:AssumeRole")).toMatchObject({
      code: "InvalidConfiguration",
      hint: expect.stringContaining(hint),
    });
  });
});
