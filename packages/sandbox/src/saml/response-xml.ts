import type { Tags } from "../tags.ts";
import type { XmlObject } from "../xml.ts";
import { buildXml } from "./build-xml.ts";
import * as saml from "./names.ts";

/** Everything a SAML response for AWS says. Times are milliseconds since the epoch. */
export interface ResponseContent {
  /** ID of the assertion; the response's is the same after `_r`. */
  id: string;
  issuer: string;
  issuedAt: number;
  status: string;
  /** NameID and its Format. */
  subject: string;
  subjectFormat: string;
  recipient: string;
  audience: string;
  notBefore: number;
  /** Of the conditions and of the subject's confirmation. */
  notOnOrAfter: number;
  sessionNotOnOrAfter?: number;
  roles: readonly string[];
  sessionName: string;
  /** SessionDuration, seconds. */
  sessionDuration?: number;
  /** PrincipalTag attributes. */
  tags: Tags;
  transitiveTagKeys: readonly string[];
  sourceIdentity?: string;
}

/** https://docs.oasis-open.org/security/saml/v2.0/saml-core-2.0-os.pdf */
export function responseXml(content: ResponseContent): string {
  const { id, issuer, issuedAt, status, recipient } = content;
  return buildXml({
    "samlp:Response": {
      "@xmlns:samlp": saml.protocol,
      "@xmlns:saml": saml.assertion,
      "@ID": `_r${id}`,
      "@Version": "2.0",
      "@IssueInstant": iso(issuedAt),
      "@Destination": recipient,
      "saml:Issuer": issuer,
      "samlp:Status": { "samlp:StatusCode": { "@Value": status } },
      "saml:Assertion": assertionXml(content),
    },
  });
}

function assertionXml(content: ResponseContent): XmlObject {
  const { id, issuer, issuedAt, audience, notBefore, notOnOrAfter, sessionNotOnOrAfter } = content;
  return {
    "@ID": id,
    "@Version": "2.0",
    "@IssueInstant": iso(issuedAt),
    "saml:Issuer": issuer,
    "saml:Subject": {
      "saml:NameID": { "@Format": content.subjectFormat, "#text": content.subject },
      "saml:SubjectConfirmation": {
        "@Method": saml.bearer,
        "saml:SubjectConfirmationData": {
          "@NotOnOrAfter": iso(notOnOrAfter),
          "@Recipient": content.recipient,
        },
      },
    },
    "saml:Conditions": {
      "@NotBefore": iso(notBefore),
      "@NotOnOrAfter": iso(notOnOrAfter),
      "saml:AudienceRestriction": { "saml:Audience": audience },
    },
    "saml:AuthnStatement": {
      "@AuthnInstant": iso(issuedAt),
      ...(sessionNotOnOrAfter !== undefined && { "@SessionNotOnOrAfter": iso(sessionNotOnOrAfter) }),
      "saml:AuthnContext": {
        "saml:AuthnContextClassRef": "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport",
      },
    },
    "saml:AttributeStatement": { "saml:Attribute": attributes(content) },
  };
}

function attributes(content: ResponseContent): XmlObject[] {
  const { roles, sessionName, sessionDuration, tags, transitiveTagKeys, sourceIdentity } = content;
  return [
    attribute("Role", roles),
    attribute("RoleSessionName", [sessionName]),
    ...(sessionDuration === undefined ? [] : [attribute("SessionDuration", [String(sessionDuration)])]),
    ...Object.entries(tags).map(([key, value]) => attribute(`PrincipalTag:${key}`, [value])),
    ...(transitiveTagKeys.length === 0 ? [] : [attribute("TransitiveTagKeys", transitiveTagKeys)]),
    ...(sourceIdentity === undefined ? [] : [attribute("SourceIdentity", [sourceIdentity])]),
  ];
}

function attribute(name: string, values: readonly string[]): XmlObject {
  return {
    "@Name": saml.attributePrefix + name,
    "saml:AttributeValue": values.map((value) => ({ "#text": value })),
  };
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
