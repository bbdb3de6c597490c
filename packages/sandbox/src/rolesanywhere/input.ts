import { AwsError } from "../aws-error.ts";
import type { AwsRequest } from "../aws-request.ts";
import { maxSessionSeconds } from "../limits.ts";

export interface CreateSessionInput {
  profileArn: string;
  roleArn: string;
  trustAnchorArn: string;
  durationSeconds: number | undefined;
  roleSessionName: string | undefined;
}

/**
 * The parameters of CreateSession: the ARNs in the query or the body, the rest in the body. Throws
 * `ValidationException`.
 * https://docs.aws.amazon.com/rolesanywhere/latest/userguide/authentication-create-session.html
 */
export function readCreateSessionInput(
  { query, body }: AwsRequest,
  minSessionSeconds: number,
): CreateSessionInput {
  const given: Record<string, unknown> = { ...Object.fromEntries(query), ...parseObject(body.toString()) };
  const { durationSeconds, roleSessionName } = given;
  const arn = (name: string): string => {
    const value = given[name];
    return typeof value === "string" && value.startsWith("arn:") ? value : invalid(`${name} must be an ARN`);
  };
  const input = {
    profileArn: arn("profileArn"),
    roleArn: arn("roleArn"),
    trustAnchorArn: arn("trustAnchorArn"),
  };
  return {
    ...input,
    durationSeconds: durationSeconds === undefined ? undefined : seconds(durationSeconds, minSessionSeconds),
    roleSessionName: roleSessionName === undefined ? undefined : sessionName(roleSessionName),
  };
}

function parseObject(text: string): object {
  try {
    const value: unknown = JSON.parse(text || "{}");
    if (typeof value === "object" && value !== null) return value;
  } catch {
    // Refused below, like every other text that is no object.
  }
  return invalid("the body must be a JSON object");
}

function seconds(value: unknown, min: number): number {
  return Number.isInteger(value) && Number(value) >= min && Number(value) <= maxSessionSeconds
    ? Number(value)
    : invalid(`durationSeconds must be from ${min} to ${maxSessionSeconds}`);
}

function sessionName(value: unknown): string {
  return typeof value === "string" && /^[\w+=,.@-]{2,64}$/.test(value)
    ? value
    : invalid(String.raw`roleSessionName must match [\w+=,.@-]{2,64}`);
}

function invalid(message: string): never {
  throw new AwsError("ValidationException", message);
}
