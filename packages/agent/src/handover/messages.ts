import * as v from "valibot";

/** What a successor asks or tells its predecessor. */
export type FromSuccessor =
  | { readonly wants: "estate" }
  /** A listening TCP server, by the place of its door. */
  | { readonly wants: "listener"; readonly place: string }
  /** It can serve from now on. */
  | { readonly is: "ready" }
  | { readonly is: "failed"; readonly why: string };

const place = v.string();
const fromSuccessor = v.union([
  v.strictObject({ wants: v.literal("estate") }),
  v.strictObject({ wants: v.literal("listener"), place }),
  v.strictObject({ is: v.literal("ready") }),
  v.strictObject({ is: v.literal("failed"), why: v.string() }),
]) satisfies v.GenericSchema<unknown, FromSuccessor>;

/** What the predecessor answers; the server comes beside the message, where there is one. */
export type FromPredecessor =
  | { readonly estate: unknown }
  | { readonly place: string }
  /** The successor is the agent now. */
  | { readonly is: "succeeded" };

const fromPredecessor = v.union([
  v.strictObject({ estate: v.unknown() }),
  v.strictObject({ place }),
  v.strictObject({ is: v.literal("succeeded") }),
]) satisfies v.GenericSchema<unknown, FromPredecessor>;

/** Checks a message of the successor; `undefined` if it is none. */
export function parseFromSuccessor(message: unknown): FromSuccessor | undefined {
  const { success, output } = v.safeParse(fromSuccessor, message);
  return success ? output : undefined;
}

/** Checks a message of the predecessor; `undefined` if it is none. */
export function parseFromPredecessor(message: unknown): FromPredecessor | undefined {
  const { success, output } = v.safeParse(fromPredecessor, message);
  return success ? output : undefined;
}

/** The successor finds the pid of its predecessor in this variable, and takes it out. */
export const predecessorVariable = "ROLE_AGENT_PREDECESSOR";
