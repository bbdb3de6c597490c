/** The namespaces and names of SAML 2.0 that AWS works with: https://docs.oasis-open.org/security/saml/v2.0/saml-core-2.0-os.pdf */
export const protocol = "urn:oasis:names:tc:SAML:2.0:protocol";
export const assertion = "urn:oasis:names:tc:SAML:2.0:assertion";
export const metadata = "urn:oasis:names:tc:SAML:2.0:metadata";
export const xmlSignature = "http://www.w3.org/2000/09/xmldsig#";

export const statusSuccess = "urn:oasis:names:tc:SAML:2.0:status:Success";
export const bearer = "urn:oasis:names:tc:SAML:2.0:cm:bearer";
export const nameIdFormatPrefix = "urn:oasis:names:tc:SAML:2.0:nameid-format:";

/** Where a browser posts a response to, and whom it is for: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_saml_assertions.html */
export const signInUrl = "https://signin.aws.amazon.com/saml";
export const awsAudiences: readonly string[] = [signInUrl, "urn:amazon:webservices"];

/** What the names of AWS's attributes begin with: `…Role`, `…RoleSessionName`, `…PrincipalTag:team`. */
export const attributePrefix = "https://aws.amazon.com/SAML/Attributes/";
