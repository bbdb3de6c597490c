import type { Tags } from "../tags.ts";
import type { Certificate, NameAttribute } from "./certificate.ts";

/**
 * The tags that Roles Anywhere makes of a certificate: `x509Subject/CN`, `x509Issuer/O`, `x509SAN/DNS`, … An
 * attribute that stands several times is joined by slashes; of alternative names of one kind the first counts.
 * https://docs.aws.amazon.com/rolesanywhere/latest/userguide/trust-model.html
 */
export function certificateTags({ subject, issuer, x509 }: Certificate): Tags {
  return {
    ...nameTags("x509Subject", subject),
    ...nameTags("x509Issuer", issuer),
    ...alternativeNameTags(x509.subjectAltName ?? ""),
  };
}

/** The common name, which becomes the session's source identity. */
export function commonName({ subject }: Certificate): string | undefined {
  return subject.find(({ type }) => type === "CN")?.value;
}

function nameTags(prefix: string, attributes: readonly NameAttribute[]): Tags {
  const tags: Tags = {};
  for (const { type, value } of attributes) {
    const key = `${prefix}/${type}`;
    tags[key] = tags[key] === undefined ? value : `${tags[key]}/${value}`;
  }
  return tags;
}

function alternativeNameTags(text: string): Tags {
  const tags: Tags = {};
  for (const [, kind = "", value = ""] of text.matchAll(/(DNS|URI):([^,]+)/g))
    tags[`x509SAN/${kind}`] ??= value;
  return tags;
}
