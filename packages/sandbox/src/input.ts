import { AwsError } from "./aws-error.ts";
import { memberNames, type QueryParams } from "./query-params.ts";

/**
 * Reads one parameter of a call and reports each constraint that it fails; the value of a failed one is never
 * used.
 */
export type Parameter<T> = (params: QueryParams, name: string, report: (violation: string) => void) => T;

export type Shape = Readonly<Record<string, Parameter<unknown>>>;
export type Input<S extends Shape> = { [K in keyof S]: S[K] extends Parameter<infer T> ? T : never };

export interface TextLimit {
  min?: number;
  max?: number;
  /** AWS's own notation; the whole value must match. */
  pattern?: string;
}

/**
 * Reads a call's parameters as `shape` says. Throws `ValidationError` with every violation at once, in AWS's
 * words (https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html).
 */
export function readInput<S extends Shape>(params: QueryParams, shape: S): Input<S> {
  const violations: string[] = [];
  const input = structure(shape)(params, "", (each) => violations.push(each));
  if (violations.length === 0) return input;
  const errors = violations.length === 1 ? "error" : "errors";
  throw new AwsError(
    "ValidationError",
    `${violations.length} validation ${errors} detected: ${violations.join("; ")}`,
  );
}

export function text({ min = 0, max = Infinity, pattern }: TextLimit): Parameter<string> {
  const wholePattern = pattern === undefined ? undefined : new RegExp(`^(?:${pattern})$`, "u");
  return (params, name, report) => {
    const value = params.get(name);
    if (value === undefined) {
      report(violation("null", name, "Member must not be null"));
      return "";
    }
    const fail = (constraint: string): void => report(violation(`'${value}'`, name, constraint));
    if (value.length < min) fail(`Member must have length greater than or equal to ${min}`);
    if (value.length > max) fail(`Member must have length less than or equal to ${max}`);
    if (wholePattern?.test(value) === false) {
      fail(`Member must satisfy regular expression pattern: ${pattern}`);
    }
    return value;
  };
}

export function integer(min: number, max: number): Parameter<number> {
  return (params, name, report) => {
    const value = params.get(name) ?? "";
    const fail = (constraint: string): void => report(violation(`'${value}'`, name, constraint));
    if (!/^-?\d+$/.test(value)) fail("Member must be an integer");
    else if (Number(value) < min) fail(`Member must have value greater than or equal to ${min}`);
    else if (Number(value) > max) fail(`Member must have value less than or equal to ${max}`);
    return Number(value);
  };
}

/** Absent is `undefined`. */
export function optional<T>(parameter: Parameter<T>): Parameter<T | undefined> {
  return (params, name, report) => (params.has(name) ? parameter(params, name, report) : undefined);
}

/** Absent is empty. */
export function list<T>(member: Parameter<T>, maxLength: number): Parameter<T[]> {
  return (params, name, report) => {
    const names = memberNames(params, name);
    if (names.length > maxLength) {
      const constraint = `Member must have length less than or equal to ${maxLength}`;
      report(violation(`'[${names.length} members]'`, name, constraint));
    }
    return names.map((memberName) => member(params, memberName, report));
  };
}

export function structure<S extends Shape>(shape: S): Parameter<Input<S>> {
  return (params, name, report) => {
    const prefix = name === "" ? "" : `${name}.`;
    const entries = Object.entries(shape).map(([key, parameter]) => [
      key,
      parameter(params, prefix + key, report),
    ]);
    // One entry per key of the shape, each of its parameter's type: what the mapped type says.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    return Object.fromEntries(entries) as Input<S>;
  };
}

function violation(value: string, name: string, constraint: string): string {
  return `Value ${value} at '${modelPath(name)}' failed to satisfy constraint: ${constraint}`;
}

/** `Tags.member.2.Key` → `tags.2.member.key`, as AWS prints the place. */
function modelPath(name: string): string {
  return name
    .replace(/member\.(\d+)/g, "$1.member")
    .replace(/(^|\.)([A-Z])/g, (_, dot: string, letter: string) => dot + letter.toLowerCase());
}
