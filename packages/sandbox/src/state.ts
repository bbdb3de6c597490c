import type { JSONWebKeySet } from "jose";
import type { IdentityCenter } from "./identity-center/instance.ts";
import type { ManagedPolicy } from "./managed-policies.ts";
import type { Tags } from "./tags.ts";

/** What a user and a role have in common: their identity policies. */
export interface PolicyHolder {
  arn: string;
  /** ARNs of `SandboxState.managedPolicies`, in the order they were attached. */
  attachedPolicies: string[];
  /** JSON texts by policy name. */
  inlinePolicies: Record<string, string>;
}

export interface User extends PolicyHolder {
  userName: string;
  userId: string;
  path: string;
  /** Milliseconds since the epoch, as every time of the state. */
  createdAt: number;
  tags: Tags;
}

export interface Role extends PolicyHolder {
  roleName: string;
  roleId: string;
  path: string;
  createdAt: number;
  /** JSON text, as it was given. */
  trustPolicy: string;
  description: string | undefined;
  /** Seconds. */
  maxSessionDuration: number;
  tags: Tags;
}

/** An OIDC provider that an account trusts: https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateOpenIDConnectProvider.html */
export interface OidcProvider {
  arn: string;
  /** The `iss` of its tokens. */
  url: string;
  /** The audiences that its tokens may be for. */
  clientIds: string[];
  thumbprints: string[];
  createdAt: number;
  tags: Tags;
  /**
   * Its public keys, which a test gives here (`createOidcIssuer().jwks`). Without them they are fetched, but only from an
   * issuer on 127.0.0.1 or localhost.
   */
  jwks: JSONWebKeySet | undefined;
}

export interface Account {
  id: string;
  users: Record<string, User>;
  roles: Record<string, Role>;
  /** By ARN. */
  samlProviders: Record<string, SamlProvider>;
  /** By URL without its scheme. */
  oidcProviders: Record<string, OidcProvider>;
}

/** Of CreateSAMLProvider. */
export interface SamlProvider {
  arn: string;
  createdAt: number;
  /** The identity provider's metadata, XML as it was given. */
  metadata: string;
}

export interface AccessKey {
  accessKeyId: string;
  secretAccessKey: string;
  accountId: string;
  userName: string;
  createdAt: number;
}

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_VirtualMFADevice.html */
export interface VirtualMfaDevice {
  /** Its ARN, the `SerialNumber` of every call. */
  serialNumber: string;
  accountId: string;
  /** Base32 text, as authenticator apps take it. */
  seed: string;
  /** Undefined until a user enables it. */
  assignment: { userName: string; enabledAt: number } | undefined;
  /** The 30-second step since the epoch of the newest code that was taken; it and all before it are used up. */
  lastUsedStep: number | undefined;
}

interface SessionCredentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken: string;
  accountId: string;
  issuedAt: number;
  expiresAt: number;
  /** Of GetScopedCredentials, the oldest first: JSON texts, each of which must allow what the session does. */
  scopePolicies?: string[];
}

/** Of GetSessionToken. */
export interface UserSession extends SessionCredentials {
  kind: "user";
  userName: string;
  userId: string;
  /** When the user proved their MFA device; undefined where they didn't. */
  mfaAuthenticatedAt: number | undefined;
  /** Of a console login: unlike those of GetSessionToken its keys may call IAM without MFA. */
  isLogin?: true;
}

/** Of AssumeRole, AssumeRoleWithSAML and AssumeRoleWithWebIdentity. */
export interface RoleSession extends SessionCredentials {
  kind: "role";
  roleName: string;
  roleId: string;
  sessionName: string;
  /** Session policies, which limit the role's own: JSON texts. Empty is no limit. */
  policies: { name: string; document: string }[];
  tags: Tags;
  transitiveTagKeys: string[];
  sourceIdentity: string | undefined;
}

export type Session = UserSession | RoleSession;

/** A console login of AWS Sign-In: what `aws login` brings, and `sandbox.signIn()`. */
export interface Login {
  /** Who signed in: ARN of a user or of a session of a role. */
  loginSession: string;
  /** Unique id of the user or role, so that another of the same name is not taken for it. */
  identityId: string;
  clientId: string;
  /** SHA-256 thumbprint (RFC 7638) of the key that its refresh tokens are bound to. */
  keyThumbprint: string;
  /** No refresh token of it works from then on. */
  endsAt: number;
  /** Set it to true for what a changed password does. */
  credentialsChanged: boolean;
  /** The newest refresh token. */
  refreshToken: string;
  /** The one before and the key that it brought: while that lives, asking again brings the same. */
  spent: { refreshToken: string; accessKeyId: string } | undefined;
}

/** What a browser brings back from the page of AWS Sign-In. */
export interface AuthorizationCode {
  loginSession: string;
  clientId: string;
  redirectUri: string;
  codeChallenge: string;
  endsAt: number;
}

/** A CA of Roles Anywhere: whoever has a certificate of it may ask for the roles that trust it. */
export interface TrustAnchor {
  trustAnchorArn: string;
  accountId: string;
  enabled: boolean;
  /** The CA's certificate. */
  pem: string;
}

/** A profile of Roles Anywhere: what may be asked for, and how sessions are limited. */
export interface AnywhereProfile {
  profileArn: string;
  accountId: string;
  enabled: boolean;
  roleArns: string[];
  durationSeconds: number;
  acceptRoleSessionName: boolean;
  /** JSON texts. */
  sessionPolicies: string[];
}

/**
 * Everything the sandbox knows, as plain data that a test may read and change between calls. Records have no
 * prototype, so that `constructor` and `__proto__` are names like any other.
 */
export interface SandboxState {
  /** By account id. */
  accounts: Record<string, Account>;
  /** Long-term keys by access key id. */
  accessKeys: Record<string, AccessKey>;
  /** By serial number. */
  mfaDevices: Record<string, VirtualMfaDevice>;
  /** Temporary keys by access key id; expired ones stay, since AWS tells them from unknown ones. */
  sessions: Record<string, Session>;
  /** By ARN; AWS's own to begin with. */
  managedPolicies: Record<string, ManagedPolicy>;
  /** By ARN. */
  trustAnchors: Record<string, TrustAnchor>;
  /** By ARN. */
  anywhereProfiles: Record<string, AnywhereProfile>;
  /** By the first part of their refresh tokens. */
  logins: Record<string, Login>;
  /** By code; each is taken once. */
  authorizationCodes: Record<string, AuthorizationCode>;
  /** The `jti` of every DPoP proof that was taken, and when. */
  usedProofs: Record<string, number>;
  /**
   * Public keys of the issuers that a trust policy may name without an OIDC provider in its account, by the name that
   * `Federated` has: `accounts.google.com`. None to begin with.
   */
  builtInIssuers: Record<string, JSONWebKeySet>;
  identityCenter: IdentityCenter;
}

/** An account and the keys of its administrator, the IAM user `Administrator`. */
export interface AdministratorKeys {
  id: string;
  accessKeyId: string;
  secretAccessKey: string;
}
