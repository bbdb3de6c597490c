import { expect, it } from "vitest";
import { isSealed, sealPassphrase } from "../../../packages/agent/src/system/passphrase-seal.ts";

it("a sealed passphrase knows itself, and no other", async () => {
  const seal = await sealPassphrase("corréct horse");
  const others = ["corréct horse", "corréct horse ", "correct horse", "", "x".repeat(16_000)];
  expect(await Promise.all(others.map((each) => isSealed(seal, each)))).toEqual([
    true,
    false,
    false,
    false,
    false,
  ]);
});
