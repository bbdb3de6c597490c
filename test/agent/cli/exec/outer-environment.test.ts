import { describe, expect, it } from "vitest";
import {
  endpointEnvironment,
  staticEnvironment,
} from "../../../../packages/agent/src/cli/exec/environment.ts";
import {
  outerEnvironment,
  outerRoleRegion,
} from "../../../../packages/agent/src/cli/exec/outer-environment.ts";

const region = { name: "eu-west-1", isRoles: true };
const endpoint = { uri: "http://127.0.0.1:1/", token: "token", region, configFile: "/copy" };
const outer = {
  PATH: "/bin",
  AWS_CONFIG_FILE: "/mine",
  AWS_DEFAULT_REGION: "us-west-2",
  NO_PROXY: "intranet",
};
const document = {
  Version: 1,
  AccessKeyId: "ASIAIOSFODNN7EXAMPLE",
  SecretAccessKey: "secret",
  SessionToken: "token",
  Token: "token",
  Expiration: "2026-11-24T14:47:56Z",
} as const;

describe("the region of a command of exec", () => {
  it("is told from one that somebody has chosen, also where one exec runs in another", () => {
    const first = endpointEnvironment(outer, endpoint, undefined);
    expect(outerRoleRegion(first)).toBe("eu-west-1");
    const chosen = { name: "us-west-2", isRoles: false };
    const second = endpointEnvironment(first, { ...endpoint, region: chosen }, undefined);
    expect(outerRoleRegion(second)).toBeUndefined();
    expect(outerRoleRegion(outer)).toBeUndefined();
  });
});

describe("the environment of an agent that is started in a command of exec", () => {
  it("is the one outside of exec", () => {
    expect(outerEnvironment(endpointEnvironment(outer, endpoint, undefined))).toEqual(outer);
    expect(outerEnvironment(staticEnvironment(outer, document, region, undefined))).toEqual(outer);
  });

  it("is that of the outermost where one exec runs in another", () => {
    const first = endpointEnvironment(outer, endpoint, undefined);
    expect(outerEnvironment(endpointEnvironment(first, endpoint, undefined))).toEqual(outer);
  });

  it("is as it is where there is no exec", () => {
    expect(outerEnvironment(outer)).toBe(outer);
  });

  it("keeps no credentials, though the command had some", () => {
    const keys = { AWS_ACCESS_KEY_ID: "AKIAIOSFODNN7EXAMPLE", AWS_SECRET_ACCESS_KEY: "secret" };
    const inner = endpointEnvironment({ ...outer, ...keys }, endpoint, undefined);
    expect(JSON.stringify(inner)).not.toContain("secret");
  });

  it.each(["", "no JSON", "null", '{"PATH":"/evil","AWS_CONFIG_FILE":1}'])(
    "takes nothing from the text %j, which no exec has written",
    (text) => {
      expect(outerEnvironment({ PATH: "/bin", ROLE_AGENT_OUTER_ENV: text })).toEqual({ PATH: "/bin" });
    },
  );
});
