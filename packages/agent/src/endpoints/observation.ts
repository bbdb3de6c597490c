import { isIP } from "node:net";
import type { ListenAddress } from "../config/endpoint-config.ts";
import { expositionType } from "../metrics/exposition.ts";
import { headerOf, hostsOf, refuseAtDoor } from "./door-guard.ts";
import { jsonText, plainText, text, type Endpoint, type EndpointResponse } from "./endpoint.ts";
import { refusal } from "./guards.ts";

/** How the agent is doing, for machines. Nothing here is a secret, a key id or one of AWS's messages. */
export interface Observation {
  /** The metrics, in Prometheus's text format. */
  metrics(): Promise<string>;
  readiness(): Readiness;
}

/** `GET /readyz`: whether every role that is to be kept fresh can be relied on, and every endpoint is open. */
export interface Readiness {
  readonly ready: boolean;
  /** Empty where it is ready. */
  readonly problems: readonly ReadinessProblem[];
}

/** What is not as it should be: a role, an endpoint of config.toml, or, with neither, the agent. */
export interface ReadinessProblem {
  readonly role?: string;
  /** `container 127.0.0.1:9911` */
  readonly endpoint?: string;
  readonly reason: string;
  readonly code: string | null;
  /** Of a role: how long clients are still served. */
  readonly remainingSeconds?: number;
}

/**
 * `GET /metrics`, `/livez` and `/readyz`, by method and path.
 * @see https://kubernetes.io/docs/reference/using-api/health-checks/
 */
export function observationRoutes(observation: Observation): Readonly<Record<string, Endpoint>> {
  return {
    "GET /metrics": async () => text(expositionType, await observation.metrics()),
    // That an answer comes at all is the answer.
    "GET /livez": () => plainText("ok"),
    "GET /readyz": () => readyAnswer(observation.readiness()),
  };
}

/**
 * A door for Prometheus and for probes: how the agent is doing, and nothing else. `Host` must be its address; where
 * that is every address of the machine, any but a name, which could be a web page's (DNS rebinding).
 */
export function observationEndpoint(address: ListenAddress, observation: Observation): Endpoint {
  const routes = observationRoutes(observation);
  const own = hostsOf(address);
  const isEverywhere = everywhere.has(address.host);
  return (request) => {
    const sent = headerOf(request, "host") ?? "";
    const refused = refuseAtDoor(request, isEverywhere && isAddress(sent) ? [sent] : own);
    if (refused !== undefined) return refused;
    const route = `GET ${request.target}`;
    const handler = Object.hasOwn(routes, route) ? routes[route] : undefined;
    return handler === undefined ? refusal(404, "no such route") : handler(request);
  };
}

/** Every address of the machine. */
const everywhere: ReadonlySet<string> = new Set(["0.0.0.0", "::"]);

function isAddress(host: string): boolean {
  return isIP(host.replace(/:\d+$/, "").replace(/^\[(.*)\]$/, "$1")) !== 0;
}

function readyAnswer(readiness: Readiness): EndpointResponse {
  return { ...jsonText(JSON.stringify(readiness)), status: readiness.ready ? 200 : 503 };
}
