import { RoleAgentError } from "@role-agent/provider/errors";
import type { KeySource } from "../../core/role.ts";
import { runErrand } from "../errand.ts";
import { foundKey, keyErrandModule, type AccessKey, type KeyJob } from "../key-errand.ts";
import { hasDesktop, noAnswer } from "./secret-store/keychain-error.ts";

/** With the start of a child, a client hears of a keychain that hangs within 3 s. */
const keychainDeadlineMs = 2000;
/** A passphrase takes a second of scrypt, and more on a busy machine. */
const fileDeadlineMs = 9000;

/** Reads that are under way: roles that are renewed together share one process. */
const reads = new Map<string, Promise<AccessKey | null>>();

/**
 * The long-term key that `role-agent keys add` has kept, read by a process of its own: a keychain that hangs holds up
 * nothing else. Rejects with what the store says, and `InvalidConfiguration` where there is no such key.
 */
export async function storedKey(
  { name, store }: KeySource,
  passphrase: string | undefined,
): Promise<AccessKey> {
  const id = `${store} ${name}`;
  const job: KeyJob = { store, ...(passphrase && { passphrase }), task: { type: "get", name } };
  const read = reads.get(id) ?? startRead(job).finally(() => reads.delete(id));
  reads.set(id, read);
  try {
    const key = await read;
    if (key !== null) return key;
  } catch (error) {
    throw error instanceof RoleAgentError ? about(name, error) : error;
  }
  throw new RoleAgentError("InvalidConfiguration", `there is no key "${name}"`, {
    hint: `role-agent keys add ${name}`,
  });
}

function startRead(job: KeyJob): Promise<AccessKey | null> {
  const { env } = process;
  const deadlineMs = job.store === "keychain" ? keychainDeadlineMs : fileDeadlineMs;
  return runErrand({
    module: keyErrandModule,
    job,
    answer: foundKey,
    env,
    deadlineMs,
    ...(job.store === "keychain" && { overdue: () => noAnswer(deadlineMs / 1000, hasDesktop(env)) }),
  });
}

function about(name: string, { code, message, hint, retryAfterSeconds }: RoleAgentError): RoleAgentError {
  return new RoleAgentError(code, `key "${name}": ${message}`, { hint, retryAfterSeconds });
}
