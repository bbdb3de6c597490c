import { describe, expect, it } from "vitest";
import type { LoginRole } from "../../../../packages/agent/src/core/role.ts";
import { signinEndpoint } from "../../../../packages/agent/src/issuer/child/login-session/endpoint.ts";

function role(partition: string, region?: string): LoginRole {
  return {
    type: "login",
    name: "me",
    definedIn: "config.toml [roles.me]",
    loginSession: `arn:${partition}:iam::123456789012:user/Alice`,
    tokenFile: "/none",
    ...(region !== undefined && { region }),
  };
}

describe("AWS Sign-In", () => {
  it.each([
    ["aws", "https://eu-west-1.signin.aws.amazon.com"],
    ["aws-cn", "https://eu-west-1.signin.amazonaws.cn"],
    ["aws-us-gov", "https://eu-west-1.signin.amazonaws-us-gov.com"],
  ])("of the partition %s is at %s", async (partition, origin) => {
    expect((await signinEndpoint(role(partition, "eu-west-1"), undefined, {})).origin).toBe(origin);
  });

  it.each([
    ["the token's region", "us-west-2", "eu-west-1", { AWS_REGION: "eu-north-1" }, "us-west-2"],
    ["the role's", undefined, "eu-west-1", { AWS_REGION: "eu-north-1" }, "eu-west-1"],
    ["the environment's", undefined, undefined, { AWS_REGION: "eu-north-1" }, "eu-north-1"],
  ])("is that of %s first", async (_name, token, own, env, region) => {
    const endpoint = await signinEndpoint(role("aws", own), token, env);
    expect(endpoint.host).toBe(`${region}.signin.aws.amazon.com`);
  });

  it("is where AWS_ENDPOINT_URL_SIGNIN says", async () => {
    const env = {
      AWS_ENDPOINT_URL_SIGNIN: "http://127.0.0.1:4711/x",
      AWS_ENDPOINT_URL: "http://127.0.0.1:1",
    };
    expect((await signinEndpoint(role("aws"), undefined, env)).href).toBe("http://127.0.0.1:4711/x");
  });

  it.each([
    ["a region that is no part of a host name", role("aws"), "evil.example.com/", {}, /not known/],
    ["a partition without a known address", role("aws-iso"), "us-iso-east-1", {}, /not known/],
    ["an endpoint that is no URL", role("aws"), undefined, { AWS_ENDPOINT_URL_SIGNIN: "x" }, /is no URL/],
  ])("refuses %s", async (_name, login, region, env, message) => {
    await expect(signinEndpoint(login, region, env)).rejects.toMatchObject({
      code: "InvalidConfiguration",
      message: expect.stringMatching(message),
      hint: expect.stringContaining("AWS_ENDPOINT_URL_SIGNIN"),
    });
  });
});
