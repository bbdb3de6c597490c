import { AwsError } from "../aws-error.ts";
import type { AwsRequest } from "../aws-request.ts";

/** The members of a request's JSON body, checked as they are read; each throws `InvalidRequestException`. */
export interface JsonBody {
  text(name: string): string;
  optionalText(name: string): string | undefined;
  /** Absent is empty. */
  texts(name: string): string[];
}

export function readJsonBody({ body }: AwsRequest): JsonBody {
  const members: ReadonlyMap<string, unknown> = new Map(Object.entries(parseObject(body.toString())));
  const optionalText = (name: string): string | undefined => {
    const value = members.get(name) ?? undefined;
    if (value === undefined || typeof value === "string") return value;
    throw invalidRequest(`${name} must be a string`);
  };
  return {
    optionalText,
    text(name) {
      const value = optionalText(name) ?? "";
      if (value === "") throw invalidRequest(`Missing required parameter: ${name}`);
      return value;
    },
    texts(name) {
      const value = members.get(name) ?? [];
      if (Array.isArray(value) && value.every((each) => typeof each === "string")) return value;
      throw invalidRequest(`${name} must be a list of strings`);
    },
  };
}

export function invalidRequest(message: string): AwsError {
  return new AwsError("InvalidRequestException", message);
}

function parseObject(text: string): object {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null) return value;
  } catch {
    // Refused below, like every other text that is no object.
  }
  throw invalidRequest("The body must be a JSON object");
}
