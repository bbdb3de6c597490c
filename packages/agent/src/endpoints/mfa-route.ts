import { RoleAgentError } from "@role-agent/provider/errors";
import type { Audit } from "../audit/audit.ts";
import type { KeeperTable } from "../core/keeper-table.ts";
import { errorResponse, jsonText, type EndpointRequest, type EndpointResponse } from "./endpoint.ts";
import { refusal } from "./guards.ts";
import { roleNotFound } from "./role-not-found.ts";

/**
 * `POST /v1/mfa` with `{"role","code"}`: takes the one-time code for the device that the role needs, and answers when
 * AWS has. The code opens every role that needs the device.
 */
export async function mfaRoute(
  { body, peer }: EndpointRequest,
  { keepers, audit }: { readonly keepers: KeeperTable; readonly audit: Pick<Audit, "acted"> },
): Promise<EndpointResponse> {
  const input = parse(body);
  if (input === undefined) return refusal(400, 'the body must be {"role":"NAME","code":"123456"}');
  if (keepers.get(input.role) === undefined) return errorResponse(roleNotFound(input.role, keepers));
  const keeper = keepers.mfaKeeperFor(input.role);
  if (keeper === undefined) {
    const message = `role ${JSON.stringify(input.role)} needs no one-time code`;
    return errorResponse(new RoleAgentError("InvalidConfiguration", message, { hint: "role-agent status" }));
  }
  try {
    await keeper.refresh({ mfaCode: input.code });
    audit.acted("mfa", { role: input.role, peer });
    return jsonText("{}");
  } catch (error) {
    audit.acted("mfa", { role: input.role, peer, error });
    return errorResponse(error);
  }
}

function parse(body: string): { role: string; code: string } | undefined {
  try {
    const { role, code } = Object(JSON.parse(body));
    return typeof role === "string" && typeof code === "string" && /^\d{6}$/.test(code)
      ? { role, code }
      : undefined;
  } catch {
    return undefined;
  }
}
