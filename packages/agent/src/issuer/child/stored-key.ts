import { RoleAgentError } from "@role-agent/provider/errors";
import type { KeySource, KeyStoreName } from "../../core/role.ts";
import { runErrand } from "../errand.ts";
import { hasDesktop } from "../has-desktop.ts";
import { foundKeys, keyErrandModule, type AccessKey } from "../key-errand.ts";
import { keyFilePath } from "../key-file-path.ts";
import { inBatches } from "./in-batches.ts";
import { notOpened } from "./secret-store/age-error.ts";
import { noAnswer } from "./secret-store/keychain-error.ts";

/** With the start of a child, a client hears of a keychain that hangs within 3 s. */
const keychainDeadlineMs = 2000;
/** A passphrase takes a second of scrypt, and more on a busy machine. */
const fileDeadlineMs = 9000;

type KeyReader = (name: string) => Promise<AccessKey | null | undefined>;

/** One for each store, and each passphrase: scrypt takes 130 MB and a second, whether for one key or for all. */
const readers = new Map<string, KeyReader>();

/**
 * The long-term key that `role-agent keys add` has kept, read by a process that roles which are renewed together
 * share: a keychain that hangs holds up nothing else. Rejects with what the store says, and `InvalidConfiguration`
 * where there is no such key.
 */
export async function storedKey(
  { name, store }: KeySource,
  passphrase: string | undefined,
): Promise<AccessKey> {
  const id = `${store} ${passphrase ?? ""}`;
  const read = readers.get(id) ?? keyReader(store, passphrase);
  readers.set(id, read);
  let key: AccessKey | null | undefined;
  try {
    key = await read(name);
  } catch (error) {
    throw error instanceof RoleAgentError ? about(name, error) : error;
  }
  if (key) return key;
  throw key === null
    ? new RoleAgentError("InvalidConfiguration", `key "${name}": its entry holds no access key`, {
        hint: `write it anew: role-agent keys add ${name}`,
      })
    : new RoleAgentError("InvalidConfiguration", `there is no key "${name}"`, {
        hint: `role-agent keys add ${name}`,
      });
}

function keyReader(store: KeyStoreName, passphrase: string | undefined): KeyReader {
  const { env } = process;
  const deadlineMs = store === "keychain" ? keychainDeadlineMs : fileDeadlineMs;
  const seconds = deadlineMs / 1000;
  return inBatches(async (names, askedAt) => {
    const found = await runErrand({
      module: keyErrandModule,
      job: { store, ...(passphrase && { passphrase }), task: { type: "get", names } },
      answer: foundKeys,
      env,
      deadlineMs: Math.max(1, Math.round(deadlineMs - (performance.now() - askedAt))),
      overdue: () =>
        store === "keychain" ? noAnswer(seconds, hasDesktop(env)) : notOpened(keyFilePath(env), seconds),
    });
    return new Map(found);
  });
}

function about(name: string, { code, message, hint, retryAfterSeconds }: RoleAgentError): RoleAgentError {
  return new RoleAgentError(code, `key "${name}": ${message}`, { hint, retryAfterSeconds });
}
