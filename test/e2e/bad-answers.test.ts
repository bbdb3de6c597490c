import type { Fault } from "@role-agent/sandbox";
import { describe, expect, it } from "vitest";
import { createWorld } from "../support/world.ts";

interface Answer {
  readonly arn?: string;
  readonly expiration?: string;
  readonly credentials?: string;
}

/** An AssumeRole answer written by hand. */
function answer({
  arn = "arn:aws:sts::444455556666:assumed-role/Deploy/x",
  expiration = "2099-01-01T00:00:00Z",
  credentials = "<AccessKeyId>ASIAIOSFODNN7EXAMPLE</AccessKeyId><SecretAccessKey>wJalrXUtnFEMI</SecretAccessKey><SessionToken>token</SessionToken>",
}: Answer = {}): Fault {
  const body = `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult>
<AssumedRoleUser><Arn>${arn}</Arn><AssumedRoleId>AROAEXAMPLE:x</AssumedRoleId></AssumedRoleUser>
<Credentials>${credentials}<Expiration>${expiration}</Expiration></Credentials>
</AssumeRoleResult></AssumeRoleResponse>`;
  return { kind: "answer", body };
}

const badAnswers: readonly (readonly [string, Fault, RegExp])[] = [
  ["cut", { kind: "truncate" }, /closed before|not understood|can't be reached/],
  ["cut off without a byte", { kind: "refuse" }, /closed before an answer|connection reset/],
  ["a captive portal's page", { kind: "garbage" }, /not understood|another role/],
  [
    "a proxy's refusal",
    { kind: "answer", status: 403, body: "<html><body>Blocked</body></html>" },
    /\(HTTP 403\) is not AWS's/,
  ],
  [
    "a page of HTML that is no XML",
    { kind: "answer", status: 404, body: "<!DOCTYPE html><p>a<br>" },
    /not AWS's/,
  ],
  ["no XML", { kind: "answer", body: "%%%" }, /not understood|another role/],
  ["empty", { kind: "answer", body: "" }, /not understood|another role/],
  ["a redirect", { kind: "answer", status: 302, headers: { location: "/" }, body: "" }, /not understood/],
  ["larger than any real one", { kind: "answer", body: "x".repeat(2_000_000) }, /too large/],
  ["without keys", answer({ credentials: "" }), /lacks keys/],
  [
    "with an empty token",
    answer({
      credentials:
        "<AccessKeyId>ASIAIOSFODNN7EXAMPLE</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken></SessionToken>",
    }),
    /lacks keys/,
  ],
  [
    "with a line break in a key",
    answer({
      credentials:
        "<AccessKeyId>ASIAIOSFODNN7EXAMPLE</AccessKeyId><SecretAccessKey>s&#10;t</SecretAccessKey><SessionToken>t</SessionToken>",
    }),
    /malformed/,
  ],
  ["a session that has already ended", answer({ expiration: "2020-01-01T00:00:00Z" }), /already ended/],
  ["a session without an end", answer({ expiration: "" }), /not understood|malformed/],
  ["for another role", answer({ arn: "arn:aws:sts::444455556666:assumed-role/Admin/x" }), /another role/],
  ["for another account", answer({ arn: "arn:aws:sts::111122223333:assumed-role/Deploy/x" }), /another role/],
  ["an internal error", { kind: "status", status: 500 }, /InternalFailure/],
  ["throttling", { kind: "throttle" }, /Throttling/],
];

describe("an answer of STS that is no good", () => {
  it.each(badAnswers)("(%s) is a typed error, and the old session stays", async (_name, fault, message) => {
    const world = await createWorld();
    await world.startAgent();
    const good = await world.client.credentials("deploy");
    world.sandbox.fault("AssumeRole", fault);
    await expect(world.client.refresh("deploy")).rejects.toMatchObject({
      code: "SourceUnavailable",
      message: expect.stringMatching(message),
    });
    expect(await world.client.credentials("deploy")).toEqual(good);
    const [role] = (await world.client.status()).roles;
    expect(role).toMatchObject({ state: "failing", lastError: { code: "SourceUnavailable" } });
  });

  it("(late) is a typed error, and the old session stays", async () => {
    const world = await createWorld();
    await world.startAgent();
    const good = await world.client.credentials("deploy");
    world.sandbox.fault("AssumeRole", { kind: "hang" });
    await expect(world.client.refresh("deploy")).rejects.toMatchObject({
      code: "SourceUnavailable",
      message: expect.stringContaining("no answer"),
    });
    expect(await world.client.credentials("deploy")).toEqual(good);
  });

  it("(a clock that is hours off) is corrected by AWS's own clock", async () => {
    const world = await createWorld();
    const agent = await world.startAgent();
    world.sandbox.clock.advance(2 * 3_600_000);
    const { Expiration } = await world.client.credentials("deploy");
    expect(Date.parse(Expiration) - Date.now()).toBeGreaterThan(2.9 * 3_600_000);
    const [role] = (await world.client.status()).roles;
    expect(Date.parse(role?.nextRenewal ?? "") - Date.now()).toBeLessThan(0.6 * 3_600_000);
    await world.client.refresh("deploy");
    expect(agent.log.match(/clock is 72\d\d s behind AWS's/g)).toHaveLength(1);
  });
});

describe("a refusal of AWS", () => {
  it("of the source's keys says which call failed and what to check", async () => {
    const world = await createWorld();
    world.sandbox.fault("AssumeRole", { kind: "status", status: 403, code: "InvalidClientTokenId" });
    await world.startAgent();
    await expect(world.client.credentials("deploy")).rejects.toMatchObject({
      code: "InvalidConfiguration",
      message: expect.stringContaining("sts:AssumeRole of arn:aws:iam::444455556666:role/Deploy"),
      hint: expect.stringContaining("access key"),
    });
  });
});
