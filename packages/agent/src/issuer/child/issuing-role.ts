import { AsyncLocalStorage } from "node:async_hooks";

/**
 * The role that the present job is for. Programs that are started on its way get it as `ROLE_AGENT_ISSUING`, so that
 * one which asks the agent for this very role is told so instead of waiting for itself.
 */
export const issuingRole: AsyncLocalStorage<string> = new AsyncLocalStorage();
