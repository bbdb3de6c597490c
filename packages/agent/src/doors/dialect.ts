import { credentialsPath, type EndpointRole } from "@role-agent/provider/protocol";
import {
  addressText,
  type ContainerConfig,
  type EndpointConfig,
  type ListenAddress,
} from "../config/endpoint-config.ts";
import type { Clock } from "../core/clock.ts";
import type { MayHave } from "../endpoints/confirming.ts";
import { containerEndpoint, containerPath } from "../endpoints/container.ts";
import type { CredentialSupply } from "../endpoints/credential-supply.ts";
import { hostsOf } from "../endpoints/door-guard.ts";
import type { Endpoint } from "../endpoints/endpoint.ts";
import { imdsEndpoint } from "../endpoints/imds.ts";
import { observationEndpoint, type Observation } from "../endpoints/observation.ts";
import type { ImdsTokens } from "../endpoints/imds-tokens.ts";
import { readApi } from "../endpoints/read-api.ts";
import { roleOfToken } from "../endpoints/role-tokens.ts";
import { chosenToken, chosenTokenPath } from "../system/chosen-token.ts";
import { ensureToken, tokenFilePath } from "../system/token-file.ts";

/** What a door answers, and what its clients are given to ask it. */
export interface Dialect {
  readonly endpoint: Endpoint;
  readonly roles: readonly EndpointRole[];
}

/** What every door is made with. */
export interface DialectContext {
  /** Of the doors of one kind. */
  readonly supplyOf: (type: EndpointConfig["type"]) => CredentialSupply;
  readonly clock: Clock;
  /** Of the agent: token files lie beside it. */
  readonly socketPath: string;
  readonly imdsTokens: ImdsTokens;
  /** Where the programs are taken to be that get a role from IMDS. */
  readonly regionOf: (role: string) => string | undefined;
  readonly observation: Observation;
  readonly mayHave: MayHave;
}

/** The dialect of a door; `port` is the one it listens on. Throws where a token file can't be written. */
export function dialectOf(config: EndpointConfig, port: number, context: DialectContext): Dialect {
  switch (config.type) {
    case "container":
      return container(config, { ...config.listen, port }, context);
    case "imds":
      return imds(config.role, config.isV1Served, { ...config.listen, port }, context);
    case "metrics":
      return {
        endpoint: observationEndpoint({ ...config.listen, port }, context.observation),
        roles: [],
      };
    case "socket":
      return {
        endpoint: readApi({
          roles: config.roles,
          supply: context.supplyOf("socket"),
          mayHave: context.mayHave,
        }),
        roles: config.roles.map((name) => ({ name, uri: `http://localhost${credentialsPath(name)}` })),
      };
  }
}

function container(
  { roles, tokenFile: chosen }: ContainerConfig,
  address: ListenAddress,
  { supplyOf, clock, socketPath }: DialectContext,
): Dialect {
  const pathOf = (role: string): string =>
    chosen === undefined ? tokenFilePath(socketPath, role) : chosenTokenPath(chosen, role);
  const tokenAt = chosen === undefined ? ensureToken : chosenToken;
  const roleOf = roleOfToken(new Map(roles.map((role) => [role, tokenAt(pathOf(role))])));
  const uri = url(address) + containerPath;
  const supply = supplyOf("container");
  return {
    endpoint: containerEndpoint({ hosts: hostsOf(address), roleOf, supply, clock }),
    roles: roles.map((name) => ({ name, uri, tokenFile: pathOf(name) })),
  };
}

function imds(
  role: string,
  isV1Served: boolean,
  address: ListenAddress,
  { supplyOf, clock, imdsTokens: tokens, regionOf }: DialectContext,
): Dialect {
  const region = regionOf(role);
  const supply = supplyOf("imds");
  return {
    endpoint: imdsEndpoint({ hosts: hostsOf(address), role, region, isV1Served, tokens, supply, clock }),
    roles: [{ name: role, uri: url(address) }],
  };
}

/** Without a slash at its end: SDKs append paths to it. */
function url(address: ListenAddress): string {
  return `http://${addressText(address)}`;
}
