import type { Report, RoleContext } from "../role-builder.ts";
import { fillTemplate } from "../session-name.ts";

/** A template of a session name or source identity with its placeholders filled in. */
export function filled(
  key: "role_session_name" | "source_identity",
  template: string,
  { identity }: RoleContext,
  report: Report,
): string {
  const text = fillTemplate(template, identity);
  if (text.length < 2) report([key], "has only 1 character when filled in, and AWS wants 2 to 64");
  return text;
}
