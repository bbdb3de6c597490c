import type { KeyObject } from "node:crypto";
import { SignedXml } from "xml-crypto";
import * as saml from "./names.ts";

const exclusive = "http://www.w3.org/2001/10/xml-exc-c14n#";

/**
 * A SAML response with an enveloped signature, after the Issuer as the schema wants it.
 * https://docs.oasis-open.org/security/saml/v2.0/saml-core-2.0-os.pdf section 5.4
 */
export function signXml(
  xml: string,
  signed: "assertion" | "response",
  privateKey: KeyObject,
  certificate: Buffer,
): string {
  const signer = new SignedXml({
    privateKey: privateKey.export({ type: "pkcs8", format: "pem" }),
    publicCert: certificate.toString("base64"),
    signatureAlgorithm: "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
    canonicalizationAlgorithm: exclusive,
  });
  const [namespace, name] =
    signed === "assertion" ? [saml.assertion, "Assertion"] : [saml.protocol, "Response"];
  const xpath = `//*[local-name(.)='${name}' and namespace-uri(.)='${namespace}']`;
  signer.addReference({
    xpath,
    digestAlgorithm: "http://www.w3.org/2001/04/xmlenc#sha256",
    transforms: [`${saml.xmlSignature}enveloped-signature`, exclusive],
  });
  signer.computeSignature(xml, {
    prefix: "ds",
    location: { reference: `${xpath}/*[local-name(.)='Issuer']`, action: "after" },
  });
  return signer.getSignedXml();
}
