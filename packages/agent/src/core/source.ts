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

/** Where the proof of who asks is, a SAML response or an identity token, each time that one is needed. */
export type ProofSource =
  | { readonly type: "file"; readonly path: string }
  /** A command line that prints it; no shell reads it. */
  | { readonly type: "process"; readonly command: string };
