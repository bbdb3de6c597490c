import { describe, expect, it } from "vitest";
import { checkAssertion } from "../../../../packages/agent/src/issuer/child/saml/check-assertion.ts";
import { principalArn, roleArn, samlAssertion, samlRole } from "./saml-role.ts";

const base64 = (xml: string): string => Buffer.from(xml).toString("base64");
const check =
  (assertion: string, now: number = Date.now()) =>
  (): void =>
    checkAssertion(assertion, samlRole(), now);

const protocol = 'xmlns:p="urn:oasis:names:tc:SAML:2.0:protocol"';
const otherRole = "arn:aws:iam::444455556666:role/Other";

describe("an assertion is sent to AWS", () => {
  it.each([
    ["the role asked for", [`${roleArn},${principalArn}`]],
    ["its ARNs the other way round", [`${principalArn},${roleArn}`]],
    ["white space around them", [`\n  ${roleArn} , ${principalArn}\n`]],
    ["other roles too", [`${otherRole},${principalArn}`, `${roleArn},${principalArn}`]],
  ])("when it has %s", (_what, roles) => {
    expect(check(samlAssertion({ roles }))).not.toThrow();
  });

  it("when it is encrypted, so that only AWS can look into it", () => {
    const xml = `<p:Response ${protocol}><a:EncryptedAssertion xmlns:a="urn:a"/></p:Response>`;
    expect(check(base64(xml))).not.toThrow();
  });

  it("when it may have ended by no more than this machine's clock may be fast", () => {
    const now = Date.now();
    const assertion = samlAssertion({ notOnOrAfter: now });
    expect(check(assertion, now + 299_999)).not.toThrow();
    expect(check(assertion, now + 300_001)).toThrow("the assertion has expired");
  });
});

describe("a person is told what is wrong, before AWS is asked, when an assertion", () => {
  it.each([
    ["is empty", ""],
    ["is no base64", "<samlp:Response/>"],
    ["is no XML", base64("SAMLResponse")],
    ["is another XML", base64("<html><body>Sign in</body></html>")],
    ["holds no assertion", base64(`<p:Response ${protocol}/>`)],
    ["is longer than AWS takes", base64("x".repeat(75_001))],
    ["is a bomb of nested elements", base64("<a>".repeat(20_000))],
    [
      "is a bomb of entities",
      base64(
        `<!DOCTYPE a [<!ENTITY b "${"b".repeat(999)}"><!ENTITY c "${"&b;".repeat(999)}">]><a>${"&c;".repeat(999)}</a>`,
      ),
    ],
  ])("%s", (_what, assertion) => {
    const start = performance.now();
    expect(check(assertion)).toThrow(
      expect.objectContaining({
        code: "InvalidConfiguration",
        message: "saml_assertion_file holds no SAML response",
        hint: expect.stringContaining("base64"),
      }),
    );
    expect(performance.now() - start).toBeLessThan(1000);
  });

  it("is for other roles: how many", () => {
    const roles = [1, 2, 3].map((index) => `${otherRole}${index},${principalArn}`);
    expect(check(samlAssertion({ roles }))).toThrow(
      expect.objectContaining({
        code: "InvalidConfiguration",
        message: `the assertion holds 3 roles, and ${roleArn} is not among them`,
        hint: expect.stringContaining("role_arn"),
      }),
    );
    expect(check(samlAssertion({ roles: roles.slice(0, 1) }))).toThrow("holds 1 role, and");
  });

  it("has the role with another provider", () => {
    expect(check(samlAssertion({ roles: [`${roleArn},${principalArn}2`] }))).toThrow(
      expect.objectContaining({ code: "InvalidConfiguration", hint: "correct principal_arn" }),
    );
  });

  it("has expired: a file needs a person, a process should have brought a new one", () => {
    const old = samlAssertion({ notOnOrAfter: Date.now() - 3_600_000 });
    expect(check(old)).toThrow(
      expect.objectContaining({
        code: "LoginRequired",
        hint: "sign in, save the new SAML response as /home/alice/saml, then: role-agent refresh okta",
      }),
    );
    expect(() => checkAssertion(old, samlRole({ type: "process", command: "login" }), Date.now())).toThrow(
      expect.objectContaining({ code: "InvalidConfiguration", hint: expect.stringContaining("each time") }),
    );
  });
});
