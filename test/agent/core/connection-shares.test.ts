import { expect, test } from "vitest";
import { agentSocketShare, eachDoorsShare } from "../../../packages/agent/src/core/connection-shares.ts";

test.each([
  // All doors and the agent socket, with 64 kept, or half where there are fewer than 128.
  [1_048_576, 1, 512, 1_048_000],
  [1024, 1, 480, 480],
  [1024, 4, 120, 480],
  [1024, 0, 480, 480],
  [256, 3, 32, 96],
  [128, 2, 16, 32],
  [64, 2, 8, 16],
  [64, 100, 1, 16],
])("of %i descriptors, %i doors get %i each, and the agent socket %i", (descriptors, doors, each, agent) => {
  expect(eachDoorsShare(descriptors, doors)).toBe(each);
  expect(agentSocketShare(descriptors)).toBe(agent);
});
