import {
  CreateSAMLProviderCommand,
  DeleteSAMLProviderCommand,
  GetSAMLProviderCommand,
  ListSAMLProvidersCommand,
} from "@aws-sdk/client-iam";
import { createSamlProvider } from "@role-agent/sandbox";
import { X509Certificate } from "node:crypto";
import { describe, expect, test } from "vitest";
import { administrator, HOME, iam, PARTNER, refusal, sandboxForTest } from "../support.ts";

const { metadata: SAMLMetadataDocument } = createSamlProvider();
const SAMLProviderArn = `arn:aws:iam::${HOME}:saml-provider/Okta`;

describe("a SAML provider", () => {
  test("is created, read, listed and deleted, in its own account", async () => {
    const sandbox = await sandboxForTest();
    const client = iam(sandbox);
    expect(
      await client.send(new CreateSAMLProviderCommand({ Name: "Okta", SAMLMetadataDocument })),
    ).toMatchObject({ SAMLProviderArn });
    expect(await client.send(new GetSAMLProviderCommand({ SAMLProviderArn }))).toMatchObject({
      SAMLMetadataDocument,
      CreateDate: expect.any(Date),
    });
    const list = new ListSAMLProvidersCommand({});
    expect((await client.send(list)).SAMLProviderList).toMatchObject([{ Arn: SAMLProviderArn }]);
    const partner = iam(sandbox, administrator(sandbox, PARTNER));
    expect((await partner.send(list)).SAMLProviderList).toEqual([]);
    await client.send(new DeleteSAMLProviderCommand({ SAMLProviderArn }));
    expect(await refusal(client.send(new GetSAMLProviderCommand({ SAMLProviderArn })))).toMatchObject({
      code: "NoSuchEntity",
      status: 404,
    });
  });

  test("has a name of its own", async () => {
    const client = iam(await sandboxForTest());
    const create = new CreateSAMLProviderCommand({ Name: "Okta", SAMLMetadataDocument });
    await client.send(create);
    expect(await refusal(client.send(create))).toMatchObject({ code: "EntityAlreadyExists", status: 409 });
  });

  test.each([
    ["no XML", "x".repeat(1000)],
    ["another document", `<a>${"x".repeat(1000)}</a>`],
    [
      "no certificate",
      SAMLMetadataDocument.replace(/<md:KeyDescriptor.*<\/md:KeyDescriptor>/s, "x".repeat(1000)),
    ],
    ["a certificate that is none", SAMLMetadataDocument.replace(/MII[^<]{9}/, "AAAA")],
    ["a document type", `<!DOCTYPE a>${SAMLMetadataDocument}`],
  ])("is refused with metadata that is %s", async (_what, document) => {
    const client = iam(await sandboxForTest());
    const create = new CreateSAMLProviderCommand({ Name: "Okta", SAMLMetadataDocument: document });
    expect(await refusal(client.send(create))).toMatchObject({ code: "InvalidInput" });
  });
});

test("the certificate of createSamlProvider is signed by its own key, and valid for years", () => {
  const [, text = ""] = /<ds:X509Certificate>([^<]+)</.exec(SAMLMetadataDocument) ?? [];
  const certificate = new X509Certificate(Buffer.from(text, "base64"));
  expect(certificate.verify(certificate.publicKey)).toBe(true);
  expect(certificate.subject).toBe("CN=idp.example.com");
  expect(Date.parse(certificate.validTo) - Date.parse(certificate.validFrom)).toBe(3650 * 86_400_000);
  expect(Math.abs(Date.parse(certificate.validFrom) - Date.now())).toBeLessThan(60_000);
});
