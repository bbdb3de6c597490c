import type { CredentialSource } from "./session.ts";

/** What tells the sign-in in a file from the one before it, without reading either: the same text means the same one. */
export type FileMark = (path: string) => string;

/**
 * Notices that a person has signed in, whichever program they did it with: the file of the token is another than the
 * one that the newest attempt began with, and not by the agent's own renewal.
 */
export class LoginWatch {
  readonly #tokenFile: () => string | undefined;
  readonly #fileMark: FileMark;
  #attemptedWith: string | undefined;

  /** @param tokenFile - path of the file that the role's sign-in leaves its token in, where it needs one */
  constructor(tokenFile: () => string | undefined, fileMark: FileMark) {
    this.#tokenFile = tokenFile;
    this.#fileMark = fileMark;
  }

  /** The same source, watched. */
  watched(source: CredentialSource): CredentialSource {
    return async (input) => {
      // Before the attempt: a sign-in during it must not be missed.
      this.#attemptedWith = this.#mark();
      return source(input);
    };
  }

  /** Whether the token was replaced since the newest attempt began. */
  hasChanged(): boolean {
    return this.#mark() !== this.#attemptedWith;
  }

  #mark(): string | undefined {
    const path = this.#tokenFile();
    return path === undefined ? undefined : this.#fileMark(path);
  }
}
