import { RoleAgentError } from "@role-agent/provider/errors";
import * as v from "valibot";
import type { Confirmations } from "../core/confirmations.ts";
import { errorResponse, jsonText, type EndpointRequest, type EndpointResponse } from "./endpoint.ts";
import { refusal } from "./guards.ts";
import { processOf } from "./confirming.ts";

const confirmBody = v.pipe(
  v.string(),
  v.parseJson(),
  v.strictObject({ id: v.pipe(v.string(), v.nonEmpty()), allow: v.boolean() }),
);

/**
 * `POST /v1/confirm` with `{"id","allow"}`: a person's answer to a question of the status. What waits no more is a 409,
 * and so is an answer of the very process that asks.
 */
export function confirmRoute(
  { body, peer }: EndpointRequest,
  { confirmations }: { readonly confirmations: Confirmations },
): EndpointResponse {
  const { success, output } = v.safeParse(confirmBody, body);
  if (!success) return refusal(400, 'the body must be {"id":"…","allow":true}, or false');
  const { id, allow } = output;
  const question = confirmations.questions().find((each) => each.id === id);
  if (question === undefined)
    return inTheWay(
      "the question waits no more: it was answered, its client has gone, or its minute is over",
    );
  if (peer !== undefined && question.asker.id === peer.id) return inTheWay("a process can't confirm itself");
  confirmations.answer(id, allow, peer === undefined ? undefined : processOf(peer));
  return jsonText("{}");
}

function inTheWay(message: string): EndpointResponse {
  return errorResponse(new RoleAgentError("InvalidRequest", message, { hint: "role-agent status" }), 409);
}
