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
  }),
  loginAs: text,
  flow: v.picklist(["authorization-code", "device-code"]),
  browser: v.exactOptional(v.array(v.string())),
  waitMs: v.number(),
});

/** One sign-in to IAM Identity Center. */
export interface LoginJob {
  /** An SsoSignIn. */
  readonly signIn: {
    readonly startUrl: string;
    readonly ssoRegion: string;
    readonly sessionName?: string;
    readonly scopes: readonly string[];
    readonly tokenFile: string;
  };
  /** What the person typed after `role-agent login`. */
  readonly loginAs: string;
  readonly flow: "authorization-code" | "device-code";
  /** Words of the command that opens a page, `%s` for its address; without it the address is only printed. */
  readonly browser?: readonly string[];
  /** How long the person may take. */
  readonly waitMs: number;
}

/** What it answers: when the new access token ends, in milliseconds since 1970. The token itself stays with it. */
export const loginAnswer: v.GenericSchema<unknown, { readonly expiresAt: number }> = v.object({
  expiresAt: v.pipe(v.number(), v.finite()),
});
