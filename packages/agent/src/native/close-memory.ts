import { closeMemory } from "./memory-protection.ts";

// For processes that hold secrets from their first message on: before anything is loaded that could.
closeMemory();
