/**
 * A role as the configuration asks for it: everything the issuer needs to know to obtain a session, and no
 * secret. Built from a `[roles.NAME]` table of config.toml or from a profile of the AWS shared config.
 */
export type Role = IssuableRole | InvalidRole;

/** A role that a session can be issued for. */
export type IssuableRole =
  | AssumeRole
  | SessionTokenRole
  | SamlRole
  | RolesAnywhereRole
  | WebIdentityRole
  | SsoRole
  | LoginRole
  | ScopedRole
  | KeyRole
  | ProfileRole
  | ProcessRole;

interface RoleBase {
  /** The name a client asks for. */
  readonly name: string;
  /** Where it is defined, for people: `config.toml [roles.deploy]`, `profile deploy`. */
  readonly definedIn: string;
}

/**
 * STS AssumeRole. Lengths, patterns and counts are AWS's.
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
 */
export interface AssumeRole extends RoleBase {
  readonly type: "assume-role";
  readonly roleArn: string;
  readonly source: Source;
  /** Final text, 2 to 64 of `[\w+=,.@-]`: `{user}` and the like are already filled in. */
  readonly roleSessionName: string;
  /** 900 to 43200; 3600 unless configured. */
  readonly durationSeconds: number;
  readonly externalId?: string;
  readonly sourceIdentity?: string;
  /** Inline session policy, JSON text. */
  readonly policy?: string;
  readonly policyArns: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
  readonly transitiveTagKeys: readonly string[];
  /** Region of the STS endpoint; the environment's or us-east-1 where absent. */
  readonly region?: string;
  /** Profile whose `endpoint_url` and `services` settings the STS call follows, as in every SDK. */
  readonly endpointProfile?: string;
}

/**
 * STS GetSessionToken with a one-time code: a session of the user whose long-term keys the source holds. One is shared
 * by every role that needs the same device, so that a person types one code for all of them.
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html
 */
export interface SessionTokenRole extends RoleBase {
  readonly type: "session-token";
  readonly source: Source;
  readonly mfaSerial: string;
  /** A program that prints the code; without it a person is asked. */
  readonly mfaProcess?: string;
  /** Names the role in `role-agent mfa ROLE`. */
  readonly askedAs: string;
  /** 900 to 43200, as for every role; 43200 unless configured. */
  readonly durationSeconds: number;
  readonly region?: string;
  readonly endpointProfile?: string;
}

/**
 * What the AWS SDK makes of a profile that is no AssumeRole: static keys, credential_process and so on.
 * Keys without a session token are exchanged through GetSessionToken, so that the agent never holds
 * a long-term key.
 */
export interface ProfileRole extends RoleBase {
  readonly type: "profile";
  readonly profile: string;
  /** For GetSessionToken: 3600, since nothing configures it. */
  readonly durationSeconds: number;
  readonly region?: string;
}

/** A key of `role-agent keys`, exchanged through GetSessionToken. */
export interface KeyRole extends RoleBase {
  readonly type: "key";
  readonly source: KeySource;
  /** 900 to 129600. */
  readonly durationSeconds: number;
  readonly region?: string;
}

/**
 * A program that prints credentials. Keys without a session token are exchanged through GetSessionToken.
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html
 */
export interface ProcessRole extends RoleBase {
  readonly type: "process";
  /** Its command line; no shell reads it. */
  readonly command: string;
  /** For GetSessionToken: 3600, since nothing configures it. */
  readonly durationSeconds: number;
  readonly region?: string;
}

/**
 * STS AssumeRoleWithSAML. The session's name, tags and source identity are the assertion's.
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithSAML.html
 */
export interface SamlRole extends RoleBase {
  readonly type: "saml";
  readonly roleArn: string;
  /** The SAML provider in IAM. */
  readonly principalArn: string;
  readonly assertion: ProofSource;
  /** 900 to 43200; 3600 unless configured. The assertion's SessionNotOnOrAfter may end the session earlier. */
  readonly durationSeconds: number;
  /** Inline session policy, JSON text. */
  readonly policy?: string;
  readonly policyArns: readonly string[];
  readonly region?: string;
}

/**
 * STS AssumeRoleWithWebIdentity. Lengths, patterns and counts are AWS's.
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html
 */
export interface WebIdentityRole extends RoleBase {
  readonly type: "web-identity";
  readonly roleArn: string;
  readonly token: ProofSource;
  /** Final text, 2 to 64 of `[\w+=,.@-]`. */
  readonly roleSessionName: string;
  /** 900 to 43200; 3600 unless configured. */
  readonly durationSeconds: number;
  /** Inline session policy, JSON text. */
  readonly policy?: string;
  readonly policyArns: readonly string[];
  /** Region of the STS endpoint; the environment's or us-east-1 where absent. */
  readonly region?: string;
  /** Profile whose `endpoint_url` and `services` settings the STS call follows. */
  readonly endpointProfile?: string;
}

/** Where the proof of who asks is, a SAML response or an identity token, each time that one is needed. */
export type ProofSource =
  | { readonly type: "file"; readonly path: string }
  /** A command line that prints it; no shell reads it. */
  | { readonly type: "process"; readonly command: string };

/**
 * IAM Roles Anywhere: a session in exchange for a signature by an X.509 certificate's key. Files are absolute
 * paths, read anew for each session.
 * @see https://docs.aws.amazon.com/rolesanywhere/latest/userguide/authentication-create-session.html
 */
export interface RolesAnywhereRole extends RoleBase {
  readonly type: "roles-anywhere";
  readonly roleArn: string;
  readonly trustAnchorArn: string;
  readonly profileArn: string;
  /** PEM, the leaf before its intermediates, or the DER of the leaf alone. */
  readonly certificate: string;
  readonly privateKey: string;
  /** Text that opens the private key. */
  readonly passphraseFile?: string;
  /** 900 to 43200; what the Roles Anywhere profile says where absent. */
  readonly durationSeconds?: number;
  /** Final text, as for AssumeRole; the certificate's serial number where absent. */
  readonly roleSessionName?: string;
  readonly region: string;
}

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
  /** The operand of `role-agent login` that brings its token. */
  readonly loginAs: string;
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
  /** Profile whose `endpoint_url` and `services` settings the renewal follows, and that `aws login` is for. */
  readonly endpointProfile?: string;
}

/**
 * STS GetScopedCredentials: another role's session with fewer rights, and perhaps a nearer end. The identity stays.
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_GetScopedCredentials.html
 */
export interface ScopedRole extends RoleBase {
  readonly type: "scoped";
  readonly sourceRole: string;
  /** What is allowed at most, JSON text. */
  readonly policy: string;
  /** 1 to 129600; to the end of the source's session where absent. */
  readonly durationSeconds?: number;
  readonly region?: string;
  readonly endpointProfile?: string;
}

/** A profile the agent can list but not use: asking for it answers `InvalidConfiguration` with the problem. */
export interface InvalidRole extends RoleBase {
  readonly type: "invalid";
  readonly problem: string;
  readonly hint: string;
}

/** The credentials a role is assumed with. */
export type Source =
  | { readonly type: "role"; readonly role: string }
  | { readonly type: "profile"; readonly profile: string }
  | KeySource
  | { readonly type: "credential-source"; readonly from: CredentialSourceName };

/** A long-term access key that `role-agent keys` keeps. */
export interface KeySource {
  readonly type: "key";
  readonly name: string;
  readonly store: KeyStoreName;
}

/** Where `role-agent keys` keeps them: the keychain of the operating system, or the encrypted file. */
export type KeyStoreName = "keychain" | "file";

/** The values of `credential_source`. @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-assume-role-credentials.html */
export type CredentialSourceName = "Environment" | "EcsContainer" | "Ec2InstanceMetadata";

/** Whether only a person can bring about the next session, so that the held one is used to its end. */
export function needsPerson(role: Role): boolean {
  return role.type === "session-token" && role.mfaProcess === undefined;
}

/** Whether the passphrase of the encrypted key file is needed for it. */
export function needsPassphrase(role: Role): boolean {
  return "source" in role && role.source.type === "key" && role.source.store === "file";
}

/** The role whose session must exist before this one can be issued, if there is one. */
export function parentOf(role: Role): string | undefined {
  if (role.type === "scoped") return role.sourceRole;
  return role.type === "assume-role" && role.source.type === "role" ? role.source.role : undefined;
}
