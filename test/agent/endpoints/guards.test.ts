import { describe, expect, it } from "vitest";
import { refuse } from "../../../packages/agent/src/endpoints/guards.ts";

function statusFor(...rawHeaders: string[]): number | undefined {
  return refuse({ method: "GET", target: "/", rawHeaders, body: "" }, ["localhost"])?.status;
}

describe("the guards of an endpoint", () => {
  it("let pass what a credential client sends", () => {
    expect(
      statusFor("Host", "localhost", "Accept", "*/*", "User-Agent", "aws-cli", "X_Custom.1", ""),
    ).toBeUndefined();
  });

  it.each([
    [403, ["Host", "localhost", "Origin", ""]],
    [403, ["Host", "localhost", "oRiGiN", "null"]],
    [403, ["Host", "localhost", "Sec-Fetch-Mode", "cors"]],
    [403, ["Host", "localhost", "Sec_Fetch_Mode", "cors"]],
    [403, ["Host", "localhost", "X-Forwarded-For", ""]],
    [400, ["Host", "localhost", "Via", "x"]],
    [400, ["Host", "localhost", "Accept", "a", "accept", "b"]],
    [400, ["Host", "localhost", "X-A", "a", "X_A", "b"]],
    [403, ["Host", "localhost:80"]],
    [400, []],
  ])("refuse with %d the headers %j", (status, headers) => {
    expect(statusFor(...headers)).toBe(status);
  });

  // Older Node releases that we support pass such names on, and a name that is not "Origin" would slip through.
  it.each(["Origin ", " Origin", "Origin\t", "", "Or:igin", "Originé"])(
    "refuse the malformed name %j",
    (name) => {
      expect(statusFor("Host", "localhost", name, "x")).toBe(400);
    },
  );
});
