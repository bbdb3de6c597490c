import { execFileSync } from "node:child_process";
import { onTestFinished } from "vitest";
import { temporaryDirectory } from "../../../support/temporary.ts";
import type { ContainerAws } from "./aws-for-containers.ts";
import { serviceOf, type ComposeProject, type Mount, type Service } from "./compose.ts";
import { imageConfig, type ImageConfig } from "./dockerfile.ts";
import { createBridge, createNamespace, join, type Bridge } from "./networks.ts";
import { examples, readDockerfile } from "./reader.ts";
import type { ContainerPlan, PlannedMount } from "./runc.ts";

/** A project whose networks and volumes are there, as `docker compose create` leaves it. */
export interface CreatedProject {
  /** What Compose would have the runtime start, with another command where one is given. */
  plan(name: string, args?: readonly string[]): ContainerPlan;
  /** The health check of a service: its own, else its image's. */
  healthCheck(name: string): readonly string[];
}

/** Makes networks and volumes of a project; `aws` is where its default network leads. */
export function createProject(project: ComposeProject, aws: ContainerAws): CreatedProject {
  const volumes = new Map(
    Object.entries(project.volumes ?? {}).map(([name, { driver_opts = {} }]) => [name, volume(driver_opts)]),
  );
  const bridges = new Map<string, Bridge>();
  for (const [name, { internal }] of Object.entries(project.networks ?? {}))
    bridges.set(name, internal === true ? createBridge() : aws.bridge);
  const namespaces = new Map<string, string>();
  const namespaceOf = (name: string): string => {
    const { network_mode: mode, networks = {} } = serviceOf(project, name);
    const owner = mode?.replace(/^service:/, "");
    if (owner !== undefined) return namespaceOf(owner);
    const known = namespaces.get(name) ?? createNamespace();
    if (namespaces.has(name)) return known;
    namespaces.set(name, known);
    for (const [network, settings] of Object.entries(networks)) {
      const bridge = bridges.get(network);
      if (bridge === undefined) throw new Error(`there is no network ${network}`);
      join(known, bridge, addressIn(project, network, settings?.ipv4_address) ?? aws.nextAddress());
    }
    return known;
  };
  return {
    healthCheck: (name) => {
      const [kind, ...test] = serviceOf(project, name).healthcheck?.test ?? [];
      if (kind === undefined) return imageOf(serviceOf(project, name)).healthCheck;
      return kind === "CMD-SHELL" ? ["sh", "-c", ...test] : test;
    },
    plan: (name, args) => {
      const service = serviceOf(project, name);
      const image = imageOf(service);
      const [uid = 0, gid = uid] = (service.user ?? image.user).split(":").map(Number);
      const { entrypoint, command } = service;
      const own =
        entrypoint === null
          ? [...image.entrypoint, ...(command ?? image.command)]
          : [...entrypoint, ...(command ?? [])];
      return {
        args: args ?? own,
        environment: { ...image.environment, ...service.environment, AWS_ENDPOINT_URL: aws.url },
        uid,
        gid,
        groups: [],
        isRootReadOnly: service.read_only === true,
        mayGainPrivileges: service.security_opt?.includes("no-new-privileges:true") !== true,
        capabilities: (service.cap_add ?? []).map((capability) => `CAP_${capability}`),
        sysctls: service.sysctls ?? {},
        network: namespaceOf(name),
        mounts: [
          ...(service.tmpfs ?? []).map((target) => ({ target, isReadOnly: false })),
          ...(service.volumes ?? []).map((mount) => planned(mount, volumes)),
        ],
      };
    },
  };
}

/** The images of others are taken for what their makers say: the AWS CLI starts `aws`. */
function imageOf({ image }: Service): ImageConfig {
  const nothing = { user: "0", entrypoint: [], command: [], environment: {}, healthCheck: [] };
  if (image === "role-agent") return imageConfig(readDockerfile(`${examples}/Dockerfile`));
  return image.startsWith("amazon/aws-cli:") ? { ...nothing, entrypoint: ["aws"] } : nothing;
}

function planned(
  { type, source, target, read_only }: Mount,
  volumes: ReadonlyMap<string, string>,
): PlannedMount {
  const path = type === "bind" ? source : volumes.get(source);
  if (path === undefined) throw new Error(`there is no volume ${source}`);
  return { source: path, target, isReadOnly: read_only === true };
}

/** As Docker's local driver mounts it. */
function volume({ type, device, o }: Readonly<Record<string, string>>): string {
  const directory = temporaryDirectory();
  if (type === undefined || device === undefined || o === undefined) return directory;
  execFileSync("mount", ["-t", type, "-o", o, device, directory]);
  onTestFinished(() => void execFileSync("umount", [directory]));
  return directory;
}

/** An address, with the prefix length of its network: the fixed one, or that of its one other member. */
function addressIn(
  { networks }: ComposeProject,
  name: string,
  fixed: string | undefined,
): string | undefined {
  const subnet = networks?.[name]?.ipam.config?.[0]?.subnet;
  const [base = "", length = ""] = subnet?.split("/") ?? [];
  if (subnet === undefined) return undefined;
  const [a, b, c, d] = base.split(".").map(Number);
  return `${fixed ?? `${a}.${b}.${c}.${(d ?? 0) + 4}`}/${length}`;
}
