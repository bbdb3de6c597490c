import { beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { stsClient } from "../../../packages/agent/src/issuer/child/sts-client.ts";

async function regionOf(settings: { region?: string }): Promise<string> {
  const { client } = await stsClient(undefined, settings);
  return client.config.region();
}

describe("the region of STS", () => {
  beforeEach(() => {
    vi.stubEnv("AWS_CONFIG_FILE", "/nonexistent");
    vi.stubEnv("AWS_SHARED_CREDENTIALS_FILE", "/nonexistent");
    vi.stubEnv("AWS_PROFILE", "");
    vi.stubEnv("AWS_REGION", "");
    vi.stubEnv("AWS_DEFAULT_REGION", "");
    onTestFinished(() => void vi.unstubAllEnvs());
  });

  it("is us-east-1 where the variables are empty", async () => {
    expect(await regionOf({})).toBe("us-east-1");
  });

  it("is AWS_DEFAULT_REGION's where AWS_REGION is empty", async () => {
    vi.stubEnv("AWS_DEFAULT_REGION", "eu-west-1");
    expect(await regionOf({})).toBe("eu-west-1");
  });

  it("is the role's own before all", async () => {
    vi.stubEnv("AWS_REGION", "eu-west-1");
    expect(await regionOf({ region: "eu-north-1" })).toBe("eu-north-1");
  });
});
