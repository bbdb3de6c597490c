import type { RoleBase } from "./role-base.ts";

/** A sign-in to IAM Identity Center: a person's, once, for every role that is obtained with it. */
export interface SsoSignIn {
  readonly startUrl: string;
  readonly ssoRegion: string;
  /** NAME of its `[sso-session NAME]`; absent in the older form, which has no refresh token. */
  readonly sessionName?: string;
  /** What its tokens are for. */
  readonly scopes: readonly string[];
  /** Absolute path of the token in the cache that the AWS CLI and every SDK use. */
  readonly tokenFile: string;
}

/**
 * GetRoleCredentials of IAM Identity Center: a permission set in an account, for the token of whoever signed in.
 * @see https://docs.aws.amazon.com/singlesignon/latest/PortalAPIReference/API_GetRoleCredentials.html
 */
export interface SsoRole extends RoleBase, SsoSignIn {
  readonly type: "sso";
  readonly accountId: string;
  readonly ssoRoleName: string;
  /** For the roles that are assumed with it. */
  readonly region?: string;
  /** Profile whose `endpoint_url` and `services` settings its calls follow. */
  readonly endpointProfile?: string;
}

/**
 * A console login of the AWS CLI (`aws login`): its keys, renewed by its refresh token for as long as AWS keeps the
 * login alive.
 * @see https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-sign-in.html
 */
export interface LoginRole extends RoleBase {
  readonly type: "login";
  /** Who signed in: ARN of a user, of a root user or of an assumed-role session. */
  readonly loginSession: string;
  /** Where the AWS CLI keeps the login: absolute path, read anew for each session. */
  readonly tokenFile: string;
  /** Region of the sign-in endpoint, unless the token file names another. */
  readonly region?: string;
  /** Profile whose `endpoint_url` and `services` settings the renewal follows. */
  readonly endpointProfile?: string;
  /** Profile that `aws login` is for: the first one with this login. */
  readonly loginProfile?: string;
}
