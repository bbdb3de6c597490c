import { socketHosts, type AgentStatus, type RoleList } from "@role-agent/provider/protocol";
import type { Audit } from "../audit/audit.ts";
import type { Confirmations } from "../core/confirmations.ts";
import type { KeeperTable } from "../core/keeper-table.ts";
import type { ScopedSessions } from "../core/scoped-sessions.ts";
import type { HeldSession } from "../core/session.ts";
import { confirmRoute } from "./confirm-route.ts";
import type { MayHave } from "./confirming.ts";
import {
  errorResponse,
  jsonText,
  type Endpoint,
  type EndpointRequest,
  type EndpointResponse,
} from "./endpoint.ts";
import { eventsRoute, type EventSource } from "./events.ts";
import { isRootedPath, refusal, refuse } from "./guards.ts";
import { lockRoute, unlockRoute, type LockDeps } from "./lock-route.ts";
import { mfaRoute } from "./mfa-route.ts";
import { observationRoutes, type Observation } from "./observation.ts";
import type { PeerIdentity } from "./peer-identity.ts";
import { roleNotFound } from "./role-not-found.ts";
import { scopedRoute } from "./scoped-route.ts";

/** What the routes of the agent socket act on. */
export interface AgentApiDeps extends LockDeps {
  readonly keepers: KeeperTable;
  readonly scopedSessions: ScopedSessions;
  readonly status: () => AgentStatus;
  readonly roles: () => RoleList;
  readonly events: EventSource;
  readonly reload: (peer: PeerIdentity | undefined) => Promise<void>;
  readonly restart: (peer: PeerIdentity | undefined) => Promise<void>;
  readonly stop: (peer: PeerIdentity | undefined) => void;
  readonly audit: Pick<Audit, "used" | "acted">;
  readonly observation: Observation;
  readonly confirmations: Confirmations;
  readonly mayHave: MayHave;
}

const credentialsPrefix = "/v1/credentials/";
const refreshSuffix = "/refresh";

/** The routes of the agent socket. Credentials that are held are answered without waiting for anything. */
export function agentApi(deps: AgentApiDeps): Endpoint {
  const fixed: Readonly<Record<string, Endpoint>> = {
    "GET /v1/status": () => jsonText(JSON.stringify(deps.status())),
    "GET /v1/roles": () => jsonText(JSON.stringify(deps.roles())),
    "GET /v1/events": () => eventsRoute(deps.events),
    "POST /v1/reload": ({ peer }) => answer(() => deps.reload(peer)),
    "POST /v1/stop": ({ peer }) => answer(() => deps.stop(peer)),
    "POST /v1/restart": ({ peer }) => answer(() => deps.restart(peer), 409),
    ...observationRoutes(deps.observation),
    "POST /v1/mfa": (request) => mfaRoute(request, deps),
    "POST /v1/confirm": (request) => confirmRoute(request, deps),
    "POST /v1/lock": ({ body }) => lockRoute(body, deps),
    "POST /v1/unlock": ({ body }) => unlockRoute(body, deps),
  };
  return (request) => {
    const refused = refuse(request, socketHosts);
    if (refused !== undefined) return refused;
    if (!isRootedPath(request.target)) return refusal(400, "the path is malformed");
    if (request.target.startsWith(credentialsPrefix)) return credentials(request, deps);
    const route = `${request.method} ${request.target}`;
    const handler = Object.hasOwn(fixed, route) ? fixed[route] : undefined;
    return handler === undefined ? unknownRoute(request, Object.keys(fixed)) : handler(request);
  };
}

function credentials(
  request: EndpointRequest,
  deps: AgentApiDeps,
): EndpointResponse | Promise<EndpointResponse> {
  const { method, target } = request;
  const { keepers, lock, mayHave } = deps;
  lock.use();
  const rest = target.slice(credentialsPrefix.length);
  const isRefresh = rest.endsWith(refreshSuffix);
  const name = decoded(isRefresh ? rest.slice(0, -refreshSuffix.length) : rest);
  if (name === undefined) return refusal(400, "the role's name in the path is not valid percent-encoding");
  const methods = isRefresh ? ["POST"] : ["GET", "POST"];
  if (!methods.includes(method)) return wrongMethod(methods.join(", "));
  if (keepers.get(name) === undefined) return errorResponse(roleNotFound(name, keepers));
  const give = () => (isRefresh ? refreshed(name, request, deps) : given(name, request, deps));
  return mayHave(name, request)?.then(give, errorResponse) ?? give();
}

function given(
  name: string,
  { method, body, peer }: EndpointRequest,
  { keepers, scopedSessions, audit }: AgentApiDeps,
): EndpointResponse | Promise<EndpointResponse> {
  const keeper = keepers.get(name);
  if (keeper === undefined) return errorResponse(roleNotFound(name, keepers));
  const give = (held: HeldSession): EndpointResponse => {
    audit.used("agent", name, held, peer);
    return jsonText(held.body.reveal());
  };
  if (method === "POST") return scopedRoute(body, keeper, scopedSessions).then(give, errorResponse);
  const held = keeper.peek();
  return held === undefined ? keeper.session().then(give, errorResponse) : give(held);
}

async function refreshed(
  role: string,
  { peer }: EndpointRequest,
  { keepers, audit }: AgentApiDeps,
): Promise<EndpointResponse> {
  const keeper = keepers.get(role);
  if (keeper === undefined) return errorResponse(roleNotFound(role, keepers));
  try {
    const held = await keeper.refresh();
    audit.acted("refresh", { role, peer });
    audit.used("agent", role, held, peer);
    return jsonText(held.body.reveal());
  } catch (error) {
    audit.acted("refresh", { role, peer, error });
    return errorResponse(error);
  }
}

async function answer(
  action: () => void | Promise<void>,
  statusOfRefusal?: number,
): Promise<EndpointResponse> {
  try {
    await action();
    return jsonText("{}");
  } catch (error) {
    return errorResponse(error, statusOfRefusal);
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
