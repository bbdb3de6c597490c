import { printable } from "../../../core/printable.ts";

/** Where the browser brings the code: the path that the AWS CLI registers, too. */
export const callbackPath = "/oauth/callback";

/** A request to the listener, as far as it counts. */
export interface CallbackRequest {
  readonly method: string | undefined;
  readonly host: string | undefined;
  /** Path and query. */
  readonly target: string | undefined;
}

/** How the person's sign-in went. */
export type CallbackOutcome = { readonly code: string } | { readonly denial: string };

/** What the browser is answered, and how the sign-in went, where the request says so. */
export interface CallbackAnswer {
  readonly status: number;
  readonly text: string;
  readonly outcome?: CallbackOutcome;
}

/**
 * Judges a request. Only one that knows the state of this sign-in has a say in how it went.
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2
 */
export function callbackAnswer(
  { method, host, target = "" }: CallbackRequest,
  expected: { readonly host: string; readonly state: string },
): CallbackAnswer {
  if (host !== expected.host) return { status: 403, text: "This is not the host of the sign-in." };
  if (method !== "GET") return { status: 405, text: "Only GET is answered here." };
  const base = `http://${expected.host}`;
  const url = URL.canParse(target, base) ? new URL(target, base) : undefined;
  if (url?.pathname !== callbackPath) return { status: 404, text: "There is nothing here." };
  const one = (name: string): string | null => {
    const values = url.searchParams.getAll(name);
    return values.length === 1 ? (values[0] ?? null) : null;
  };
  if (one("state") !== expected.state) return { status: 400, text: "This belongs to another sign-in." };
  const error = one("error");
  if (error !== null) {
    const denial = printable(error).slice(0, 100);
    return { status: 200, text: "The sign-in was refused. You can close this page.", outcome: { denial } };
  }
  const code = one("code");
  return code === null || code === ""
    ? { status: 400, text: "The code is missing." }
    : { status: 200, text: "You can close this page and go back to role-agent.", outcome: { code } };
}
