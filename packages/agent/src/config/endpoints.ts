import { dirname, sep } from "node:path";
import { maxSocketPathBytes } from "@role-agent/provider";
import type { ConfigProblem } from "./config.ts";
import {
  addressText,
  isLinkLocal,
  rolesOf,
  type ContainerConfig,
  type EndpointConfig,
  type ImdsConfig,
} from "./endpoint-config.ts";
import { didYouMean } from "./explain.ts";
import type { ParsedConfig } from "./parse.ts";
import type { EndpointTable } from "./schema/endpoint-table.ts";
import { quoted } from "./words.ts";

/** What the names and paths of endpoints refer to. */
export interface EndpointContext {
  readonly roleNames: ReadonlySet<string>;
  /** Roles that are given to confirmed processes only. */
  readonly confirmed: ReadonlySet<string>;
  readonly resolvePath: (path: string) => string;
  /** Of the agent. */
  readonly socketPath: string;
}

interface Finding {
  readonly key: readonly (string | number)[];
  readonly message: string;
  readonly hint?: string | undefined;
}

/** The doors that config.toml asks for, and what is wrong between them, the roles and the agent socket. */
export function buildEndpoints(
  { endpoints, explain }: ParsedConfig,
  context: EndpointContext,
): { readonly configs: readonly EndpointConfig[]; readonly problems: readonly ConfigProblem[] } {
  const configs: EndpointConfig[] = [];
  const problems: ConfigProblem[] = [];
  const taken = new Set<string>();
  for (const [index, table] of endpoints.entries()) {
    const config = endpointConfig(table, context.resolvePath);
    if (config === undefined) continue;
    const findings = [...roleFindings(config, context), ...placeFindings(config, taken, context)];
    for (const { key, message, hint } of findings)
      problems.push(explain(["endpoints", index, ...key], message, hint));
    configs.push(config);
  }
  return { configs, problems };
}

/** The parser has seen to it that each type has its keys. */
function endpointConfig(
  {
    type,
    listen,
    client_cidrs: clientCidrs = [],
    path,
    roles = [],
    token_file: tokenFile,
    v1 = false,
  }: EndpointTable,
  resolvePath: (path: string) => string,
): EndpointConfig | undefined {
  if (type === "socket") return path === undefined ? undefined : { type, path: resolvePath(path), roles };
  if (listen === undefined) return undefined;
  if (type === "metrics") return { type, listen };
  if (type === "container") {
    const chosen = tokenFile !== undefined && { tokenFile: resolvePath(tokenFile) };
    return { type, listen, clientCidrs, roles, ...chosen };
  }
  const [role] = roles;
  return role === undefined ? undefined : { type: "imds", listen, clientCidrs, role, isV1Served: v1 };
}

function roleFindings(config: EndpointConfig, { roleNames, confirmed }: EndpointContext): Finding[] {
  const findings: Finding[] = [];
  for (const [index, role] of rolesOf(config).entries()) {
    const key = ["roles", index];
    if (!roleNames.has(role)) {
      const message = `there is no role ${quoted(role)}`;
      findings.push({ key, message, hint: didYouMean(role, roleNames) });
    } else if (config.type !== "socket" && confirmed.has(role)) {
      const message = "has confirm = true, and clients over TCP can't be told from each other";
      findings.push({ key, message, hint: 'serve it by an endpoint of type "socket", or remove it here' });
    } else if (config.type === "imds" && !/^[\w+=,.@-]+$/.test(role)) {
      const message = "can't be served by IMDS: clients put the name into a path as it is";
      findings.push({ key, message, hint: "use a name of letters, digits and +=,.@_-" });
    }
  }
  return findings;
}

function placeFindings(config: EndpointConfig, taken: Set<string>, context: EndpointContext): Finding[] {
  if (config.type === "socket") return pathFindings(config.path, taken, context);
  const address = addressText(config.listen);
  const isTaken = config.listen.port !== 0 && taken.has(address);
  taken.add(address);
  const clients = config.type === "metrics" ? [] : clientFindings(config);
  return isTaken
    ? [
        { key: ["listen"], message: "another endpoint listens there", hint: "choose another port" },
        ...clients,
      ]
    : clients;
}

function clientFindings({ listen, clientCidrs }: ContainerConfig | ImdsConfig): Finding[] {
  if (clientCidrs.length === 0 || isLinkLocal(listen)) return [];
  const message = `means nothing at ${addressText(listen)}, which this machine alone reaches`;
  return [{ key: ["client_cidrs"], message, hint: "remove it, or listen at an address of 169.254" }];
}

function pathFindings(path: string, taken: Set<string>, { socketPath }: EndpointContext): Finding[] {
  const key = ["path"];
  const isTaken = taken.has(path);
  taken.add(path);
  const bytes = Buffer.byteLength(path);
  if (isTaken) return [{ key, message: "another endpoint is there", hint: "choose another path" }];
  if (bytes > maxSocketPathBytes) {
    const message = `is ${bytes} bytes long: the limit of a socket is ${maxSocketPathBytes}`;
    return [{ key, message, hint: "choose a shorter path" }];
  }
  const message = sharingProblem(dirname(path), dirname(socketPath));
  return message === undefined ? [] : [{ key, message, hint: "choose a directory that is for this socket" }];
}

/** A container is given the whole directory of its socket. */
function sharingProblem(shared: string, ownDirectory: string): string | undefined {
  if (isWithin(shared, ownDirectory))
    return "lies in the directory of the agent socket, which a container must not see";
  return isWithin(ownDirectory, shared)
    ? "lies above the directory of the agent socket, which a container must not see"
    : undefined;
}

function isWithin(path: string, directory: string): boolean {
  return path === directory || path.startsWith(directory.endsWith(sep) ? directory : directory + sep);
}
