import { socketHosts, type AgentStatus, type RoleList } from "@role-agent/provider/protocol";
import type { Keeper } from "../core/keeper.ts";
import type { KeeperTable } from "../core/keeper-table.ts";
import type { ScopedSessions } from "../core/scoped-sessions.ts";
import {
  errorResponse,
  jsonText,
  type Endpoint,
  type EndpointRequest,
  type EndpointResponse,
} from "./endpoint.ts";
import { eventsRoute, type EventSource } from "./events.ts";
import { refusal, refuse } from "./guards.ts";
import { mfaRoute } from "./mfa-route.ts";
import { roleNotFound } from "./role-not-found.ts";
import { scopedRoute } from "./scoped-route.ts";

/** What the routes of the agent socket act on. */
export interface AgentApiDeps {
  readonly keepers: KeeperTable;
  readonly scopedSessions: ScopedSessions;
  readonly status: () => AgentStatus;
  readonly roles: () => RoleList;
  readonly events: EventSource;
  readonly reload: () => Promise<void>;
  readonly stop: () => void;
}

const credentialsPrefix = "/v1/credentials/";
const refreshSuffix = "/refresh";

/** The `/v1` routes of the agent socket. Credentials that are held are answered without waiting for anything. */
export function agentApi(deps: AgentApiDeps): Endpoint {
  const fixed: Readonly<Record<string, Endpoint>> = {
    "GET /v1/status": () => jsonText(JSON.stringify(deps.status())),
    "GET /v1/roles": () => jsonText(JSON.stringify(deps.roles())),
    "GET /v1/events": () => eventsRoute(deps.events),
    "POST /v1/reload": () => answer(deps.reload),
    "POST /v1/stop": () => answer(deps.stop),
    "POST /v1/mfa": ({ body }) => mfaRoute(body, deps.keepers),
  };
  return (request) => {
    const refused = refuse(request, socketHosts);
    if (refused !== undefined) return refused;
    if (request.target.startsWith(credentialsPrefix)) return credentials(request, deps);
    const route = `${request.method} ${request.target}`;
    const handler = Object.hasOwn(fixed, route) ? fixed[route] : undefined;
    return handler === undefined ? unknownRoute(request, Object.keys(fixed)) : handler(request);
  };
}

function credentials(
  { method, target, body }: EndpointRequest,
  { keepers, scopedSessions }: AgentApiDeps,
): EndpointResponse | Promise<EndpointResponse> {
  const rest = target.slice(credentialsPrefix.length);
  const isRefresh = rest.endsWith(refreshSuffix);
  const name = decoded(isRefresh ? rest.slice(0, -refreshSuffix.length) : rest);
  if (name === undefined) return refusal(400, "the role's name in the path is not valid percent-encoding");
  const methods = isRefresh ? ["POST"] : ["GET", "POST"];
  if (!methods.includes(method)) return wrongMethod(methods.join(", "));
  const keeper = keepers.get(name);
  if (keeper === undefined) return errorResponse(roleNotFound(name, keepers));
  if (method === "POST" && !isRefresh) return scopedRoute(body, keeper, scopedSessions);
  const held = isRefresh ? undefined : keeper.peek();
  return held === undefined ? issued(keeper, isRefresh) : jsonText(held.body);
}

async function issued(keeper: Keeper, isRefresh: boolean): Promise<EndpointResponse> {
  try {
    return jsonText((await (isRefresh ? keeper.refresh() : keeper.session())).body);
  } catch (error) {
    return errorResponse(error);
  }
}

async function answer(action: () => void | Promise<void>): Promise<EndpointResponse> {
  try {
    await action();
    return jsonText("{}");
  } catch (error) {
    return errorResponse(error);
  }
}

function decoded(segment: string): string | undefined {
  if (!segment.includes("%")) return segment.includes("/") ? undefined : segment;
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}

function unknownRoute({ method, target }: EndpointRequest, routes: readonly string[]): EndpointResponse {
  const known = routes.map((route) => route.split(" ")).find(([, path]) => path === target);
  const allowed = known?.[0];
  return allowed === undefined || allowed === method ? notFound() : wrongMethod(allowed);
}

function notFound(): EndpointResponse {
  return refusal(404, "no such route");
}

function wrongMethod(allowed: string): EndpointResponse {
  const response = refusal(405, `this route takes ${allowed}`);
  return { ...response, headers: [...response.headers, "Allow", allowed] };
}
