import { choice } from "./words.ts";

/** What is wrong with a `token_file`, or undefined: without the placeholder, roles would share a token. */
export function tokenFileProblem(template: string): string | undefined {
  const placeholders = new Set(template.match(/\{[^{}]*\}/g));
  if (placeholders.delete("{role}") && placeholders.size === 0) return undefined;
  return placeholders.size > 0
    ? `has the unknown placeholder ${choice([...placeholders])}; there is {role}`
    : 'must hold {role}, the role\'s name, as in "/run/clients/{role}/role-agent/token"';
}
