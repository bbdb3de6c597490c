import type { RoleBase } from "./role-base.ts";
import type { KeySource, ProofSource, Source } from "./source.ts";

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

/** A key of `role-agent keys`, exchanged through GetSessionToken. */
export interface KeyRole extends RoleBase {
  readonly type: "key";
  readonly source: KeySource;
  /** 900 to 129600. */
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
