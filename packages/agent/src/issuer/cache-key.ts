import { RoleAgentError } from "@role-agent/provider/errors";
import type { KeyStoreName } from "../core/role.ts";
import { runErrand } from "./errand.ts";
import { hasDesktop } from "./has-desktop.ts";
import {
  cacheKeyPrefix,
  cacheKeySchema,
  interactiveDeadlineMs,
  keyErrandModule,
  wasThere,
  type KeyTask,
} from "./key-errand.ts";

/** With the start of the child; a passphrase takes two seconds of scrypt, and more on a busy machine. */
const deadlineMs: Readonly<Record<KeyStoreName, number>> = { keychain: 5000, file: 30_000 };

/** Where the key of a session cache is kept, and what opens that. */
export interface CacheKeyPlace {
  readonly store: KeyStoreName;
  /** Tells the cache from those of other agents of this user. */
  readonly name: string;
  /** Opens the key file; else a systemd credential does. */
  readonly passphrase: string | undefined;
  readonly env: NodeJS.ProcessEnv;
}

/** The key of a session cache, made where there is none. Rejects with what the store says, as a RoleAgentError. */
export async function readCacheKey(place: CacheKeyPlace, signal: AbortSignal): Promise<Buffer> {
  const task = { type: "cache-key", name: cacheKeyPrefix + place.name } as const;
  return Buffer.from(await runTask(place, task, cacheKeySchema, signal), "base64");
}

/** Forgets the key, so that nothing that was sealed by it can be opened again. Rejects likewise. */
export async function removeCacheKey(place: CacheKeyPlace, signal: AbortSignal): Promise<void> {
  await runTask(place, { type: "remove", name: cacheKeyPrefix + place.name }, wasThere, signal);
}

async function runTask<Output>(
  { store, passphrase, env }: CacheKeyPlace,
  task: KeyTask,
  answer: Parameters<typeof runErrand<Output>>[0]["answer"],
  signal: AbortSignal,
): Promise<Output> {
  const canAsk = store === "keychain" && hasDesktop(env);
  const patienceMs = canAsk ? interactiveDeadlineMs : deadlineMs[store];
  return runErrand({
    module: keyErrandModule,
    job: { store, ...(passphrase !== undefined && { passphrase }), task },
    answer,
    env,
    deadlineMs: patienceMs,
    signal,
    overdue: () => overdue(store, patienceMs, canAsk),
  });
}

/** Where a person was asked, they are not asked again before they say so. */
function overdue(store: KeyStoreName, patienceMs: number, canAsk: boolean): RoleAgentError {
  const what = store === "keychain" ? "the OS keychain did not answer" : "the key file was not opened";
  return new RoleAgentError(
    canAsk ? "KeychainLocked" : "KeychainUnavailable",
    `${what} in ${patienceMs / 1000} s`,
    { hint: canAsk ? "unlock it: role-agent keys list && role-agent reload" : "role-agent keys list" },
  );
}
