import { quoted } from "./words.ts";

/** What the placeholders of a session name stand for. */
export interface Identity {
  readonly user: string;
  readonly host: string;
  readonly pid: number;
}

/** The session name of a role that configures none. */
export const defaultSessionName = "{user}@{host}";

const longest = 64;
const placeholderPattern = /\{([^{}]*)\}/g;
const known = new Set(["user", "host", "pid"]);

/**
 * What is wrong with a template of a session name or source identity, or undefined.
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html RoleSessionName: 2 to 64 of
 * `[\w+=,.@-]`
 */
export function templateProblem(template: string): string | undefined {
  const unknown = [...template.matchAll(placeholderPattern)].find(([, name = ""]) => !known.has(name));
  if (unknown) return `has the unknown placeholder ${quoted(unknown[0])}; there are {user}, {host} and {pid}`;
  const literal = template.replace(placeholderPattern, "");
  if (!/^[\w+=,.@-]*$/.test(literal))
    return "may hold only letters, digits, +=,.@_- and {user}, {host}, {pid}";
  return template.length < 2 || literal.length > longest ? `must have 2 to ${longest} characters` : undefined;
}

/**
 * Fills in the placeholders. What AWS doesn't allow in a value becomes `-`, and the end is cut off at 64
 * characters. The result has fewer than 2 only for a lone placeholder with a value of one character.
 */
export function fillTemplate(template: string, identity: Identity): string {
  const values = new Map<string, string>([
    ["user", identity.user],
    ["host", identity.host],
    ["pid", String(identity.pid)],
  ]);
  return template
    .replace(
      placeholderPattern,
      (_, name: string) => (values.get(name) ?? "").replace(/[^\w+=,.@-]/gu, "-") || "-",
    )
    .slice(0, longest);
}
