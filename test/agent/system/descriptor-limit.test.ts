import { expect, test } from "vitest";
import { descriptorLimit } from "../../../packages/agent/src/system/descriptor-limit.ts";

const limits = `Limit                     Soft Limit           Hard Limit           Units
Max processes             127235               127235               processes
Max open files            4096                 1048576              files
Max locked memory         8388608              8388608              bytes
`;

test("the limit is the soft one", () => {
  expect(descriptorLimit(() => limits)).toBe(4096);
});

test("where the system doesn't tell, it is taken for the least that any gives", () => {
  const missing = (): string => {
    throw new Error("ENOENT");
  };
  expect(descriptorLimit(missing)).toBe(256);
  expect(descriptorLimit(() => "")).toBe(256);
});
