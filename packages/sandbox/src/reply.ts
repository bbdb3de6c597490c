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

export function errorReply(error: AwsError, namespace: string, callerArn?: string): Reply {
  const requestId = randomUUID();
  const body = errorDocument(namespace, error, requestId);
  return xmlReply({ status: error.status, body, outcome: error.code, callerArn, requestId });
}
