/** A door beside the agent socket, as config.toml asks for it. */
export type EndpointConfig = ContainerConfig | ImdsConfig | SocketConfig | MetricsConfig;

/** The container credentials endpoint of ECS and EKS Pod Identity. */
export interface ContainerConfig {
  readonly type: "container";
  readonly listen: ListenAddress;
  readonly clientCidrs: ClientCidrs;
  readonly roles: readonly string[];
  /** Where each role's token lies, absolute, with `{role}` for its name; beside the agent socket where absent. */
  readonly tokenFile?: string;
}

/** The instance metadata service. */
export interface ImdsConfig {
  readonly type: "imds";
  readonly listen: ListenAddress;
  readonly clientCidrs: ClientCidrs;
  readonly role: string;
  /** Whether requests without a token are answered. */
  readonly isV1Served: boolean;
}

/** A second socket to mount into a container: reads only. */
export interface SocketConfig {
  readonly type: "socket";
  /** Absolute. */
  readonly path: string;
  readonly roles: readonly string[];
}

/** Metrics and health for Prometheus and for probes: no credentials, and no role that clients get. */
export interface MetricsConfig {
  readonly type: "metrics";
  readonly listen: ListenAddress;
}

/** IPv4 networks such as `172.17.0.0/16` whose clients get in beside this machine's, at a link-local address. */
export type ClientCidrs = readonly string[];

/** Where a TCP door listens; one that gives credentials, where no router leads to. */
export interface ListenAddress {
  /** `127.0.0.1`, `::1`, or an address of AWS's: `169.254.…`; for metrics any address. */
  readonly host: string;
  /** 0 is any free one. */
  readonly port: number;
}

/** `127.0.0.1:9911`, `[::1]:9911` */
export function addressText({ host, port }: ListenAddress): string {
  return `${host.includes(":") ? `[${host}]` : host}:${port}`;
}

/** `169.254.…`: a neighbour, such as a container on a bridge, may be meant to reach it. */
export function isLinkLocal({ host }: ListenAddress): boolean {
  return host.startsWith("169.254.");
}

/** The names of the roles that a door serves. */
export function rolesOf(endpoint: EndpointConfig): readonly string[] {
  if (endpoint.type === "metrics") return [];
  return endpoint.type === "imds" ? [endpoint.role] : endpoint.roles;
}
