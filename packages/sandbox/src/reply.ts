import { randomUUID } from "node:crypto";
import type { AwsError } from "./aws-error.ts";
import { errorDocument } from "./xml.ts";

/** An HTTP answer and what the call log says of it. */
export interface Reply {
  status: number;
  headers: Record<string, string>;
  body: string;
  outcome: string;
  callerArn: string | undefined;
}

export function xmlReply(reply: Omit<Reply, "headers"> & { requestId: string }): Reply {
  const { requestId, ...rest } = reply;
  return { ...rest, headers: { "content-type": "text/xml", "x-amzn-requestid": requestId } };
}

/** An answer of a REST service. */
export function jsonReply(status: number, body: object, outcome: string, callerArn?: string): Reply {
  const headers = { "content-type": "application/json", "x-amzn-requestid": randomUUID() };
  return { status, headers, body: JSON.stringify(body), outcome, callerArn };
}

export function jsonErrorReply(error: AwsError): Reply {
  const reply = jsonReply(error.status, { message: error.message }, error.code);
  return { ...reply, headers: { ...reply.headers, "x-amzn-errortype": error.code } };
}

export function errorReply(error: AwsError, namespace: string, callerArn?: string): Reply {
  const requestId = randomUUID();
  const body = errorDocument(namespace, error, requestId);
  return xmlReply({ status: error.status, body, outcome: error.code, callerArn, requestId });
}
