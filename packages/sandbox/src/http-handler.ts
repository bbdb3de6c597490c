import type { IncomingMessage, ServerResponse } from "node:http";
import { AwsError } from "./aws-error.ts";
import { readRequest, type AwsRequest } from "./aws-request.ts";
import type { CallLog } from "./call-log.ts";
import { deliver, waitWhileOpen } from "./deliver.ts";
import { dispatch, type World } from "./dispatch.ts";
import { faultReply } from "./fault-reply.ts";
import type { Fault, FaultPlan } from "./faults.ts";
import { errorReply } from "./reply.ts";
import type { RestOperation } from "./rest-operation.ts";
import { dispatchRest, restOperationOf } from "./rest.ts";
import { serviceOf, stsNamespace } from "./services.ts";

export type HttpHandler = (incoming: IncomingMessage, response: ServerResponse) => Promise<void>;

/**
 * Serves one HTTP request from the world, unless a fault has other plans, and logs it. Rejects when the
 * connection breaks.
 */
export function httpHandler(world: World, faults: FaultPlan, calls: CallLog): HttpHandler {
  return async (incoming, response) => {
    const request = await readRequest(incoming).catch(refuseOversized(response, world));
    if (request === undefined) return;
    const rest = restOperationOf(request);
    const action = rest?.name ?? request.params.get("Action") ?? "";
    const fault = faults.take(action);
    const log = (outcome: string, callerArn?: string): void =>
      calls.record({ action, callerArn, at: world.clock.now(), outcome, fault: fault?.kind });

    if (fault?.kind === "hang") return log("hang");
    if (fault?.kind === "refuse") {
      log("refuse");
      response.destroy();
      return;
    }
    if (fault?.kind === "latency") await waitWhileOpen(response, fault.ms);
    const reply =
      replacedBy(fault, request, rest) ??
      (rest === undefined ? await dispatch(request, world) : await dispatchRest(rest, request, world));
    log(reply.outcome, reply.callerArn);
    await deliver(response, reply, fault, world.clock.now());
  };
}

function replacedBy(
  fault: Fault | undefined,
  request: AwsRequest,
  rest: RestOperation | undefined,
): ReturnType<typeof faultReply> {
  if (fault === undefined) return undefined;
  const { namespace } = serviceOf(request.params);
  return faultReply(fault, rest?.refuse ?? ((error) => errorReply(error, namespace)));
}

function refuseOversized(response: ServerResponse, { clock }: World): (error: unknown) => Promise<undefined> {
  return async (error) => {
    if (!(error instanceof AwsError)) throw error;
    await deliver(response, errorReply(error, stsNamespace), undefined, clock.now());
  };
}
