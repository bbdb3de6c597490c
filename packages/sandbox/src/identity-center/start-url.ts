import { invalidRequest } from "./json-body.ts";
import type { IdentityCenter } from "./instance.ts";

/** Refuses another instance's; people also write it with a `/` or `/#/` at its end. */
export function checkStartUrl(given: string, { startUrl }: IdentityCenter): void {
  if (given.replace(/[#/]+$/, "") !== startUrl) throw invalidRequest("Invalid start url provided");
}
