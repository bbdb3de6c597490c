/** An object of Kubernetes, by its own types; what is read of it. */
export interface Manifest {
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
  readonly data?: Readonly<Record<string, string>>;
  readonly spec?: { readonly template?: { readonly spec: PodSpec } };
}

/** What is read of a pod. */
export interface PodSpec {
  readonly hostNetwork?: boolean;
  readonly hostPID?: boolean;
  readonly shareProcessNamespace?: boolean;
  readonly automountServiceAccountToken?: boolean;
  readonly securityContext?: SecurityContext;
  readonly initContainers?: readonly Container[];
  readonly containers: readonly Container[];
  readonly volumes?: readonly Volume[];
}

/** What is read of a container. */
export interface Container {
  readonly name: string;
  readonly image: string;
  readonly command?: readonly string[];
  readonly restartPolicy?: string;
  readonly env?: readonly { readonly name: string; readonly value: string }[];
  readonly startupProbe?: Probe;
  readonly livenessProbe?: Probe;
  readonly securityContext?: SecurityContext;
  readonly volumeMounts?: readonly {
    readonly name: string;
    readonly mountPath: string;
    readonly readOnly?: boolean;
  }[];
}

interface Probe {
  readonly exec?: { readonly command: readonly string[] };
}

interface SecurityContext {
  readonly runAsNonRoot?: boolean;
  readonly runAsUser?: number;
  readonly runAsGroup?: number;
  readonly fsGroup?: number;
  readonly privileged?: boolean;
  readonly allowPrivilegeEscalation?: boolean;
  readonly readOnlyRootFilesystem?: boolean;
  readonly capabilities?: { readonly drop?: readonly string[]; readonly add?: readonly string[] };
  readonly seccompProfile?: { readonly type: string };
}

/** What is read of a volume. */
export interface Volume {
  readonly name: string;
  readonly emptyDir?: { readonly medium?: string };
  readonly configMap?: { readonly name: string };
  readonly secret?: { readonly secretName: string; readonly defaultMode?: number };
  readonly projected?: unknown;
  readonly hostPath?: unknown;
}

/** The pod that a manifest has made. */
export function podOf(objects: readonly Manifest[]): PodSpec {
  const pod = objects.flatMap(({ spec }) => spec?.template?.spec ?? [])[0];
  if (pod === undefined) throw new Error("the manifest makes no pod");
  return pod;
}

/** Of the pod itself, then all of its containers. */
export function containersOf({ initContainers = [], containers }: PodSpec): readonly Container[] {
  return [...initContainers, ...containers];
}

/**
 * What Pod Security's "restricted" has against a pod.
 * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted
 */
export function restrictedProblems(pod: PodSpec): readonly string[] {
  const problems = containersOf(pod).flatMap(({ name, securityContext: own = {} }) => {
    const context = { ...pod.securityContext, ...own };
    const rules: readonly (readonly [string, boolean])[] = [
      ["runs as root", context.runAsNonRoot === true && context.runAsUser !== 0],
      ["is privileged", context.privileged !== true],
      ["may gain privileges", context.allowPrivilegeEscalation === false],
      ["keeps capabilities", context.capabilities?.drop?.includes("ALL") === true],
      ["adds capabilities", (context.capabilities?.add ?? []).every((each) => each === "NET_BIND_SERVICE")],
      ["has no seccomp profile", context.seccompProfile?.type === "RuntimeDefault"],
    ];
    return rules.flatMap(([problem, holds]) => (holds ? [] : [`${name} ${problem}`]));
  });
  if (pod.hostNetwork === true || pod.hostPID === true) problems.push("is in a namespace of the node");
  if (pod.volumes?.some(({ hostPath }) => hostPath !== undefined)) problems.push("mounts a path of the node");
  return problems;
}
