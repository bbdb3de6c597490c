import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { SdkClient } from "./sdk-client.ts";

const list = fileURLToPath(new URL("../../../.cache/interop-clients.json", import.meta.url));

/** The SDKs of languages other than Python and JavaScript, as scripts/interop/build-clients.js has built their programs. */
export const compiledClients: readonly SdkClient[] = read();

function read(): readonly SdkClient[] {
  try {
    return JSON.parse(readFileSync(list, "utf8"));
  } catch (cause) {
    throw new Error("no SDK's program is built\nhint: node scripts/interop/build-clients.js", { cause });
  }
}
