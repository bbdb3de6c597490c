import { generateKeyPairSync, randomBytes } from "node:crypto";
import { selfSignedCertificate } from "./certificate.ts";
import * as saml from "./names.ts";
import { responseXml, type ResponseContent } from "./response-xml.ts";
import { signXml } from "./sign-xml.ts";
import { buildXml } from "./build-xml.ts";

/** A SAML identity provider for tests and demos, with a key of its own. */
export interface SamlIdentityProvider {
  readonly entityId: string;
  /** For CreateSAMLProvider. */
  readonly metadata: string;
  /** A person signs in: the base64 text that their browser would post to AWS. */
  assertion(options: AssertionOptions): string;
}

export interface AssertionOptions extends Partial<Omit<ResponseContent, "roles" | "sessionName">> {
  /** `ROLE_ARN,PROVIDER_ARN` each, in either order. */
  roles: readonly string[];
  /** RoleSessionName. */
  sessionName: string;
  /** What the provider signs; the assertion by default. */
  signed?: "assertion" | "response" | "nothing";
}

export interface SamlProviderOptions {
  entityId?: string;
  /** The provider's clock, milliseconds since the epoch; by default the machine's. */
  now?: () => number;
}

/** How long an assertion is good for unless it says otherwise. */
const validMs = 300_000;
const certificateDays = 3650;

/**
 * Makes a SAML identity provider. It signs whatever it is asked to, so that a test can make every assertion that AWS
 * must refuse.
 */
export function createSamlProvider(options: SamlProviderOptions = {}): SamlIdentityProvider {
  const { entityId = "https://idp.example.com/saml", now = Date.now } = options;
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const certificate = selfSignedCertificate(privateKey, "idp.example.com", now(), certificateDays);
  return {
    entityId,
    metadata: metadataXml(entityId, certificate),
    assertion: ({ signed = "assertion", ...content }) => {
      const time = now();
      const xml = responseXml({
        id: `_${randomBytes(16).toString("hex")}`,
        issuer: entityId,
        issuedAt: time,
        subject: content.sessionName,
        subjectFormat: `${saml.nameIdFormatPrefix}persistent`,
        recipient: saml.signInUrl,
        audience: saml.signInUrl,
        notBefore: time,
        notOnOrAfter: time + validMs,
        status: saml.statusSuccess,
        tags: {},
        transitiveTagKeys: [],
        ...content,
      });
      const response = signed === "nothing" ? xml : signXml(xml, signed, privateKey, certificate);
      return Buffer.from(response).toString("base64");
    },
  };
}

/** https://docs.oasis-open.org/security/saml/v2.0/saml-metadata-2.0-os.pdf */
function metadataXml(entityId: string, certificate: Buffer): string {
  return buildXml({
    "md:EntityDescriptor": {
      "@xmlns:md": saml.metadata,
      "@entityID": entityId,
      "md:IDPSSODescriptor": {
        "@WantAuthnRequestsSigned": "false",
        "@protocolSupportEnumeration": saml.protocol,
        "md:KeyDescriptor": {
          "@use": "signing",
          "ds:KeyInfo": {
            "@xmlns:ds": saml.xmlSignature,
            "ds:X509Data": { "ds:X509Certificate": certificate.toString("base64") },
          },
        },
        "md:SingleSignOnService": {
          "@Binding": "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST",
          "@Location": entityId,
        },
      },
    },
  });
}
