import { describe, expect, it } from "vitest";
import { inheritEndpoints } from "../../../packages/agent/src/config/inherit-endpoint.ts";
import type { AssumeRole, Role, Source } from "../../../packages/agent/src/core/role.ts";

function role(name: string, source: Source, own: Partial<AssumeRole> = {}): AssumeRole {
  return {
    type: "assume-role",
    name,
    definedIn: "test",
    roleArn: `arn:aws:iam::123456789012:role/${name}`,
    source,
    roleSessionName: "test",
    durationSeconds: 3600,
    policyArns: [],
    tags: {},
    transitiveTagKeys: [],
    ...own,
  };
}

function inherited(...list: Role[]): Record<string, readonly [endpoint?: string, region?: string]> {
  const roles = new Map(list.map((each) => [each.name, each]));
  inheritEndpoints(roles);
  const places = [...roles.values()].map((each) =>
    each.type === "assume-role"
      ? ([each.name, [each.endpointProfile, each.region]] as const)
      : ([each.name, []] as const),
  );
  return Object.fromEntries(places);
}

const first = role(
  "first",
  { type: "profile", profile: "base" },
  { endpointProfile: "base", region: "eu-west-1" },
);

describe("the endpoint of a chained role", () => {
  it("is that of the chain's source profile, wherever in the file the roles stand", () => {
    const third = role("third", { type: "role", role: "second" });
    const second = role("second", { type: "role", role: "first" }, { region: "us-west-2" });
    expect(inherited(third, second, first)).toEqual({
      third: ["base", "us-west-2"],
      second: ["base", "us-west-2"],
      first: ["base", "eu-west-1"],
    });
  });

  it("is the profile itself where the parent is no assumed role", () => {
    const parent: Role = {
      type: "profile",
      name: "sso",
      profile: "sso",
      definedIn: "test",
      durationSeconds: 3600,
    };
    expect(inherited(parent, role("child", { type: "role", role: "sso" }))).toMatchObject({
      child: ["sso", undefined],
    });
  });

  it("stays its own where it has one", () => {
    const child = role("child", { type: "role", role: "first" }, { endpointProfile: "other" });
    expect(inherited(first, child)).toMatchObject({ child: ["other", undefined] });
  });

  it("is AWS's where the chain starts from credential_source", () => {
    const start = role("start", { type: "credential-source", from: "Environment" });
    expect(inherited(start, role("child", { type: "role", role: "start" }))).toMatchObject({
      child: [undefined, undefined],
    });
  });

  it("is found for a chain of ten thousand", () => {
    const chain = Array.from({ length: 10_000 }, (_, index) =>
      role(`r${index}`, { type: "role", role: index === 9999 ? "first" : `r${index + 1}` }),
    );
    expect(inherited(...chain, first)["r0"]).toEqual(["base", "eu-west-1"]);
  });
});
