import { asObject, asStrings, didYouMean, inside, refuse, type Place } from "./fields.ts";
import type { JsonValue } from "./json.ts";

/** The principals of a trust policy's statement; an account given by its number stands as its root ARN. */
export interface PrincipalSet {
  /** `*`, or ARNs of account roots, users, roles, role sessions and federated-user sessions. */
  AWS: string[];
  /** Service names: `ec2.amazonaws.com`. */
  Service: string[];
  /** Identity providers: an ARN, or a domain name. */
  Federated: string[];
}

const awsPrincipal =
  /^arn:aws[a-z-]*:(?:iam::\d{12}:(?:root|(?:user|role)\/[^*?:\s]+)|sts::\d{12}:(?:assumed-role\/[^*?:/\s]+|federated-user)\/[^*?:/\s]+)$/;
const serviceName = /^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/;
const identityProvider =
  /^(?:arn:aws[a-z-]*:iam::\d{12}:(?:saml|oidc)-provider\/[^*?\s]+|[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+(?:\/[^*?\s]*)?)$/;

/**
 * The Principal element of a role trust policy. IAM refuses there what other resource policies may have:
 * a bare `*` (it is `{"AWS":"*"}`), CanonicalUser, and a wildcard in a name or ARN.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
 */
export function parsePrincipals(value: JsonValue, place: Place): PrincipalSet {
  if (value === "*") {
    refuse(place, 'AssumeRolepolicy contained an invalid principal: "STAR":"*" (write {"AWS":"*"})');
  }
  const principals: PrincipalSet = { AWS: [], Service: [], Federated: [] };
  const entries = asObject(value, place);
  if (entries.size === 0) refuse(place, "names no principal");
  for (const [type, names] of entries) {
    const typePlace = inside(place, type);
    if (type !== "AWS" && type !== "Service" && type !== "Federated") refuse(typePlace, unknownType(type));
    const list = asStrings(names, typePlace);
    principals[type] = list.map((name, index) => {
      const valid = validName(type, name);
      const namePlace = Array.isArray(names) ? `${typePlace}[${index}]` : typePlace;
      return valid ?? refuse(namePlace, `Invalid principal in policy: "${type}":${JSON.stringify(name)}`);
    });
  }
  return principals;
}

function unknownType(type: string): string {
  if (type === "CanonicalUser") return "a role trust policy can't name a canonical user";
  return `unknown principal type${didYouMean(type, ["AWS", "Service", "Federated"])}`;
}

function validName(type: keyof PrincipalSet, name: string): string | undefined {
  if (type === "Service") return serviceName.test(name) ? name : undefined;
  if (type === "Federated") return identityProvider.test(name) ? name : undefined;
  if (/^\d{12}$/.test(name)) return `arn:aws:iam::${name}:root`;
  return name === "*" || awsPrincipal.test(name) ? name : undefined;
}
