import { parse, TomlError } from "smol-toml";
import * as v from "valibot";
import { ConfigError } from "./config.ts";
import type { AgentSettings, ConfigProblem } from "./config.ts";
import { explainer, explainIssue, explainSyntax, explainUnknownKey } from "./explain.ts";
import type { Explain } from "./explain.ts";
import { endpointKindProblems } from "./endpoint-kinds.ts";
import { roleKindProblems } from "./role-kinds.ts";
import { roleNameProblem } from "./role-name.ts";
import { agentTable } from "./schema/agent-table.ts";
import { endpointTable, type EndpointTable } from "./schema/endpoint-table.ts";
import { roleTable, type RoleTable } from "./schema/role-table.ts";
import type { TableSchema } from "./schema/values.ts";
import { isTable, kindOf } from "./words.ts";
import type { KeyPath, TomlTable } from "./words.ts";

/** config.toml, each table by itself in order; what its names refer to is not looked at yet. */
export interface ParsedConfig {
  readonly agent: AgentSettings;
  readonly roles: ReadonlyMap<string, RoleTable>;
  /** In the order of the file. */
  readonly endpoints: readonly EndpointTable[];
  /** For problems that turn up later. */
  readonly explain: Explain;
}

/**
 * Reads the text of config.toml; `file` is its name in messages.
 * @throws ConfigError with every problem found.
 */
export function parseConfig(toml: string, file: string): ParsedConfig {
  const document = parseToml(toml, file);
  const explain = explainer(file, toml);
  const problems: ConfigProblem[] = [];

  const tableAt = (path: KeyPath, value: unknown): TomlTable => {
    if (value === undefined || isTable(value)) return value ?? {};
    problems.push(explain(path, `must be a table, not ${kindOf(value)}`));
    return {};
  };
  const listAt = (path: KeyPath, value: unknown): readonly unknown[] => {
    if (value === undefined || Array.isArray(value)) return value ?? [];
    problems.push(explain(path, `must be a list of tables, not ${kindOf(value)}`, "write [[endpoints]]"));
    return [];
  };
  const check = <Output>({ schema, keys }: TableSchema<Output>, path: KeyPath, table: TomlTable) => {
    const result = v.safeParse(schema, table);
    for (const issue of result.issues ?? []) problems.push(explainIssue(explain, path, issue));
    for (const key of Object.keys(table)) {
      if (!keys.includes(key)) problems.push(explainUnknownKey(explain, path, key, keys));
    }
    return result.success ? result.output : undefined;
  };

  for (const key of Object.keys(document)) {
    if (!rootKeys.includes(key)) problems.push(explainUnknownKey(explain, [], key, rootKeys));
  }
  const agent = check(agentTable, ["agent"], tableAt(["agent"], document["agent"]));
  const roles = new Map<string, RoleTable>();
  for (const [name, value] of Object.entries(tableAt(["roles"], document["roles"]))) {
    const path = ["roles", name];
    const problem = roleNameProblem(name);
    if (problem !== undefined) problems.push(explain(path, problem));
    const table = tableAt(path, value);
    const role = check(roleTable, path, table);
    if (isTable(value)) problems.push(...roleKindProblems(explain, path, table));
    if (role !== undefined) roles.set(name, role);
  }

  const endpoints: EndpointTable[] = [];
  for (const [index, value] of listAt(["endpoints"], document["endpoints"]).entries()) {
    const path = ["endpoints", index];
    const table = tableAt(path, value);
    const endpoint = check(endpointTable, path, table);
    if (isTable(value)) problems.push(...endpointKindProblems(explain, path, table));
    if (endpoint !== undefined) endpoints.push(endpoint);
  }

  if (problems.length > 0 || agent === undefined) throw new ConfigError(problems);
  return { agent, roles, endpoints, explain };
}

const rootKeys = ["agent", "roles", "endpoints"];

function parseToml(toml: string, file: string): TomlTable {
  try {
    return parse(toml);
  } catch (error) {
    if (error instanceof TomlError) throw new ConfigError([explainSyntax(file, error)]);
    if (error instanceof RangeError) {
      throw new ConfigError([
        { file, message: "is nested too deeply", hint: "tables need four levels at most" },
      ]);
    }
    throw error;
  }
}
