import { X509Certificate } from "node:crypto";
import { AwsError } from "../aws-error.ts";
import { attributeOf, isNamed, parseXml, textOf, within } from "./dom.ts";
import * as saml from "./names.ts";

/** What AWS takes from an identity provider's metadata. */
export interface Metadata {
  /** The Issuer of its assertions. */
  entityId: string;
  /** PEM; several while a key is replaced. */
  signingCertificates: string[];
}

/**
 * Reads a SAML metadata document. Throws `InvalidInput` as CreateSAMLProvider does.
 * https://docs.oasis-open.org/security/saml/v2.0/saml-metadata-2.0-os.pdf
 */
export function readMetadata(text: string): Metadata {
  try {
    const root = parseXml(text);
    const entityId = attributeOf(root, "entityID");
    const signingCertificates = certificatesOf(root);
    if (isNamed(root, saml.metadata, "EntityDescriptor") && entityId && signingCertificates.length > 0) {
      return { entityId, signingCertificates };
    }
  } catch {
    // Not well formed, or a certificate that is none.
  }
  throw new AwsError("InvalidInput", "Could not parse metadata");
}

function certificatesOf(root: Element): string[] {
  return within(root, saml.metadata, "IDPSSODescriptor", "KeyDescriptor")
    .filter((key) => (attributeOf(key, "use") ?? "signing") === "signing")
    .flatMap((key) => within(key, saml.xmlSignature, "KeyInfo", "X509Data", "X509Certificate"))
    .map((element) => new X509Certificate(Buffer.from(textOf(element), "base64")).toString());
}
