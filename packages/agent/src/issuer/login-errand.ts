import * as v from "valibot";

const text = v.pipe(v.string(), v.nonEmpty());

/** What the child that signs a person in is told. */
export const loginJob: v.GenericSchema<unknown, LoginJob> = v.object({
  signIn: v.object({
    startUrl: text,
    ssoRegion: text,
    sessionName: v.exactOptional(text),
    scopes: v.array(text),
    tokenFile: text,
    endpointProfile: v.exactOptional(text),
  }),
  flow: v.picklist(["authorization-code", "device-code"]),
  browser: v.exactOptional(
    v.object({ words: v.array(v.string()), env: v.record(v.string(), v.optional(v.string())) }),
  ),
  waitMs: v.number(),
});

/** The command that opens a page. */
export interface Browser {
  /** `%s` stands for the address. */
  readonly words: readonly string[];
  /** The whole of the person's: a browser is found by variables of desktops and editors of all kinds. */
  readonly env: NodeJS.ProcessEnv;
}

/** One sign-in to IAM Identity Center. */
export interface LoginJob {
  /** An SsoSignIn, and where its services are. */
  readonly signIn: {
    readonly startUrl: string;
    readonly ssoRegion: string;
    readonly sessionName?: string;
    readonly scopes: readonly string[];
    readonly tokenFile: string;
    /** Profile whose `endpoint_url` and `services` settings the sign-in follows, as the renewals after it do. */
    readonly endpointProfile?: string;
  };
  readonly flow: "authorization-code" | "device-code";
  /** What opens the page; without it the address is only printed. */
  readonly browser?: Browser;
  /** How long the person may take. */
  readonly waitMs: number;
}

/** What it answers: when the new access token ends, in milliseconds since 1970. The token itself stays with it. */
export const loginAnswer: v.GenericSchema<unknown, { readonly expiresAt: number }> = v.object({
  expiresAt: v.pipe(v.number(), v.finite()),
});
