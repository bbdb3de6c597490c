/** A compose file as Compose's own loader understands it: variables filled in, paths absolute. */
export interface ComposeProject {
  readonly services: Readonly<Record<string, Service>>;
  readonly networks?: Readonly<Record<string, Network>>;
  readonly volumes?: Readonly<Record<string, { readonly driver_opts?: Readonly<Record<string, string>> }>>;
}

/** What is read of a service. */
export interface Service {
  readonly image: string;
  readonly build?: { readonly context: string; readonly dockerfile: string };
  readonly entrypoint: readonly string[] | null;
  readonly command: readonly string[] | null;
  readonly environment?: Readonly<Record<string, string>>;
  readonly user?: string;
  readonly init?: boolean;
  readonly read_only?: boolean;
  readonly privileged?: boolean;
  readonly cap_add?: readonly string[];
  readonly cap_drop?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly sysctls?: Readonly<Record<string, string>>;
  readonly network_mode?: string;
  readonly networks?: Readonly<Record<string, { readonly ipv4_address?: string } | null>>;
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly volumes?: readonly Mount[];
  readonly tmpfs?: readonly string[];
  readonly healthcheck?: { readonly test?: readonly string[] };
}

/** A directory or file of the host, or a volume of the project, in a container. */
export interface Mount {
  readonly type: "bind" | "volume";
  readonly source: string;
  readonly target: string;
  readonly read_only?: boolean;
}

/** What is read of a network. */
export interface Network {
  readonly internal?: boolean;
  readonly ipam: { readonly config?: readonly { readonly subnet: string; readonly gateway?: string }[] };
}

/** The service of a name. */
export function serviceOf({ services }: ComposeProject, name: string): Service {
  const service = services[name];
  if (service === undefined) throw new Error(`there is no service ${name}`);
  return service;
}
