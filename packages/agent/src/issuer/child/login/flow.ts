import type { LoginJob } from "../../login-errand.ts";
import type { TokenSettings } from "../sso/token-answer.ts";
import type { OpenPage } from "./open-page.ts";

/** A token, and the client that it was issued to. */
export interface IssuedToken {
  readonly token: TokenSettings;
  readonly client: RegisteredClient;
}

/** A client that this program registered itself as. */
export interface RegisteredClient {
  readonly clientId: string;
  readonly clientSecret: string;
  /** Milliseconds since 1970. */
  readonly endsAt: number;
}

/** One way to sign in. */
export type Flow = (job: LoginJob, openPage: OpenPage, signal: AbortSignal) => Promise<IssuedToken>;
