import { XMLParser } from "fast-xml-parser";

/** What the agent reads of a SAML response, to help a person; nothing of it is trusted. */
export interface AssertionContent {
  /** The roles that it is good for. Undefined where the assertion is encrypted: only AWS can tell. */
  readonly roles: readonly AssertedRole[] | undefined;
  /** When it ends, in milliseconds since 1970; `Infinity` where it doesn't say. */
  readonly notOnOrAfter: number;
}

/** A value of the Role attribute. */
export interface AssertedRole {
  readonly roleArn: string;
  readonly principalArn: string;
}

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_saml_assertions.html */
const roleAttribute = "https://aws.amazon.com/SAML/Attributes/Role";

/** AWS's limits. @see https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithSAML.html */
const base64 = /^[A-Za-z0-9+/]{3,99999}={0,2}$/;

/** Every element is an object in a list, with its attributes after an `@` and its text as `#text`. */
const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: "@",
  removeNSPrefix: true,
  parseTagValue: false,
  alwaysCreateTextNode: true,
  isArray: (_name, _path, _isLeaf, isAttribute) => !isAttribute,
});

/** Looks into the base64 text of a SAML response. Undefined where it is none. */
export function lookInto(assertion: string): AssertionContent | undefined {
  if (!base64.test(assertion)) return undefined;
  const response = within(parse(Buffer.from(assertion, "base64").toString()), "Response");
  const found = response.flatMap((element) => within(element, "Assertion"));
  if (found.length > 0) return { roles: rolesOf(found), notOnOrAfter: endOf(found) };
  const isEncrypted = response.some((element) => within(element, "EncryptedAssertion").length > 0);
  return isEncrypted ? { roles: undefined, notOnOrAfter: Infinity } : undefined;
}

/** A SAML message has no document type: one that has could only be there to define entities, as bombs do. */
function parse(xml: string): unknown {
  if (/<!doctype/i.test(xml)) return undefined;
  try {
    return parser.parse(xml);
  } catch {
    return undefined;
  }
}

function rolesOf(assertions: readonly unknown[]): AssertedRole[] {
  return assertions
    .flatMap((assertion) => within(assertion, "AttributeStatement", "Attribute"))
    .filter((attribute) => textOf(attribute, "@Name") === roleAttribute)
    .flatMap((attribute) => within(attribute, "AttributeValue"))
    .map((value) =>
      textOf(value, "#text")
        .split(",")
        .map((arn) => arn.trim()),
    )
    .map(([first = "", second = ""]) =>
      first.includes(":saml-provider/")
        ? { roleArn: second, principalArn: first }
        : { roleArn: first, principalArn: second },
    );
}

function endOf(assertions: readonly unknown[]): number {
  const ends = assertions
    .flatMap((assertion) => [
      ...within(assertion, "Conditions"),
      ...within(assertion, "Subject", "SubjectConfirmation", "SubjectConfirmationData"),
    ])
    .map((element) => Date.parse(textOf(element, "@NotOnOrAfter")));
  return Math.min(...ends.filter((end) => !Number.isNaN(end)));
}

/** The elements at the end of a path of names. */
function within(element: unknown, ...path: readonly string[]): unknown[] {
  return path.reduce<unknown[]>(
    (elements, name) => elements.flatMap((each) => childrenOf(each, name)),
    [element],
  );
}

function childrenOf(element: unknown, name: string): unknown[] {
  const children = valueOf(element, name);
  return Array.isArray(children) ? children : [];
}

function textOf(element: unknown, name: string): string {
  const text = valueOf(element, name);
  return typeof text === "string" ? text : "";
}

function valueOf(element: unknown, name: string): unknown {
  return typeof element === "object" && element !== null ? Reflect.get(element, name) : undefined;
}
