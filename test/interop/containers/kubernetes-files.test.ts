import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { broken } from "./support/broken.ts";
import { containersOf, podOf, restrictedProblems } from "./support/kubernetes.ts";
import { buildReader, examples, readManifests } from "./support/reader.ts";

const sidecar = join(examples, "kubernetes", "sidecar.yaml");
const node = join(examples, "kubernetes", "node.yaml");
const nodeClient = join(examples, "kubernetes", "node-client.yaml");

beforeAll(buildReader, 600_000);

describe.each([sidecar, node, nodeClient])("%s", (path) => {
  it("holds objects of Kubernetes, with fields that their types have, and nothing of a secret", () => {
    expect(readManifests(path).map(({ kind }) => kind)).not.toContain("Secret");
  });

  it("has every container on a root file system that it can't write to", () => {
    const contexts = containersOf(podOf(readManifests(path))).map(({ securityContext }) => securityContext);
    expect(contexts.map((context) => context?.readOnlyRootFilesystem)).toEqual(contexts.map(() => true));
  });

  it("gives no container the token that opens the cluster's own API", () => {
    expect(podOf(readManifests(path)).automountServiceAccountToken).toBe(false);
  });

  it("is refused by the test where Kubernetes has no such field", () => {
    const typo = broken(path, "readOnlyRootFilesystem:", "readOnlyRootFileSystem:");
    expect(() => readManifests(typo)).toThrow(/unknown field.*readOnlyRootFileSystem/);
  });
});

describe.each([sidecar, nodeClient])("%s", (path) => {
  it('passes Pod Security\'s "restricted"', () => {
    expect(restrictedProblems(podOf(readManifests(path)))).toEqual([]);
  });

  it.each([
    ["runAsNonRoot: true", "runAsNonRoot: false", "runs as root"],
    ["drop: [ALL]", "drop: [NET_RAW]", "keeps capabilities"],
    ["allowPrivilegeEscalation: false", "allowPrivilegeEscalation: true", "may gain privileges"],
    ["seccompProfile: { type: RuntimeDefault }", "seccompProfile: { type: Unconfined }", "has no seccomp"],
    ["automountServiceAccountToken", "hostNetwork: true\n      automountServiceAccountToken", "of the node"],
  ])("does not where %s is %s", (from, to, problem) => {
    expect(restrictedProblems(podOf(readManifests(broken(path, from, to)))).join("\n")).toContain(problem);
  });
});

describe("the sidecar", () => {
  it("starts before its clients and ends after them, and is asked whether it is well", () => {
    const [agent] = podOf(readManifests(sidecar)).initContainers ?? [];
    expect(agent).toMatchObject({
      restartPolicy: "Always",
      startupProbe: { exec: { command: ["role-agent", "status"] } },
      livenessProbe: { exec: { command: ["role-agent", "status"] } },
    });
  });

  it("shares a volume in memory with each client, which no other client has", () => {
    const pod = podOf(readManifests(sidecar));
    const mounts = pod.containers.map(({ volumeMounts = [] }) => volumeMounts.map(({ name }) => name));
    expect(mounts).toEqual([["app-token"], ["report-token"]]);
    const inMemory = pod.volumes?.filter(({ emptyDir }) => emptyDir?.medium === "Memory");
    expect(inMemory?.map(({ name }) => name)).toEqual(["runtime", "app-token", "report-token"]);
    expect(pod.shareProcessNamespace).toBeUndefined();
  });
});

describe("the agent on a node", () => {
  it("needs of what Pod Security restricts the node's network, and a first container that gives it the address", () => {
    expect(restrictedProblems(podOf(readManifests(node)))).toEqual([
      "address runs as root",
      "address adds capabilities",
      "is in a namespace of the node",
    ]);
  });
});
