import type { ConfigProblem } from "./config.ts";
import type { EndpointConfig } from "./endpoint-config.ts";
import type { Explain } from "./explain.ts";
import { distantProblem, listenProblem } from "./listen-address.ts";
import type { EndpointTable } from "./schema/endpoint-table.ts";
import type { KeyPath, TomlTable } from "./words.ts";

type Key = keyof EndpointTable;

interface EndpointKind {
  readonly name: EndpointConfig["type"];
  readonly required: readonly Key[];
  readonly optional: readonly Key[];
}

const kinds: readonly EndpointKind[] = [
  { name: "container", required: ["listen", "roles"], optional: ["client_cidrs", "token_file"] },
  { name: "imds", required: ["listen", "roles"], optional: ["client_cidrs", "v1"] },
  { name: "socket", required: ["path", "roles"], optional: [] },
  { name: "metrics", required: ["listen"], optional: [] },
];
const keysOfSomeKind: readonly Key[] = ["listen", "client_cidrs", "path", "roles", "token_file", "v1"];

/** What is wrong between the keys of one `[[endpoints]]` table; what one key holds is for the schema. */
export function endpointKindProblems(explain: Explain, path: KeyPath, table: TomlTable): ConfigProblem[] {
  const { type, roles, listen } = table;
  if (type === undefined)
    return [explain(path, "type is missing", 'add type = "container", "imds", "socket" or "metrics"')];
  const kind = kinds.find(({ name }) => name === type);
  if (kind === undefined) return [];
  const problems: ConfigProblem[] = [];
  for (const key of kind.required) {
    if (table[key] === undefined) problems.push(explain(path, `${key} is missing`, hints[key]));
  }
  for (const key of keysOfSomeKind) {
    if (table[key] !== undefined && ![...kind.required, ...kind.optional].includes(key))
      problems.push(
        explain([...path, key], `does not belong to an endpoint of type ${kind.name}`, "remove it"),
      );
  }
  if (type !== "metrics" && typeof listen === "string" && listenProblem(listen) === undefined) {
    const problem = distantProblem(listen);
    if (problem !== undefined) problems.push(explain([...path, "listen"], problem));
  }
  if (Array.isArray(roles)) {
    const problem = rolesProblem(roles, type === "imds");
    if (problem !== undefined) problems.push(explain([...path, "roles"], ...problem));
  }
  return problems;
}

const hints: Readonly<Partial<Record<Key, string>>> = {
  listen: 'add an address and a port, as in listen = "127.0.0.1:9911"',
  path: 'add the path of the socket, as in path = "/run/app/role-agent.sock"',
  roles: 'name the roles that it serves, as in roles = ["deploy"]',
};

function rolesProblem(roles: readonly unknown[], isImds: boolean): [string, string] | undefined {
  if (roles.length === 0) return ["is empty", "name the roles that it serves, or remove the endpoint"];
  if (new Set(roles).size < roles.length) return ["names a role twice", "name each once"];
  return isImds && roles.length > 1
    ? [
        "has several roles; one endpoint of IMDS is one role, since SDKs can't tell them apart",
        "add an endpoint, with a port of its own, for each",
      ]
    : undefined;
}
