import { RoleAgentError } from "@role-agent/provider/errors";
import { scopedDurationProblem } from "../config/limits.ts";
import { policyProblem } from "../config/session-policy.ts";
import type { Keeper } from "../core/keeper.ts";
import type { HeldSession } from "../core/session.ts";
import type { Scope } from "../core/scoped-session.ts";
import type { ScopedSessions } from "../core/scoped-sessions.ts";

const form = 'send {"policy": {…}, "durationSeconds": 900}, the policy as an object or as text';
const keys: ReadonlySet<string> = new Set(["policy", "durationSeconds"]);

/**
 * `POST /v1/credentials/ROLE` with `{"policy","durationSeconds"?}`: credentials of the role, narrowed for this one
 * client, when AWS has answered. Rejects with a RoleAgentError.
 */
export async function scopedRoute(
  body: string,
  keeper: Keeper,
  sessions: ScopedSessions,
): Promise<HeldSession> {
  return sessions.session(keeper, parseScope(body));
}

/** Throws InvalidRequest for what is certain to be refused. */
function parseScope(body: string): Scope {
  const request = parseObject(body);
  const stranger = Object.keys(request).find((key) => !keys.has(key));
  if (stranger !== undefined) throw invalid(`the body has an unknown key ${JSON.stringify(stranger)}`);
  const { policy, durationSeconds } = request;
  return { policy: policyText(policy), ...(durationSeconds !== undefined && duration(durationSeconds)) };
}

function parseObject(body: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(body);
    if (isObject(value)) return value;
  } catch {
    throw invalid("the body is not JSON");
  }
  throw invalid("the body is no JSON object");
}

function policyText(policy: unknown): string {
  if (policy === undefined) throw invalid("policy is missing");
  const text = isObject(policy) ? JSON.stringify(policy) : policy;
  if (typeof text !== "string") throw invalid("policy must be an object, or its JSON text");
  const problem = policyProblem(text);
  if (problem !== undefined) throw invalid(`policy ${problem}`);
  return text;
}

function duration(seconds: unknown): Pick<Scope, "durationSeconds"> {
  if (typeof seconds !== "number") throw invalid("durationSeconds must be a number");
  const problem = scopedDurationProblem(seconds);
  if (problem !== undefined) throw invalid(`durationSeconds ${problem}`);
  return { durationSeconds: seconds };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function invalid(message: string): RoleAgentError {
  return new RoleAgentError("InvalidRequest", message, { hint: form });
}
