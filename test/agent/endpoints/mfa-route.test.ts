import { expect, test } from "vitest";
import { mfaRoute } from "../../../packages/agent/src/endpoints/mfa-route.ts";
import { KeeperTable } from "../../../packages/agent/src/core/keeper-table.ts";
import type { EndpointResponse } from "../../../packages/agent/src/endpoints/endpoint.ts";
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
    const answer = async (text: string): Promise<EndpointResponse> =>
      mfaRoute(
        { method: "POST", target: "/v1/mfa", rawHeaders: [], body: `{"role":"deploy","code":${text}}` },
        { keepers, audit: { acted: () => undefined } },
      );
    expect(await answer(code)).toMatchObject({ status: 400 });
    expect(await answer('"123456"')).toMatchObject({ status: 404 });
  },
);
