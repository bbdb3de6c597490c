import { chmodSync, chownSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryDirectory } from "../../../support/temporary.ts";
import type { ContainerAws } from "./aws-for-containers.ts";
import { imageConfig } from "./dockerfile.ts";
import { containersOf, type Manifest, podOf, type PodSpec, type Volume } from "./kubernetes.ts";
import { examples, readDockerfile } from "./reader.ts";
import type { ContainerPlan } from "./runc.ts";

/** What a cluster has beside a manifest. */
export interface Cluster {
  readonly aws: ContainerAws;
  /** Of the pod: the node's own for `hostNetwork`. */
  readonly network: string;
  /** The token that Kubernetes signs for the pod's service account. */
  readonly identityToken: string;
  /** Entries of secrets, by the secret's name. */
  readonly secrets: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** What a kubelet would have the runtime start for a container, with another command where one is given. */
export type PlanOf = (container: string, args?: readonly string[]) => ContainerPlan;

/** Makes the volumes of the pod of a manifest, as a kubelet does. */
export function createPod(manifest: readonly Manifest[], cluster: Cluster): PlanOf {
  const pod = podOf(manifest);
  const volumes = new Map(
    pod.volumes?.map((volume) => [volume.name, volumeOf(volume, pod, manifest, cluster)]),
  );
  return (name, args) => {
    const container = containersOf(pod).find((each) => each.name === name);
    if (container === undefined) throw new Error(`there is no container ${name}`);
    const context = { ...pod.securityContext, ...container.securityContext };
    const isOurs = container.image.startsWith("role-agent:");
    const image = imageConfig(isOurs ? readDockerfile(join(examples, "Dockerfile")) : []);
    const variables = container.env?.map((variable) => [variable.name, variable.value]) ?? [];
    return {
      args: args ?? container.command ?? [...image.entrypoint, ...image.command],
      environment: {
        ...image.environment,
        ...Object.fromEntries(variables),
        AWS_ENDPOINT_URL: cluster.aws.url,
      },
      uid: context.runAsUser ?? 0,
      gid: context.runAsGroup ?? 0,
      groups: context.fsGroup === undefined ? [] : [context.fsGroup],
      isRootReadOnly: context.readOnlyRootFilesystem === true,
      mayGainPrivileges: context.allowPrivilegeEscalation !== false,
      capabilities: (context.capabilities?.add ?? []).map((capability) => `CAP_${capability}`),
      sysctls: {},
      network: cluster.network,
      mounts: (container.volumeMounts ?? []).map(({ name: volume, mountPath, readOnly }) => {
        const source = volumes.get(volume);
        if (source === undefined) throw new Error(`there is no volume ${volume}`);
        return { source, target: mountPath, isReadOnly: readOnly === true };
      }),
    };
  };
}

function volumeOf(volume: Volume, pod: PodSpec, manifest: readonly Manifest[], cluster: Cluster): string {
  const group = pod.securityContext?.fsGroup ?? 0;
  const { configMap, secret, projected } = volume;
  if (configMap !== undefined) {
    const map = manifest.find(
      ({ kind, metadata }) => kind === "ConfigMap" && metadata.name === configMap.name,
    );
    return published(map?.data ?? {}, 0o644, group);
  }
  if (secret !== undefined)
    return published(cluster.secrets[secret.secretName] ?? {}, secret.defaultMode ?? 0o644, group);
  if (projected !== undefined) return published({ token: cluster.identityToken }, 0o640, group);
  const directory = temporaryDirectory();
  chownSync(directory, 0, group);
  chmodSync(directory, 0o2777);
  return directory;
}

/** Files of root's, as a kubelet publishes them: links into a directory that it can replace at once. */
function published(entries: Readonly<Record<string, string>>, mode: number, group: number): string {
  const directory = temporaryDirectory();
  chmodSync(directory, 0o1777);
  mkdirSync(join(directory, "..2026_11_24"));
  chmodSync(join(directory, "..2026_11_24"), 0o755);
  symlinkSync("..2026_11_24", join(directory, "..data"));
  for (const [name, text] of Object.entries(entries)) {
    const file = join(directory, "..2026_11_24", name);
    writeFileSync(file, text);
    chmodSync(file, mode);
    chownSync(file, 0, group);
    symlinkSync(join("..data", name), join(directory, name));
  }
  return directory;
}
