import { devNull } from "node:os";
import { describe, expect, it } from "vitest";
import {
  competingVariables,
  endpointEnvironment,
  staticEnvironment,
} from "../../../../packages/agent/src/cli/exec/environment.ts";

const endpoint = {
  uri: "http://127.0.0.1:1/v1/credentials",
  token: "token",
  region: { name: "eu-west-1", isRoles: false },
};
const noRegion = { name: undefined, isRoles: true };
const agent = { role: "deploy", socketPath: "/run/agent.sock" };

/** Everything that some SDK takes before a container endpoint, or beside it. */
const winners = {
  AWS_ACCESS_KEY_ID: "AKIAIOSFODNN7EXAMPLE",
  AWS_SECRET_ACCESS_KEY: "x",
  AWS_SESSION_TOKEN: "x",
  AWS_SECURITY_TOKEN: "x",
  AWS_CREDENTIAL_EXPIRATION: "x",
  AWS_PROFILE: "x",
  AWS_DEFAULT_PROFILE: "x",
  AWS_WEB_IDENTITY_TOKEN_FILE: "x",
  AWS_ROLE_ARN: "x",
  AWS_ROLE_SESSION_NAME: "x",
  AWS_ACCOUNT_ID: "x",
  AWS_CREDENTIAL_SCOPE: "x",
  AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: "/x",
  AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: "/x",
  AWS_BEARER_TOKEN_BEDROCK: "x",
  AMAZON_ACCESS_KEY_ID: "x",
  AMAZON_SECRET_ACCESS_KEY: "x",
  AMAZON_SESSION_TOKEN: "x",
};

/** The variables that a process of this environment has. */
function present(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined));
}

describe("the environment of a command with an endpoint", () => {
  it("has nothing that wins over the endpoint, and what else was there", () => {
    const outer = { ...winners, PATH: "/bin", AWS_PAGER: "", BOTO_CONFIG: "/boto" };
    const env = present(endpointEnvironment(outer, endpoint, agent));
    expect(env).toEqual({
      PATH: "/bin",
      AWS_PAGER: "",
      AWS_CONTAINER_CREDENTIALS_FULL_URI: endpoint.uri,
      AWS_CONTAINER_AUTHORIZATION_TOKEN: "token",
      AWS_SHARED_CREDENTIALS_FILE: devNull,
      AWS_CREDENTIAL_PROFILES_FILE: devNull,
      BOTO_CONFIG: devNull,
      ROLE_AGENT_OUTER_ENV: '{"BOTO_CONFIG":"/boto"}',
      AWS_REGION: "eu-west-1",
      AWS_DEFAULT_REGION: "eu-west-1",
      NO_PROXY: "127.0.0.1,localhost,169.254.169.254,169.254.170.2,169.254.170.23",
      no_proxy: "127.0.0.1,localhost,169.254.169.254,169.254.170.2,169.254.170.23",
      ROLE_AGENT_ROLE: "deploy",
      ROLE_AGENT_SOCK: "/run/agent.sock",
    });
  });

  it("leads fromRoleAgent() to no agent where the command gets less than the role", () => {
    const outer = { ROLE_AGENT_ROLE: "deploy", ROLE_AGENT_SOCK: "/run/agent.sock" };
    expect(Object.keys(present(endpointEnvironment(outer, endpoint, undefined)))).not.toContain(
      "ROLE_AGENT_SOCK",
    );
    expect(Object.keys(present(endpointEnvironment(outer, endpoint, undefined)))).not.toContain(
      "ROLE_AGENT_ROLE",
    );
  });

  it.each([
    [
      { NO_PROXY: "intranet,localhost", no_proxy: ".corp, 10.0.0.1" },
      "intranet,localhost,.corp,10.0.0.1,127.0.0.1",
    ],
    [{ no_proxy: "intranet" }, "intranet,127.0.0.1,localhost"],
    [{ NO_PROXY: "*" }, "*"],
  ])("goes around proxies as before, and to its endpoint: %j", (proxies, start) => {
    const env = endpointEnvironment(proxies, endpoint, agent);
    expect(env["NO_PROXY"]).toMatch(new RegExp(`^${start.replaceAll(/[.*]/g, String.raw`\$&`)}`));
    expect(env["no_proxy"]).toBe(env["NO_PROXY"]);
  });

  it("keeps the person's config file unless another takes its place, and the region where none is known", () => {
    const outer = { AWS_CONFIG_FILE: "/mine", AWS_DEFAULT_REGION: "x" };
    expect(endpointEnvironment(outer, { ...endpoint, region: noRegion }, agent)).toMatchObject(outer);
    expect(endpointEnvironment(outer, { ...endpoint, configFile: "/copy" }, agent)).toMatchObject({
      AWS_CONFIG_FILE: "/copy",
    });
  });
});

describe("the environment of a command with variables", () => {
  const document = {
    Version: 1,
    AccessKeyId: "ASIAIOSFODNN7EXAMPLE",
    SecretAccessKey: "secret",
    SessionToken: "token",
    Token: "token",
    Expiration: "2026-11-24T14:47:56Z",
  } as const;

  it("has the session, and no profile that the SDK for JavaScript would take before it", () => {
    expect(present(staticEnvironment({ ...winners, PATH: "/bin" }, document, noRegion, agent))).toEqual({
      PATH: "/bin",
      AWS_ACCESS_KEY_ID: "ASIAIOSFODNN7EXAMPLE",
      AWS_SECRET_ACCESS_KEY: "secret",
      AWS_SESSION_TOKEN: "token",
      AWS_CREDENTIAL_EXPIRATION: "2026-11-24T14:47:56Z",
      ROLE_AGENT_ROLE: "deploy",
      ROLE_AGENT_SOCK: "/run/agent.sock",
      ROLE_AGENT_OUTER_ENV: "{}",
    });
  });

  it("is named what would win over it in a shell", () => {
    expect(competingVariables({ AWS_PROFILE: "x", AWS_REGION: "y", PATH: "z" })).toEqual(["AWS_PROFILE"]);
  });
});
