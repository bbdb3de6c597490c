import { AwsError } from "./aws-error.ts";
import type { Fault } from "./faults.ts";
import type { Reply } from "./reply.ts";

/** The answer that stands in for the true one; undefined for a fault that lets the true one come. */
export function faultReply(fault: Fault, refuse: (error: AwsError) => Reply): Reply | undefined {
  switch (fault.kind) {
    case "status": {
      const code = fault.code ?? (fault.status === 503 ? "ServiceUnavailable" : "InternalFailure");
      return refuse(new AwsError(code, "A fault of the sandbox.", fault.status));
    }
    case "throttle":
      return throttled(fault.retryAfterSeconds, refuse);
    case "garbage":
      return byHand("garbage", "<!DOCTYPE html><html><body>Please sign in to the network.</body></html>", {
        headers: { "content-type": "text/html" },
      });
    case "answer":
      return byHand("answer", fault.body, fault);
    case "latency":
    case "hang":
    case "refuse":
    case "truncate":
    case "drip":
    case "date":
      return undefined;
  }
}

function throttled(retryAfterSeconds: number | undefined, refuse: (error: AwsError) => Reply): Reply {
  const status = retryAfterSeconds === undefined ? 400 : 429;
  const reply = refuse(new AwsError("Throttling", "Rate exceeded", status));
  if (retryAfterSeconds !== undefined) reply.headers["retry-after"] = String(retryAfterSeconds);
  return reply;
}

function byHand(
  outcome: string,
  body: string,
  { status = 200, headers = {} }: { status?: number; headers?: Record<string, string> },
): Reply {
  return {
    status,
    headers: { "content-type": "text/xml", ...headers },
    body,
    outcome,
    callerArn: undefined,
  };
}
