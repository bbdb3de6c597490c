import { chmodSync, copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { anywhereWorld, sessionOf, type AnywhereWorld } from "../support/anywhere-world.ts";
import { Authority, keyEncipherment, type Issued } from "../support/pki.ts";

describe("when a certificate or key is bad", () => {
  const replaceCertificate = (next: Issued, { server }: AnywhereWorld): void => {
    copyFileSync(next.certificate, server.certificate);
    copyFileSync(next.privateKey, server.privateKey);
  };

  it.each<[string, (world: AnywhereWorld) => void, object]>([
    [
      "expired",
      (world) => replaceCertificate(world.authority.issue("old", { days: -1 }), world),
      {
        code: "InvalidConfiguration",
        message: expect.stringMatching(/has expired on/),
        hint: expect.stringMatching(/renew/),
      },
    ],
    [
      "not that of the key",
      (world) => copyFileSync(world.authority.issue("other").certificate, world.server.certificate),
      { code: "InvalidConfiguration", message: expect.stringMatching(/is not that of the private key/) },
    ],
    [
      "of an unknown CA",
      (world) => replaceCertificate(Authority.root(world.home, "unknown").issue("x"), world),
      {
        code: "AccessDenied",
        message: expect.stringMatching(/AccessDeniedException: Untrusted certificate/),
        hint: expect.stringContaining("trust anchor's CA"),
      },
    ],
    [
      "for encryption alone",
      (world) => replaceCertificate(world.authority.issue("x", { keyUsage: keyEncipherment }), world),
      { code: "AccessDenied", message: expect.stringMatching(/key usage Digital Signature/) },
    ],
    [
      "readable by others",
      (world) => chmodSync(world.server.privateKey, 0o644),
      { code: "InvalidConfiguration", hint: expect.stringMatching(/^run: chmod 600 .*server\.key$/) },
    ],
    [
      "no key at all",
      (world) => writeFileSync(world.server.privateKey, "hello"),
      { code: "InvalidConfiguration", message: expect.stringMatching(/is no private key/) },
    ],
  ])("(%s) it is said why, the old session stays, and other roles work", async (_case, spoil, expected) => {
    const world = await anywhereWorld();
    const agent = await world.startAgent();
    const before = await world.client.credentials("server");
    const secret = readFileSync(world.server.privateKey, "utf8").split("\n")[1] ?? "";
    spoil(world);
    const failure: unknown = await world.client.refresh("server").catch((error: unknown) => error);
    expect(failure).toMatchObject({ hint: expect.any(String), ...expected });
    expect(await world.client.credentials("server")).toEqual(before);
    expect(await world.client.credentials("deploy")).toHaveProperty("AccessKeyId");
    expect(secret.length).toBeGreaterThan(20);
    expect(`${JSON.stringify(failure)} ${agent.log}`).not.toContain(secret);
  });
});

describe("when Roles Anywhere refuses or fails", () => {
  it("says what the trust policy lacks", async () => {
    const world = await anywhereWorld("", { actions: ["sts:AssumeRole"] });
    await world.startAgent();
    await expect(world.client.credentials("server")).rejects.toMatchObject({
      code: "AccessDenied",
      message: expect.stringContaining("sts:TagSession"),
      hint: expect.stringContaining("trust policy for rolesanywhere.amazonaws.com"),
    });
  });

  it.each<[string, (world: AnywhereWorld) => void, object]>([
    [
      "an unknown profile",
      (world) => delete world.sandbox.state.anywhereProfiles[world.profile.profileArn],
      { code: "InvalidConfiguration", hint: expect.stringContaining("profile_arn") },
    ],
    [
      "a session that is too long",
      (world) =>
        world.sandbox.fault("CreateSession", { kind: "status", status: 400, code: "ValidationException" }),
      { code: "InvalidConfiguration" },
    ],
    [
      "throttling",
      (world) => world.sandbox.fault("CreateSession", { kind: "throttle", retryAfterSeconds: 7 }),
      { code: "SourceUnavailable", retryAfterSeconds: 7 },
    ],
    [
      "an outage",
      (world) => world.sandbox.fault("CreateSession", { kind: "status", status: 503 }),
      { code: "SourceUnavailable", message: expect.stringContaining("ServiceUnavailable") },
    ],
    [
      "a captive portal",
      (world) => world.sandbox.fault("CreateSession", { kind: "garbage" }),
      { code: "SourceUnavailable", message: expect.stringContaining("not understood") },
    ],
    [
      "a proxy's refusal",
      (world) =>
        world.sandbox.fault("CreateSession", { kind: "answer", status: 403, body: "<html>Blocked</html>" }),
      { code: "SourceUnavailable", message: expect.stringContaining("(HTTP 403) is not AWS's") },
    ],
    [
      "a redirect, which is not followed",
      (world) =>
        world.sandbox.fault("CreateSession", {
          kind: "answer",
          status: 302,
          headers: { location: `${world.sandbox.url}/sessions` },
          body: "",
        }),
      { code: "SourceUnavailable", message: expect.stringContaining("not understood") },
    ],
    [
      "an answer for another role",
      (world) =>
        world.sandbox.fault("CreateSession", {
          kind: "answer",
          status: 201,
          body: JSON.stringify(otherRole),
        }),
      { code: "SourceUnavailable", message: expect.stringContaining("the answer is for another role") },
    ],
    [
      "a cut connection",
      (world) => world.sandbox.fault("CreateSession", { kind: "refuse" }),
      { code: "SourceUnavailable", message: expect.stringContaining("can't be reached") },
    ],
  ])("(%s) it is one error with its own code, after one call", async (_case, spoil, expected) => {
    const world = await anywhereWorld();
    spoil(world);
    await world.startAgent();
    await expect(world.client.credentials("server")).rejects.toMatchObject(expected);
    expect(world.sandbox.calls.count("CreateSession")).toBe(1);
  });

  it("signs by AWS's clock where the local one is wrong", async () => {
    const world = await anywhereWorld();
    world.sandbox.clock.advance(3_600_000);
    await world.startAgent();
    expect(await sessionOf(world)).toMatchObject({ roleName: "Server" });
    expect(world.sandbox.calls.count("CreateSession", "AccessDeniedException")).toBe(1);
  });
});

const otherRole = {
  credentialSet: [
    {
      roleArn: "arn:aws:iam::111122223333:role/Other",
      credentials: {
        accessKeyId: "ASIAIOSFODNN7EXAMPLE",
        secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        sessionToken: "token",
        expiration: "2100-01-01T00:00:00Z",
      },
    },
  ],
};
