import { closeMemory, unsafeDebug } from "./memory-protection.ts";

// For processes that hold secrets from their first message on: before anything is loaded that could.
if (!process.argv.includes(unsafeDebug)) closeMemory();
