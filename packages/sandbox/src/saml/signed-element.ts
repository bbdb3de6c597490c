import { SignedXml } from "xml-crypto";
import { parseXml, within } from "./dom.ts";
import * as saml from "./names.ts";

/**
 * What an identity provider has signed of a response: the Response or the Assertion, parsed from the very octets
 * that the signature covers, so that nothing wrapped around or beside them counts. Undefined where no signature by
 * one of the certificates (PEM) is valid. Keys that come with the signature are ignored.
 * https://docs.oasis-open.org/security/saml/v2.0/saml-core-2.0-os.pdf section 5.4
 */
export function signedElement(xml: string, certificates: readonly string[]): Element | undefined {
  for (const signature of signaturesOf(parseXml(xml))) {
    for (const certificate of certificates) {
      const octets = verifiedOctets(xml, signature, certificate);
      if (octets !== undefined) return parseXml(octets);
    }
  }
  return undefined;
}

function signaturesOf(response: Element): Element[] {
  return [response, ...within(response, saml.assertion, "Assertion")].flatMap((signed) =>
    within(signed, saml.xmlSignature, "Signature"),
  );
}

/** A SAML signature has one reference. */
function verifiedOctets(xml: string, signature: Element, certificate: string): string | undefined {
  const verifier = new SignedXml({ publicCert: certificate, getCertFromKeyInfo: () => null });
  try {
    verifier.loadSignature(signature);
    if (!verifier.checkSignature(xml)) return undefined;
    const [octets, ...others] = verifier.getSignedReferences();
    return others.length === 0 ? octets : undefined;
  } catch {
    return undefined;
  }
}
