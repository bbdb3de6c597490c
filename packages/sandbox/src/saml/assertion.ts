import type { Tag } from "../tags.ts";
import { attributeOf, textOf, within } from "./dom.ts";
import * as saml from "./names.ts";

/** An assertion's statements as plain data. Times are milliseconds since the epoch, NaN where they are malformed. */
export interface Assertion {
  issuer: string;
  issuedAt: number;
  subject: string;
  /** `persistent`, `transient`, or the whole URI of any other format. */
  subjectType: string;
  /** Where the bearer may present it, and until when. */
  recipients: { url: string; notOnOrAfter: number }[];
  audiences: string[];
  notBefore: number | undefined;
  notOnOrAfter: number | undefined;
  sessionNotOnOrAfter: number | undefined;
  roles: AssertedRole[];
  roleSessionName: string | undefined;
  /** Text: it limits sessions of the console alone. */
  sessionDuration: string | undefined;
  tags: Tag[];
  transitiveTagKeys: string[];
  sourceIdentity: string | undefined;
}

export interface AssertedRole {
  roleArn: string;
  principalArn: string;
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_saml_assertions.html */
export function readAssertion(element: Element): Assertion {
  const find = (...path: readonly string[]): Element[] => within(element, saml.assertion, ...path);
  const [conditions] = find("Conditions");
  const [nameId] = find("Subject", "NameID");
  const attributes = find("AttributeStatement", "Attribute");
  return {
    issuer: textOf(find("Issuer")[0]),
    issuedAt: timeOf(element, "IssueInstant") ?? Number.NaN,
    subject: textOf(nameId),
    subjectType: subjectTypeOf(nameId),
    recipients: find("Subject", "SubjectConfirmation")
      .filter((confirmation) => attributeOf(confirmation, "Method") === saml.bearer)
      .flatMap((confirmation) => within(confirmation, saml.assertion, "SubjectConfirmationData"))
      .map((data) => ({
        url: attributeOf(data, "Recipient") ?? "",
        notOnOrAfter: timeOf(data, "NotOnOrAfter") ?? Number.NaN,
      })),
    audiences: find("Conditions", "AudienceRestriction", "Audience").map(textOf),
    notBefore: timeOf(conditions, "NotBefore"),
    notOnOrAfter: timeOf(conditions, "NotOnOrAfter"),
    sessionNotOnOrAfter: timeOf(find("AuthnStatement")[0], "SessionNotOnOrAfter"),
    roles: valuesOf(attributes, "Role").map(assertedRole),
    roleSessionName: valuesOf(attributes, "RoleSessionName")[0],
    sessionDuration: valuesOf(attributes, "SessionDuration")[0],
    tags: tagsOf(attributes),
    transitiveTagKeys: valuesOf(attributes, "TransitiveTagKeys"),
    sourceIdentity: valuesOf(attributes, "SourceIdentity")[0],
  };
}

function timeOf(element: Element | undefined, name: string): number | undefined {
  const time = attributeOf(element, name);
  return time === undefined ? undefined : Date.parse(time);
}

function subjectTypeOf(nameId: Element | undefined): string {
  const format = attributeOf(nameId, "Format") ?? "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified";
  return format.startsWith(saml.nameIdFormatPrefix) ? format.slice(saml.nameIdFormatPrefix.length) : format;
}

function valuesOf(attributes: readonly Element[], name: string): string[] {
  return attributes
    .filter((attribute) => attributeOf(attribute, "Name") === saml.attributePrefix + name)
    .flatMap((attribute) => within(attribute, saml.assertion, "AttributeValue"))
    .map(textOf);
}

/** The provider's ARN stands before the role's or after it. */
function assertedRole(value: string): AssertedRole {
  const [first = "", second = ""] = value.split(",").map((arn) => arn.trim());
  return first.includes(":saml-provider/")
    ? { roleArn: second, principalArn: first }
    : { roleArn: first, principalArn: second };
}

function tagsOf(attributes: readonly Element[]): Tag[] {
  const prefix = `${saml.attributePrefix}PrincipalTag:`;
  return attributes.flatMap((attribute) => {
    const name = attributeOf(attribute, "Name") ?? "";
    if (!name.startsWith(prefix)) return [];
    return within(attribute, saml.assertion, "AttributeValue").map((value) => ({
      Key: name.slice(prefix.length),
      Value: textOf(value),
    }));
  });
}
