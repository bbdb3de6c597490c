import { describe, expect, it } from "vitest";
import type { Role, Source } from "../../../packages/agent/src/core/role.ts";
import { unchangedRoles } from "../../../packages/agent/src/core/unchanged-roles.ts";

function role(name: string, source: Source, externalId = "x"): Role {
  return {
    type: "assume-role",
    name,
    definedIn: "test",
    roleArn: `arn:aws:iam::123456789012:role/${name}`,
    source,
    roleSessionName: "test",
    durationSeconds: 3600,
    externalId,
    policyArns: [],
    tags: {},
    transitiveTagKeys: [],
  };
}

const by = (parent: string): Source => ({ type: "role", role: parent });
const base: Source = { type: "profile", profile: "base" };

function unchanged(before: Role[], after: Role[]): string[] {
  const mapOf = (roles: Role[]): Map<string, Role> => new Map(roles.map((each) => [each.name, each]));
  return [...unchangedRoles(mapOf(before), mapOf(after))].toSorted();
}

describe("after the configuration was read again", () => {
  it("roles that are what they were are unchanged, wherever they stand", () => {
    const roles = [role("c", by("b")), role("b", by("a")), role("a", base)];
    expect(unchanged(roles, roles.toReversed())).toEqual(["a", "b", "c"]);
  });

  it("a change makes all that are assumed with that role's session new", () => {
    const before = [role("a", base), role("b", by("a")), role("c", by("b")), role("d", base)];
    const after = [role("a", base), role("b", by("a"), "other"), role("c", by("b")), role("d", base)];
    expect(unchanged(before, after)).toEqual(["a", "d"]);
  });

  it("a new role is no unchanged one, and one whose parent is gone is none either", () => {
    const before = [role("a", base), role("b", by("a"))];
    expect(unchanged(before, [role("a", base), role("n", base)])).toEqual(["a"]);
    expect(unchanged(before, [role("b", by("a"))])).toEqual([]);
  });

  it("a chain of fifty thousand takes no stack", () => {
    const chain = Array.from({ length: 50_000 }, (_, index) =>
      role(`r${index}`, index === 0 ? base : by(`r${index - 1}`)),
    );
    expect(unchanged(chain, chain.toReversed())).toHaveLength(50_000);
  });
});
