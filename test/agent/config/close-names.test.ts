import { describe, expect, test } from "vitest";
import { closeNames } from "../../../packages/agent/src/config/close-names.ts";

describe("closeNames", () => {
  test.each([
    ["depoly", ["deploy", "base"], ["deploy"]],
    ["DEPLOY", ["deploy"], ["deploy"]],
    ["deploy-prd", ["deploy-prod", "deploy-dev", "deploy-prod-eu"], ["deploy-prod", "deploy-dev"]],
    ["ci", ["cd", "db"], ["cd"]],
    ["a", ["b"], ["b"]],
    ["x", ["deploy"], []],
    ["", ["deploy"], []],
    ["deploy", [], []],
  ])("for %j among %j offers %j", (name, candidates, expected) => {
    expect(closeNames(name, candidates)).toEqual(expected);
  });

  test("offers three names at most, the closest first", () => {
    expect(closeNames("deploy", ["deplxx", "deplox", "deploy1", "deploy", "dexlxx"])).toEqual([
      "deploy",
      "deplox",
      "deploy1",
    ]);
  });

  test("doesn't spend time on a name too long to be typed", () => {
    const long = "x".repeat(100_000);
    expect(closeNames(long, [long])).toEqual([]);
  });
});
