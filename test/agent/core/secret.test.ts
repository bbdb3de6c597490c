import { format, inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { Secret } from "../../../packages/agent/src/core/secret.ts";

const text = "wJalrXUtnFEMI/K7MDENG";
const secret = new Secret(text);

describe("a secret", () => {
  it("is revealed by that name alone", () => {
    expect(secret.reveal()).toBe(text);
  });

  it.each([
    ["text", String(secret)],
    ["an error", new Error(["not accepted:", secret].join(" ")).message],
    ["JSON", JSON.stringify({ secret })],
    ["inspect", inspect({ deep: { secret } })],
    ["format", format("%s %o %O %j %s", secret, secret, secret, secret, [secret])],
  ])("is [redacted] in %s", (_, said) => {
    expect(said).toContain("[redacted]");
    expect(said).not.toContain(text);
  });

  it("is not in a structured clone, nor among the properties", () => {
    const bare = inspect(secret, { customInspect: false, showHidden: true });
    expect(JSON.stringify(structuredClone(secret))).toBe("{}");
    expect(bare + Object.values(secret).join() + String(Object.getOwnPropertyNames(secret))).not.toContain(
      text,
    );
  });
});
