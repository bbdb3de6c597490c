import "../../hardening.ts";
import "../../native/close-memory.ts";
import * as v from "valibot";
import { keyJob, type KeyJob } from "../key-errand.ts";
import { keyFilePath } from "../key-file-path.ts";
import { keyTask } from "./key-task.ts";
import { onErrand } from "./on-errand.ts";
import type { SecretStore } from "./secret-store/secret-store.ts";

// Older releases of Node 20 warn of the X25519 that age uses: no news for a person, nor for the log.
process.removeAllListeners("warning");

onErrand(async (content) => {
  const job = v.parse(keyJob, content);
  return keyTask(await openStore(job, process.env), job.task);
});

/** Each library is loaded only where it is needed. */
async function openStore({ store, passphrase }: KeyJob, env: NodeJS.ProcessEnv): Promise<SecretStore> {
  if (store === "keychain") {
    const { osKeychain } = await import("./secret-store/os-keychain.ts");
    return osKeychain(env);
  }
  const { keyFilePassphrase } = await import("./secret-store/passphrase.ts");
  const { ageFile } = await import("./secret-store/age-file.ts");
  return ageFile(keyFilePath(env), await keyFilePassphrase(passphrase, env));
}
