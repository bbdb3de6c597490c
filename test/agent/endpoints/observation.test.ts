import { describe, expect, it } from "vitest";
import type { ListenAddress } from "../../../packages/agent/src/config/endpoint-config.ts";
import { observationEndpoint } from "../../../packages/agent/src/endpoints/observation.ts";
import { ask } from "../../support/door.ts";

async function statusFor(address: ListenAddress, host: string, path = "/livez"): Promise<number> {
  const endpoint = observationEndpoint(address, {
    metrics: async () => "",
    readiness: () => ({ ready: true, problems: [] }),
  });
  return (await ask(endpoint, path, ["Host", host])).status;
}

describe("an endpoint for metrics", () => {
  const everywhere = { host: "0.0.0.0", port: 9913 };
  it.each(["10.0.0.7:9913", "127.0.0.1:9913", "[2001:db8::1]:9913", "10.0.0.7"])(
    "on every address of the machine is reached as %s",
    async (host) => {
      expect(await statusFor(everywhere, host)).toBe(200);
      expect(await statusFor({ host: "::", port: 9913 }, host)).toBe(200);
    },
  );

  it.each([
    "evil.example:9913",
    "localhost:9913",
    "10.0.0.7.evil.example",
    "2130706433:9913",
    "",
    "[10.0.0.7",
  ])(
    "on every address of the machine is not reached by the name %j, which a web page could have made its own",
    async (host) => {
      expect(await statusFor(everywhere, host)).toBe(403);
    },
  );

  it("on one address is reached by that alone", async () => {
    const address = { host: "10.0.0.7", port: 9913 };
    expect(await statusFor(address, "10.0.0.7:9913")).toBe(200);
    expect(await statusFor(address, "10.0.0.8:9913")).toBe(403);
  });

  it("has no path but its own, and no other spelling of those", async () => {
    for (const path of ["/v1/status", "/constructor", "/LIVEZ", "/livez?x=1"])
      expect(await statusFor(everywhere, "10.0.0.7", path)).toBe(404);
  });
});
