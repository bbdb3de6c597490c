import { createSamlProvider } from "@role-agent/sandbox";
import { describe, expect, test } from "vitest";
import { refusal } from "../support.ts";
import { federatedArn, providerArn, samlWorld } from "./support.ts";

const decode = (response: string): string => Buffer.from(response, "base64").toString();
const encode = (xml: string): string => Buffer.from(xml).toString("base64");

/** The parts of a response of which `signed` is signed: `before`, `assertion`, `after`. */
function parts(response: string): { before: string; assertion: string; after: string } {
  const xml = decode(response);
  const start = xml.indexOf("<saml:Assertion");
  const end = xml.indexOf("</saml:Assertion>") + "</saml:Assertion>".length;
  return { before: xml.slice(0, start), assertion: xml.slice(start, end), after: xml.slice(end) };
}

/** Mallory's own statements under the ID that the signature covers, and under another. */
function mallorysAssertions(assertion: string): string[] {
  const unsigned = assertion.replace(/<ds:Signature.*<\/ds:Signature>/s, "");
  const evil = unsigned.replaceAll("alice@example.com", "mallory@example.com");
  return [evil, evil.replace(/ ID="[^"]+"/, ' ID="_evil"')];
}

describe("a response that was tampered with is refused", () => {
  test.each([
    ["another session name", (xml: string) => xml.replaceAll("alice@", "mallory@")],
    ["an attribute more", (xml: string) => xml.replace("</saml:AttributeStatement>", "<saml:Attribute/>$&")],
    ["no signature", (xml: string) => xml.replace(/<ds:Signature.*<\/ds:Signature>/s, "")],
    ["an empty signature value", (xml: string) => xml.replace(/(<ds:SignatureValue>)[^<]+/, "$1")],
    ["no reference", (xml: string) => xml.replace(/<ds:Reference.*<\/ds:Reference>/s, "")],
    ["a document type", (xml: string) => `<!DOCTYPE r [<!ENTITY a "mallory">]>${xml}`],
    ["half of it", (xml: string) => xml.slice(0, xml.length / 2)],
    [
      "the algorithm of a shared secret",
      (xml: string) =>
        xml.replace(
          "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
          "http://www.w3.org/2000/09/xmldsig#hmac-sha1",
        ),
    ],
  ])("with %s", async (_what, tamper) => {
    const { assertion, assume } = await samlWorld();
    expect(await refusal(assume(encode(tamper(decode(assertion())))))).toMatchObject({
      code: "InvalidIdentityToken",
    });
  });

  test("signed with a key of one's own, whose certificate it brings along", async () => {
    const { assume } = await samlWorld();
    const impostor = createSamlProvider();
    const forged = impostor.assertion({ roles: [`${federatedArn},${providerArn}`], sessionName: "alice" });
    expect(decode(forged)).toContain("<ds:X509Certificate>");
    expect(await refusal(assume(forged))).toMatchObject({ message: "Response signature invalid" });
  });
});

describe("statements wrapped around a signed assertion never count", () => {
  const wrappings: [string, (evil: string, signed: string) => string][] = [
    ["before it", (evil, signed) => evil + signed],
    ["after it", (evil, signed) => signed + evil],
    ["around it", (evil, signed) => evil.replace("</saml:Assertion>", `${signed}</saml:Assertion>`)],
    ["around its extensions", (evil, signed) => `<samlp:Extensions>${signed}</samlp:Extensions>${evil}`],
    [
      "with its signature",
      (evil, signed) => {
        const [signature = ""] = /<ds:Signature.*<\/ds:Signature>/s.exec(signed) ?? [];
        const hidden = signed.replace(signature, "");
        const kept = signature.replace("</ds:Signature>", `<ds:Object>${hidden}</ds:Object></ds:Signature>`);
        return evil.replace("</saml:Issuer>", `</saml:Issuer>${kept}`);
      },
    ],
  ];

  test.each(wrappings)("%s", async (_where, wrap) => {
    const { sandbox, assertion, assume } = await samlWorld();
    const { before, assertion: signed, after } = parts(assertion());
    for (const evil of mallorysAssertions(signed)) {
      await assume(encode(before + wrap(evil, signed) + after)).catch(() => undefined);
    }
    expect(sandbox.calls.count("AssumeRoleWithSAML")).toBe(2);
    const sessions = Object.values(sandbox.state.sessions).map(
      (each) => each.kind === "role" && each.sessionName,
    );
    expect(sessions.filter((name) => name !== "alice@example.com")).toEqual([]);
  });

  test("nor does a comment cut a name short", async () => {
    const { assertion, assume } = await samlWorld();
    const signed = assertion({ sessionName: "alice@example.com.evil" });
    const cut = encode(decode(signed).replaceAll("example.com.evil", "example.com<!---->.evil"));
    const answer = await assume(cut);
    expect(answer.Subject).toBe("alice@example.com.evil");
    expect(answer.AssumedRoleUser?.Arn).toMatch(/alice@example\.com\.evil$/);
  });
});
