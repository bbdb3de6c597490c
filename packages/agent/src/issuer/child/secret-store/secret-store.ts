/**
 * Somewhere to keep secrets by name, with keytar's operations. Whatever is wrong with the store itself is a
 * RoleAgentError, so that a secret which is absent and one that can't be reached are never confused:
 *
 * - `KeychainLocked`: a person must unlock it, or no passphrase was given
 * - `KeychainUnavailable`: there is none, it does not answer, or it does not keep what it was given
 * - `InvalidConfiguration`: what it keeps can't be read, and will not be by trying again
 */
export interface SecretStore {
  /** `undefined` where there is none of that name. */
  get(name: string): Promise<string | undefined>;
  /** Adds or replaces it, and makes sure that it was kept. */
  set(name: string, secret: string): Promise<void>;
  /** Whether there was one. */
  delete(name: string): Promise<boolean>;
  find(): Promise<readonly NamedSecret[]>;
}

/** One entry of a store. */
export interface NamedSecret {
  readonly name: string;
  readonly secret: string;
}
