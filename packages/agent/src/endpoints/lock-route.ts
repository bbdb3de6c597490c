import { RoleAgentError } from "@role-agent/provider/errors";
import * as v from "valibot";
import type { AgentLock } from "../core/agent-lock.ts";
import { errorResponse, jsonText, type EndpointResponse } from "./endpoint.ts";
import { refusal } from "./guards.ts";

/** What the routes act on. */
export interface LockDeps {
  readonly lock: AgentLock;
  /** Has the agent locked with the screen from now on. */
  readonly followScreen: () => Promise<void>;
}

const passphrase = v.pipe(v.string(), v.nonEmpty());
const whenIdleSeconds = v.pipe(v.number(), v.safeInteger(), v.minValue(1));
const lockBody = v.union([
  v.strictObject({
    passphrase,
    whenIdleSeconds: v.exactOptional(whenIdleSeconds),
    withScreen: v.exactOptional(v.literal(true)),
  }),
  v.strictObject({}),
]);
const unlockBody = v.strictObject({ passphrase });

const lockForm =
  'the body must be {"passphrase":"…","whenIdleSeconds"?:3600,"withScreen"?:true}, or {} for the passphrase it has';
const unlockForm = 'the body must be {"passphrase":"…"}, and it not empty';

/**
 * `POST /v1/lock`: locks at once; with `whenIdleSeconds` or `withScreen` later, whenever that comes about; with `{}` at
 * once, and the passphrase stays. What can't be done as things stand is a 409.
 */
export async function lockRoute(body: string, { lock, followScreen }: LockDeps): Promise<EndpointResponse> {
  const { success, output } = v.safeParse(lockBody, parsed(body));
  if (!success) return refusal(400, lockForm);
  if (!("passphrase" in output)) return answer(async () => lock.lockAgain());
  const { passphrase: given, whenIdleSeconds: seconds, withScreen = false } = output;
  if (seconds === undefined && !withScreen) return answer(() => lock.lock(given));
  return answer(async () => {
    if (withScreen) await followScreen();
    await lock.lockLater(given, seconds === undefined ? undefined : seconds * 1000);
  });
}

/** `POST /v1/unlock`: answers when the passphrase was looked at, after the delay where it is wrong. */
export async function unlockRoute(body: string, { lock }: LockDeps): Promise<EndpointResponse> {
  const { success, output } = v.safeParse(unlockBody, parsed(body));
  return success ? answer(() => lock.unlock(output.passphrase)) : refusal(400, unlockForm);
}

async function answer(action: () => Promise<void>): Promise<EndpointResponse> {
  try {
    await action();
    return jsonText("{}");
  } catch (error) {
    const isInTheWay = error instanceof RoleAgentError && error.code === "InvalidRequest";
    return errorResponse(error, isInTheWay ? 409 : undefined);
  }
}

function parsed(body: string): unknown {
  try {
    const value: unknown = JSON.parse(body);
    // valibot takes a list for an object.
    return Array.isArray(value) ? undefined : value;
  } catch {
    return undefined;
  }
}
