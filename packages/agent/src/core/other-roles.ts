import type { RoleBase } from "./role-base.ts";

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

/** A profile the agent can list but not use: asking for it answers `InvalidConfiguration` with the problem. */
export interface InvalidRole extends RoleBase {
  readonly type: "invalid";
  readonly problem: string;
  readonly hint: string;
}
