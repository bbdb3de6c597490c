import { AssumeRoleCommand, GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import { describe, expect, test } from "vitest";
import { frozenClock, HOME, keysOf, refusal, roleArn, sts } from "../support.ts";
import { federatedArn, providerArn, samlWorld } from "./support.ts";

describe("AssumeRoleWithSAML gives a session", () => {
  test("that anybody with an assertion may have, without keys, and says whose it is", async () => {
    const { clock, expiration } = frozenClock();
    const { sandbox, assertion, assume } = await samlWorld({}, { clock });
    const answer = await assume(assertion());
    expect(answer).toMatchObject({
      Audience: "https://signin.aws.amazon.com/saml",
      Issuer: "https://idp.example.com/saml",
      Subject: "alice@example.com",
      SubjectType: "persistent",
      NameQualifier: expect.stringMatching(/^[\w+/]{27}=$/),
      AssumedRoleUser: { Arn: `arn:aws:sts::${HOME}:assumed-role/Federated/alice@example.com` },
      Credentials: { Expiration: expiration(3600) },
    });
    const { Arn } = await sts(sandbox, keysOf(answer.Credentials)).send(new GetCallerIdentityCommand({}));
    expect(Arn).toBe(answer.AssumedRoleUser?.Arn);
    expect(sandbox.calls.entries.find(({ action }) => action === "AssumeRoleWithSAML")).toMatchObject({
      callerArn: undefined,
      outcome: "ok",
    });
  });

  test("of the role asked for, where the assertion has several, with the ARNs in either order", async () => {
    const { assertion, assume } = await samlWorld();
    const roles = [`${roleArn("Other")},${providerArn}`, ` ${providerArn} , ${federatedArn} `];
    expect((await assume(assertion({ roles }))).AssumedRoleUser?.Arn).toContain("/Federated/");
  });

  test.each(["assertion", "response"] as const)("when the provider signs the %s", async (signed) => {
    const { assertion, assume } = await samlWorld();
    expect((await assume(assertion({ signed }))).Subject).toBe("alice@example.com");
  });

  test("that ends at SessionNotOnOrAfter, where that comes before DurationSeconds are over", async () => {
    const { clock, expiration } = frozenClock();
    const { assertion, assume } = await samlWorld({}, { clock });
    const sessionNotOnOrAfter = clock.now() + 1_800_000;
    const answer = await assume(assertion({ sessionNotOnOrAfter }), { DurationSeconds: 3600 });
    expect(answer.Credentials?.Expiration).toEqual(new Date(Math.floor(sessionNotOnOrAfter / 1000) * 1000));
    const shorter = await assume(assertion({ sessionNotOnOrAfter }), { DurationSeconds: 900 });
    expect(shorter.Credentials?.Expiration).toEqual(expiration(900));
  });

  test("with the assertion's tags and source identity, where the trust policy allows these", async () => {
    const actions = ["sts:AssumeRoleWithSAML", "sts:TagSession", "sts:SetSourceIdentity"];
    const { sandbox, assertion, assume } = await samlWorld({ Action: actions });
    const { Credentials, SourceIdentity } = await assume(
      assertion({
        tags: { team: "core", stage: "test" },
        transitiveTagKeys: ["team"],
        sourceIdentity: "alice",
      }),
    );
    expect(SourceIdentity).toBe("alice");
    expect(sandbox.state.sessions[Credentials?.AccessKeyId ?? ""]).toMatchObject({
      tags: { team: "core", stage: "test" },
      transitiveTagKeys: ["team"],
      sourceIdentity: "alice",
    });
  });
});

describe("AssumeRoleWithSAML is refused", () => {
  test.each([
    ["the role is not in the assertion", { roles: [`${roleArn("Other")},${providerArn}`] }],
    ["the role is there with another provider", { roles: [`${federatedArn},${providerArn}2`] }],
    ["tags are not allowed", { tags: { team: "core" } }],
    ["a source identity is not allowed", { sourceIdentity: "alice" }],
  ])("as AccessDenied when %s", async (_what, options) => {
    const { assertion, assume } = await samlWorld();
    expect(await refusal(assume(assertion(options)))).toMatchObject({ code: "AccessDenied", status: 403 });
  });

  test.each([
    ["it is not signed", { signed: "nothing" }, /signature invalid/],
    ["its issuer is another", { issuer: "https://other.example.com" }, /Issuer not present/],
    ["its audience is another", { audience: "https://example.com/saml" }, /audience/],
    [
      "its recipient is another",
      { recipient: "https://signin.aws.amazon.com.example.com/saml" },
      /recipient/,
    ],
    ["its subject is empty", { subject: "" }, /no subject/],
    ["its session name has a space", { sessionName: "alice b", subject: "alice" }, /RoleSessionName/],
    ["its session duration is no number", { sessionDuration: Number.NaN }, /SessionDuration/],
  ] as const)("as InvalidIdentityToken when %s", async (_what, options, message) => {
    const { assertion, assume } = await samlWorld();
    expect(await refusal(assume(assertion(options)))).toMatchObject({
      code: "InvalidIdentityToken",
      status: 400,
      message: expect.stringMatching(message),
    });
  });

  test("as InvalidIdentityToken before its time, and as ExpiredTokenException after it", async () => {
    const { sandbox, assertion, assume } = await samlWorld();
    const now = sandbox.clock.now();
    const early = assertion({ notBefore: now + 60_000 });
    expect(await refusal(assume(early))).toMatchObject({ code: "InvalidIdentityToken" });
    sandbox.clock.advance(60_000);
    await assume(early);
    const expired = { code: "ExpiredTokenException", status: 400 };
    for (const options of [{ notOnOrAfter: now + 60_000 }, { sessionNotOnOrAfter: now + 60_000 }]) {
      expect(await refusal(assume(assertion(options)))).toMatchObject(expired);
    }
  });

  test("as ExpiredTokenException five minutes after its issue, whatever it says", async () => {
    const { clock } = frozenClock();
    const { assertion, assume } = await samlWorld({}, { clock });
    const patient = assertion({ notOnOrAfter: clock.now() + 3_600_000 });
    clock.advance(300_000);
    await assume(patient);
    clock.advance(1);
    expect(await refusal(assume(patient))).toMatchObject({
      code: "ExpiredTokenException",
      message: "Token must be redeemed within 5 minutes of issuance",
    });
  });

  test("as IDPRejectedClaim when the identity provider reports a failed sign-in", async () => {
    const { assertion, assume } = await samlWorld();
    const status = "urn:oasis:names:tc:SAML:2.0:status:Responder";
    expect(await refusal(assume(assertion({ status })))).toMatchObject({
      code: "IDPRejectedClaim",
      status: 403,
    });
  });

  test.each(["!!!!", Buffer.from("no XML").toString("base64"), Buffer.from("<a/>").toString("base64")])(
    "as InvalidIdentityToken when it is %j",
    async (text) => {
      const { assume } = await samlWorld();
      expect(await refusal(assume(text))).toMatchObject({ code: "InvalidIdentityToken" });
    },
  );

  test("as InvalidIdentityToken when nobody knows the provider", async () => {
    const { assertion, assume } = await samlWorld();
    expect(await refusal(assume(assertion(), { PrincipalArn: `${providerArn}2` }))).toMatchObject({
      code: "InvalidIdentityToken",
      message: "Specified provider doesn't exist",
    });
  });
});

describe("the role's trust policy", () => {
  test.each([
    ["SAML:aud", "https://signin.aws.amazon.com/saml", "https://example.com"],
    ["SAML:iss", "https://idp.example.com/saml", "https://other.example.com"],
    ["SAML:sub", "alice@example.com", "bob@example.com"],
    ["SAML:sub_type", "persistent", "transient"],
    ["saml:doc", `${HOME}/Okta`, `${HOME}/Other`],
    ["aws:RequestTag/team", "core", "other"],
  ])("can ask for %s", async (key, good, bad) => {
    for (const [value, outcome] of [
      [good, "ok"],
      [bad, "AccessDenied"],
    ]) {
      const { sandbox, assertion, assume } = await samlWorld({
        Action: ["sts:AssumeRoleWithSAML", "sts:TagSession"],
        Condition: { StringEquals: { [key]: value } },
      });
      await assume(assertion({ tags: { team: "core" } })).catch(() => undefined);
      expect(sandbox.calls.count("AssumeRoleWithSAML", outcome)).toBe(1);
    }
  });

  test("can name the very person, by NameQualifier and subject", async () => {
    const { assertion, assume } = await samlWorld();
    const { NameQualifier } = await assume(assertion());
    const named = await samlWorld({ Condition: { StringEquals: { "saml:namequalifier": NameQualifier } } });
    expect((await named.assume(named.assertion())).NameQualifier).toBe(NameQualifier);
  });

  test("that names another provider, or another action, refuses", async () => {
    for (const statement of [
      { Principal: { Federated: `${providerArn}2` } },
      { Action: "sts:AssumeRoleWithWebIdentity" },
    ]) {
      const { assertion, assume } = await samlWorld(statement);
      expect(await refusal(assume(assertion()))).toMatchObject({
        code: "AccessDenied",
        message: expect.stringContaining("trust policy, statement 0"),
      });
    }
  });

  test("of AssumeRole does not see the assertion's caller", async () => {
    const { sandbox, assertion, assume } = await samlWorld();
    const { Credentials } = await assume(assertion());
    const chained = sts(sandbox, keysOf(Credentials)).send(
      new AssumeRoleCommand({ RoleArn: federatedArn, RoleSessionName: "again" }),
    );
    expect(await refusal(chained)).toMatchObject({ code: "AccessDenied" });
  });
});
