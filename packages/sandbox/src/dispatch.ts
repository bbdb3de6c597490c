import { randomUUID } from "node:crypto";
import { authenticate } from "./authenticate.ts";
import { AwsError } from "./aws-error.ts";
import type { AwsRequest } from "./aws-request.ts";
import type { SessionSettings } from "./call.ts";
import type { SandboxClock } from "./clock.ts";
import { identityOf } from "./principal.ts";
import { errorReply, xmlReply, type Reply } from "./reply.ts";
import { operationOf, serviceOf, unsignedOperationOf } from "./services.ts";
import type { SandboxState } from "./state.ts";
import { answerDocument, type XmlObject } from "./xml.ts";

export interface World {
  state: SandboxState;
  settings: SessionSettings;
  clock: SandboxClock;
}

/** Request in, answer out: finds the action, proves who calls, carries the action out. Never throws. */
export async function dispatch(request: AwsRequest, { state, settings, clock }: World): Promise<Reply> {
  const { name, namespace } = serviceOf(request.params);
  let callerArn: string | undefined;
  const carryOut = async (): Promise<XmlObject | undefined> => {
    const unsigned = unsignedOperationOf(request.params);
    if (unsigned !== undefined) return unsigned({ request, state, settings, now: clock.now() });
    const operation = operationOf(request.params);
    const { principal, region } = await authenticate(request, name, state, clock.now());
    callerArn = identityOf(principal).arn;
    return operation({ request, principal, region, state, settings, now: clock.now() });
  };
  try {
    const result = await carryOut();
    const requestId = randomUUID();
    const body = answerDocument(namespace, request.params.get("Action") ?? "", result, requestId);
    return xmlReply({ status: 200, body, outcome: "ok", callerArn, requestId });
  } catch (error) {
    const awsError = error instanceof AwsError ? error : new AwsError("InternalFailure", String(error), 500);
    return errorReply(awsError, namespace, callerArn);
  }
}
