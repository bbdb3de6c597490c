import { describe, expect, it } from "vitest";
import { refuseAtDoor } from "../../../packages/agent/src/endpoints/door-guard.ts";

function statusOf(target: string, method = "GET", headers: readonly string[] = []): number | undefined {
  const rawHeaders = ["Host", "127.0.0.1:1", ...headers];
  return refuseAtDoor({ method, target, rawHeaders, body: "" }, ["127.0.0.1:1"])?.status;
}

describe("the guard of a door", () => {
  it.each([
    "/v1",
    "/v1/credentials",
    "/v1/credentials/my%20role",
    "/latest/meta-data/",
    "/v1/credentials/a%2Fb",
  ])("lets the path %s pass", (target) => expect(statusOf(target)).toBeUndefined());

  it.each([
    "",
    "*",
    "v1/credentials",
    "http://127.0.0.1:1/v1/credentials",
    "//evil/x",
    "//v1/credentials",
    "/v1//credentials",
    "/a/../../",
    "/v1/../v1/credentials",
    "/v1/./credentials",
    "/v1/credentials/..",
    "/v1/%2e%2e/credentials",
    "/v1/.%2E/credentials",
    "/v1/x%2f..%2fcredentials",
    String.raw`/v1\credentials`,
    "/v1/%5ccredentials",
    "/v1/credentials%00",
    "/v1/credentials%0a",
    "/v1/%zz",
    "/v1/%c0%ae",
    "/v1/credéntials",
  ])("refuses the target %j", (target) => expect(statusOf(target)).toBe(400));

  it.each([
    ["HEAD", 405],
    ["POST", 405],
    ["PUT", 405],
    ["DELETE", 405],
    ["TRACE", 405],
    ["PROPFIND", 405],
    ["OPTIONS", 403],
  ])("refuses %s with %d", (method, status) => expect(statusOf("/v1/credentials", method)).toBe(status));

  it("takes no method from a header", () => {
    expect(statusOf("/v1/credentials", "POST", ["X-HTTP-Method-Override", "GET"])).toBe(405);
  });
});
