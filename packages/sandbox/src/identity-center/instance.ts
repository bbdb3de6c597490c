import { record } from "../record.ts";

/** A public client, of RegisterClient. */
export interface SsoClient {
  clientSecret: string;
  clientName: string;
  /** None is the older kind, whose access tokens last as long as the sign-in and can't be renewed. */
  scopes: string[];
  /** Those it is limited to; none is no limit. */
  grantTypes: string[];
  redirectUris: string[];
  /** Milliseconds since the epoch, as every time here. */
  secretExpiresAt: number;
}

/** What a sign-in gave a client: what tokens are issued for. */
export interface SignIn {
  clientId: string;
  /** Tokens of one sign-in end together at a Logout. */
  signInId: string;
  /** When the user has to sign in anew. */
  sessionEndsAt: number;
}

/** Of a sign-in in the browser, to be exchanged once. */
export interface SsoAuthorizationCode extends SignIn {
  redirectUri: string;
  /** Base64url of the verifier's SHA-256: https://www.rfc-editor.org/rfc/rfc7636#section-4.2 */
  codeChallenge: string;
  expiresAt: number;
}

/** Of StartDeviceAuthorization. */
export interface DeviceAuthorization {
  clientId: string;
  userCode: string;
  /** A sign-in once the user approved. */
  outcome: "pending" | "denied" | SignIn;
  lastPolledAt: number | undefined;
  expiresAt: number;
}

export interface AccessToken extends SignIn {
  /** Only the portal of this region takes it. */
  region: string;
  expiresAt: number;
}

/** A permission set that the user has in an account; `aws configure sso` calls it a role. */
export interface Assignment {
  accountId: string;
  roleName: string;
}

/** An instance of IAM Identity Center with one user. */
export interface IdentityCenter {
  /** The access portal's URL. */
  startUrl: string;
  region: string;
  userName: string;
  /** Whoever visits a sign-in page is turned away. */
  deniesSignIn: boolean;
  assignments: Assignment[];
  /** ARNs of managed policies by permission set; one that isn't here allows nothing. */
  permissionSets: Record<string, string[]>;
  /** What a client may register for. */
  scopes: string[];
  /** How long a registered client's secret is good. */
  clientSeconds: number;
  /** How long an authorization code or device code is good. */
  codeSeconds: number;
  /** How long a device has to wait between polls. */
  intervalSeconds: number;
  accessTokenSeconds: number;
  /** How long a sign-in lasts; refresh tokens end with it. */
  sessionSeconds: number;
  /** By client id. */
  clients: Record<string, SsoClient>;
  /** By code, as long as they aren't used. */
  authorizationCodes: Record<string, SsoAuthorizationCode>;
  /** By device code. */
  deviceAuthorizations: Record<string, DeviceAuthorization>;
  /** By token. */
  accessTokens: Record<string, AccessToken>;
  /** By token; one that was used is gone. */
  refreshTokens: Record<string, SignIn>;
}

export const accountAccessScope = "sso:account:access";

/** The instance that a sandbox has from the start. */
export function newIdentityCenter(): IdentityCenter {
  return {
    startUrl: "https://sandbox.awsapps.com/start",
    region: "us-east-1",
    userName: "alice",
    deniesSignIn: false,
    assignments: [
      { accountId: "111122223333", roleName: "ReadOnly" },
      { accountId: "111122223333", roleName: "Administrator" },
      { accountId: "444455556666", roleName: "ReadOnly" },
    ],
    permissionSets: Object.assign(record<string[]>(), {
      ReadOnly: ["arn:aws:iam::aws:policy/ReadOnlyAccess"],
      Administrator: ["arn:aws:iam::aws:policy/AdministratorAccess"],
    }),
    scopes: [accountAccessScope],
    clientSeconds: 7_776_000,
    codeSeconds: 600,
    intervalSeconds: 1,
    accessTokenSeconds: 3600,
    sessionSeconds: 28_800,
    clients: record(),
    authorizationCodes: record(),
    deviceAuthorizations: record(),
    accessTokens: record(),
    refreshTokens: record(),
  };
}
