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

/** An answer without a body, of a REST service. */
export function emptyReply(status: number, outcome: string): Reply {
  return { status, headers: { "x-amzn-requestid": randomUUID() }, body: "", outcome, callerArn: undefined };
}

/** A page for a person; `sentence` is plain text. */
export function htmlReply(sentence: string, outcome: string): Reply {
  const body = `<!DOCTYPE html><html><body>${sentence}</body></html>`;
  return { status: 200, headers: { "content-type": "text/html" }, body, outcome, callerArn: undefined };
}

export function redirectReply(location: string, outcome: string): Reply {
  const reply = htmlReply("You are being sent back.", outcome);
  return { ...reply, status: 302, headers: { ...reply.headers, location } };
}

export function errorReply(error: AwsError, namespace: string, callerArn?: string): Reply {
  const requestId = randomUUID();
  const body = errorDocument(namespace, error, requestId);
  return xmlReply({ status: error.status, body, outcome: error.code, callerArn, requestId });
}
