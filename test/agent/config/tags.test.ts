import { describe, expect, test } from "vitest";
import { parseConfig } from "../../../packages/agent/src/config/parse.ts";
import { problemsOf, ROLE } from "./problems-of.ts";

describe("tags", () => {
  const tagged = (tags: string): string => problemsOf(`${ROLE}tags = ${tags}`);
  const many = (count: number): string =>
    `{ ${Array.from({ length: count }, (_, index) => `k${index} = "v"`).join(", ")} }`;

  test.each(['{ team = "core", "cost center" = "", "ключ:/=+-@" = "значение" }', "{}"])("take %s", (tags) => {
    expect(tagged(tags)).toBe("no problem");
  });

  test("take 50, with keys of 128 and values of 256 characters", () => {
    expect(tagged(many(50))).toBe("no problem");
    expect(tagged(many(51))).toContain("tags: has 51 tags; AWS takes 50 at most");
    expect(tagged(`{ ${"k".repeat(128)} = "${"v".repeat(256)}" }`)).toBe("no problem");
    expect(tagged(`{ ${"k".repeat(129)} = "v" }`)).toContain("the key must have 1 to 128 characters");
    expect(tagged(`{ k = "${"v".repeat(257)}" }`)).toContain("tags.k: must have 256 characters at most");
  });

  test("keep names that every object has", () => {
    const { roles } = parseConfig(`${ROLE}tags = { __proto__ = "a", constructor = "b" }`, "config.toml");
    expect(Object.entries(roles.get("deploy")?.tags ?? {})).toEqual([
      ["__proto__", "a"],
      ["constructor", "b"],
    ]);
  });

  test.each([
    ['{ Team = "a", team = "b" }', "tags.team: differs only by case from another tag"],
    ['{ "" = "a" }', 'tags."": the key must have 1 to 128 characters'],
    ['{ "a*" = "v" }', 'tags."a*": the key may hold only letters'],
    ['{ a = "x\\ny" }', "tags.a: may hold only letters"],
    ["{ a = 1 }", "tags.a: must be text in quotes, not a number"],
    ["[]", 'tags: must be a table, as in { team = "core" }, not a list'],
    ['"a"', 'tags: must be a table, as in { team = "core" }, not text'],
  ])("refuse %s", (tags, problem) => {
    expect(tagged(tags)).toContain(problem);
  });
});
