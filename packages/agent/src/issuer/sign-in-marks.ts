import { fileMark } from "./file-mark.ts";
import type { RenewedToken } from "./messages.ts";

/** Tells token files apart by the sign-in that they come from: the one that the issuer has renewed is no other. */
export class SignInMarks {
  readonly #renewed = new Map<string, { readonly mark: string; readonly signIn: string }>();

  /** The issuer has put the successor of a token in its place. */
  renewed({ path, before, after }: RenewedToken): void {
    this.#renewed.set(path, { mark: after, signIn: this.#signInOf(path, before) });
  }

  /** The mark of the file that the sign-in has left there, which may be gone by now. */
  of(path: string): string {
    return this.#signInOf(path, fileMark(path));
  }

  #signInOf(path: string, mark: string): string {
    const renewed = this.#renewed.get(path);
    return renewed?.mark === mark ? renewed.signIn : mark;
  }
}
