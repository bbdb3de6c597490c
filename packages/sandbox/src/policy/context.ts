/** Who calls. */
export interface Caller {
  kind:
    | "root"
    | "user"
    | "assumed-role"
    | "federated-user"
    | "service"
    | "web-identity"
    | "saml"
    | "anonymous";
  /** 12 digits; "" for whoever belongs to no account: services, federated identities, anonymous callers. */
  accountId: string;
  /** The caller's ARN (of the session, for a role), the service principal, or the identity provider's ARN or name. */
  arn: string;
  /** Of a role session only: the role's ARN with its path, which aws:PrincipalArn reports. */
  roleArn?: string;
  principalTags: Record<string, string>;
}

/**
 * The condition keys of one request: lower-cased key → values; multivalued keys have several.
 * A key that is absent from the request is absent here.
 */
export type ConditionContext = ReadonlyMap<string, readonly string[]>;

/** One action of one caller on one resource. */
export interface AuthorizationRequest {
  action: string;
  resource: string;
  caller: Caller;
  context: ConditionContext;
}
