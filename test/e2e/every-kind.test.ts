import { describe, it } from "vitest";
import { createEveryKind, untilMfaSessions, untilSessions } from "../support/every-kind.ts";

describe("one config.toml with a role of each kind", () => {
  it("is kept fresh through two renewals of every role", async () => {
    const world = await createEveryKind(6);
    await world.startAgent();
    await untilSessions(world, 3);
    await untilMfaSessions(world, 3);
  });
});
