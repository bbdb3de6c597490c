import { describe, expect, it } from "vitest";
import type { CredentialSourceName, Role } from "../../packages/agent/src/core/role.ts";
import { refuseOwnSource } from "../../packages/agent/src/own-source.ts";

const addresses = [
  { host: "127.0.0.1", port: 9911 },
  { host: "::1", port: 9912 },
  { host: "169.254.170.2", port: 80 },
  { host: "169.254.169.254", port: 80 },
];

function refused(from: CredentialSourceName, env: NodeJS.ProcessEnv, open = addresses): string | undefined {
  const role: Role = {
    name: "deploy",
    definedIn: "config.toml [roles.deploy]",
    type: "assume-role",
    roleArn: "arn:aws:iam::123456789012:role/Deploy",
    source: { type: "credential-source", from },
    roleSessionName: "alice",
    durationSeconds: 3600,
    policyArns: [],
    tags: {},
    transitiveTagKeys: [],
  };
  try {
    refuseOwnSource(role, env, open);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

describe("an agent is not its own source", () => {
  it.each([
    ["http://127.0.0.1:9911/v1/credentials", true],
    ["http://localhost:9911/v1/credentials", true],
    ["http://[::1]:9912/", true],
    ["http://localhost:9912/", true],
    ["http://169.254.170.2/x", true],
    ["http://127.0.0.1:9912/", false],
    ["http://127.0.0.1/", false],
    ["http://169.254.170.23/v1/credentials", false],
    ["https://169.254.170.2/", false],
    ["not a URL", false],
  ])("by AWS_CONTAINER_CREDENTIALS_FULL_URI=%s: %s", (uri, isOwn) => {
    const message = refused("EcsContainer", { AWS_CONTAINER_CREDENTIALS_FULL_URI: uri });
    if (isOwn) expect(message).toContain("the agent is its own source: AWS_CONTAINER_CREDENTIALS_FULL_URI");
    else expect(message).toBeUndefined();
  });

  it("by the relative form, and by the address of IMDS that needs no variable", () => {
    expect(refused("EcsContainer", { AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: "/x" })).toContain("own source");
    expect(refused("Ec2InstanceMetadata", {})).toContain("own source");
    expect(
      refused("Ec2InstanceMetadata", { AWS_EC2_METADATA_SERVICE_ENDPOINT: "http://localhost:9911" }),
    ).toContain("own source");
  });

  it("where it listens nowhere, or the source is another", () => {
    expect(refused("Ec2InstanceMetadata", {}, [])).toBeUndefined();
    expect(refused("EcsContainer", {})).toBeUndefined();
    expect(refused("Environment", { AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: "/x" })).toBeUndefined();
  });
});
