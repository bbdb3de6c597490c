import { expect, test } from "vitest";
import { mfaRoute } from "../../../packages/agent/src/endpoints/mfa-route.ts";
import { KeeperTable } from "../../../packages/agent/src/core/keeper-table.ts";
import { FakeClock } from "../../support/fake-clock.ts";

test.each(['["123456"]', "123456", '"12345"', "null", '{"toString":"123456"}'])(
  "a code that is %s is no text of six digits",
  async (code) => {
    const keepers = new KeeperTable({
      clock: new FakeClock(),
      issue: async () => Promise.reject(new Error("nobody issues")),
      fileMark: () => "",
      onEvent: () => undefined,
    });
    expect(await mfaRoute(`{"role":"deploy","code":${code}}`, keepers)).toMatchObject({ status: 400 });
    expect(await mfaRoute('{"role":"deploy","code":"123456"}', keepers)).toMatchObject({ status: 404 });
  },
);
