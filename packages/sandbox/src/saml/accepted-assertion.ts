import { AwsError } from "../aws-error.ts";
import type { SamlProvider } from "../state.ts";
import { readAssertion, type Assertion } from "./assertion.ts";
import { attributeOf, isNamed, parseXml, within } from "./dom.ts";
import { readMetadata, type Metadata } from "./metadata.ts";
import * as saml from "./names.ts";
import { signedElement } from "./signed-element.ts";

/** An assertion that AWS takes. */
export interface AcceptedAssertion extends Assertion {
  /** The Recipient: what `saml:aud` is compared with. */
  audience: string;
  roleSessionName: string;
}

/** AWS's own limit, whatever the assertion says. */
const redeemableMs = 300_000;

/**
 * Checks the base64 text of a SAML response as AssumeRoleWithSAML does. Throws `InvalidIdentityToken`,
 * `IDPRejectedClaim` where the identity provider reports a failed sign-in, and `ExpiredTokenException`.
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithSAML.html
 */
export function acceptedAssertion(response: string, provider: SamlProvider, now: number): AcceptedAssertion {
  const metadata = readMetadata(provider.metadata);
  const xml = decoded(response);
  refuseFailedSignIn(xml);
  const assertion = readAssertion(signedAssertion(xml, metadata));
  if (assertion.issuer !== metadata.entityId) throw invalid("Issuer not present in specified provider");
  checkTimes(assertion, now);
  if (!assertion.audiences.some((audience) => saml.awsAudiences.includes(audience))) {
    throw invalid("Response does not contain the required audience");
  }
  return { ...assertion, ...subjectOf(assertion, now), roleSessionName: sessionNameOf(assertion) };
}

function decoded(response: string): string {
  if (!/^[A-Za-z0-9+/\s]+={0,2}\s*$/.test(response)) throw invalid("Invalid base64 SAMLResponse");
  return Buffer.from(response, "base64").toString();
}

function signedAssertion(xml: string, { signingCertificates }: Metadata): Element {
  const signed = signedElement(xml, signingCertificates);
  if (signed === undefined) throw invalid("Response signature invalid");
  const [assertion, ...others] = isNamed(signed, saml.protocol, "Response")
    ? within(signed, saml.assertion, "Assertion")
    : [signed];
  if (assertion === undefined || others.length > 0 || !isNamed(assertion, saml.assertion, "Assertion")) {
    throw invalid("Response must contain exactly one assertion");
  }
  return assertion;
}

/** The status of a response that isn't signed as a whole is only believed when it is bad. */
function refuseFailedSignIn(xml: string): void {
  const [status] = within(parsedResponse(xml), saml.protocol, "Status", "StatusCode");
  if (attributeOf(status, "Value") !== saml.statusSuccess) {
    throw new AwsError("IDPRejectedClaim", "The identity provider reported that authentication failed.", 403);
  }
}

function parsedResponse(xml: string): Element {
  try {
    const root = parseXml(xml);
    if (isNamed(root, saml.protocol, "Response")) return root;
  } catch {
    // Not well formed.
  }
  throw invalid("Response is not a valid SAML document");
}

function checkTimes(
  { issuedAt, notBefore, notOnOrAfter, sessionNotOnOrAfter }: Assertion,
  now: number,
): void {
  if ([issuedAt, notBefore, notOnOrAfter, sessionNotOnOrAfter].some(Number.isNaN)) {
    throw invalid("Response has a malformed time");
  }
  if (notBefore !== undefined && now < notBefore) throw invalid("Response is not yet valid");
  if (now - issuedAt > redeemableMs) throw expired("Token must be redeemed within 5 minutes of issuance");
  if ([notOnOrAfter, sessionNotOnOrAfter].some((end) => end !== undefined && end <= now)) {
    throw expired("Token has expired");
  }
}

function subjectOf({ subject, recipients }: Assertion, now: number): { audience: string } {
  if (subject === "") throw invalid("Response contains no subject");
  const ours = recipients.filter(({ url }) =>
    /^https:\/\/(?:[a-z0-9-]+\.)?signin\.aws\.amazon\.com\/saml$/.test(url),
  );
  if (ours.length === 0) throw invalid("Response does not contain the required recipient");
  const confirmed = ours.find(({ notOnOrAfter }) => now < notOnOrAfter);
  if (confirmed === undefined) throw expired("Token has expired");
  return { audience: confirmed.url };
}

function sessionNameOf({ roleSessionName, sessionDuration }: Assertion): string {
  if (roleSessionName === undefined) throw invalid("RoleSessionName is required in AuthnResponse");
  if (!/^[\w+=,.@-]{2,64}$/.test(roleSessionName)) {
    throw invalid("RoleSessionName in AuthnResponse must match [a-zA-Z_0-9+=,.@-]{2,64}");
  }
  if (sessionDuration !== undefined && !/^\d{3,5}$/.test(sessionDuration)) {
    throw invalid("SessionDuration in AuthnResponse must be a number of seconds");
  }
  return roleSessionName;
}

function invalid(message: string): AwsError {
  return new AwsError("InvalidIdentityToken", message);
}

function expired(message: string): AwsError {
  return new AwsError("ExpiredTokenException", message);
}
