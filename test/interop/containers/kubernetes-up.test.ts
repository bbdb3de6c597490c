import { join } from "node:path";
import { CreateRoleCommand } from "@aws-sdk/client-iam";
import { createOidcIssuer } from "@role-agent/sandbox";
import { beforeAll, describe, expect, it } from "vitest";
import { AUDIENCE, registerIssuer, trustIssuer } from "../../sandbox/oidc/web-identity.ts";
import { iam } from "../../sandbox/support.ts";
import { awsForContainers, type ContainerAws } from "./support/aws-for-containers.ts";
import { createNamespace, join as joinNetwork, leadThrough } from "./support/networks.ts";
import { createPod, type PlanOf } from "./support/pod-up.ts";
import { buildReader, examples, readManifests } from "./support/reader.ts";
import { runContainer, startContainer, untilHealthy } from "./support/runc.ts";

const manifest = (name: string): ReturnType<typeof readManifests> =>
  readManifests(join(examples, "kubernetes", name));
const role = (name: string): RegExp =>
  new RegExp(`arn:aws:sts::111122223333:assumed-role/${name}/container"`);
const status = ["role-agent", "status"];

beforeAll(buildReader, 600_000);

interface ClusterWorld {
  readonly aws: ContainerAws;
  readonly identityToken: string;
}

/** AWS with the roles `App` and `Report`, which trust a service account of the cluster. */
async function cluster(): Promise<ClusterWorld> {
  const aws = await awsForContainers();
  const issuer = await createOidcIssuer();
  const subject = "system:serviceaccount:default:app";
  const trust = trustIssuer(await registerIssuer(aws.sandbox, issuer), {
    StringEquals: { "issuer.example.com:sub": subject },
  });
  for (const RoleName of ["App", "Report"])
    await iam(aws.sandbox).send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trust }));
  return { aws, identityToken: await issuer.sign({ sub: subject, aud: AUDIENCE }) };
}

/** What a shell prints in the place of a container's own command. */
async function shell(plan: PlanOf, container: string, line: string): Promise<string> {
  return (await runContainer(plan(container, ["sh", "-c", `${line} 2>&1`]))).output;
}

const ask =
  'curl -s -m 5 -w "%{http_code}" -H "Authorization: $(cat $AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE)" $AWS_CONTAINER_CREDENTIALS_FULL_URI';

describe("the sidecar", () => {
  async function sidecar(): Promise<PlanOf> {
    const { aws, identityToken } = await cluster();
    const network = createNamespace();
    joinNetwork(network, aws.bridge, aws.nextAddress());
    const plan = createPod(manifest("sidecar.yaml"), { aws, network, identityToken, secrets: {} });
    await untilHealthy(startContainer(plan("role-agent")), status);
    return plan;
  }

  it("makes each container of the pod its role, for the identity that Kubernetes gives the pod", async () => {
    const plan = await sidecar();
    for (const [name, its] of [
      ["app", "App"],
      ["report", "Report"],
    ] as const) {
      const { output } = startContainer(plan(name));
      await expect.poll(output, { timeout: 20_000 }).toMatch(role(its));
    }
  });

  it("shows no container the other's token or the pod's identity, and gives it nothing of the other's role", async () => {
    const plan = await sidecar();
    expect(await shell(plan, "app", "find /run -type f")).toBe("/run/clients/app/role-agent/token\n");
    expect(await shell(plan, "app", "ls /var/run/secrets")).toContain("No such file or directory");
    expect(await shell(plan, "app", `${ask}/app`)).toMatch(/"ASIA.*200$/s);
    expect(await shell(plan, "app", `${ask}/report`)).toMatch(/"code":"Unauthorized".*401$/s);
  });
});

describe("the agent on a node", () => {
  const tokens = { app: "a".repeat(64), report: "b".repeat(64) };

  /** A pod of the node whose namespace has this token as its secret. */
  async function node(): Promise<(token: string) => PlanOf> {
    const { aws, identityToken } = await cluster();
    const network = createNamespace();
    const address = aws.nextAddress();
    joinNetwork(network, aws.bridge, address);
    const secrets = { "client-tokens": tokens };
    const plan = createPod(manifest("node.yaml"), { aws, network, identityToken, secrets });
    expect(await runContainer(plan("address"))).toEqual({ output: "", code: 0 });
    await untilHealthy(startContainer(plan("role-agent")), status);
    return (token) => {
      const pod = createNamespace();
      joinNetwork(pod, aws.bridge, aws.nextAddress());
      leadThrough(pod, address);
      const own = { "role-agent": { token } };
      return createPod(manifest("node-client.yaml"), { aws, network: pod, identityToken: "", secrets: own });
    };
  }

  it("makes a pod the role of its namespace's token, under another user than the agent's", async () => {
    const pod = await node();
    for (const [token, its] of [
      [tokens.app, "App"],
      [tokens.report, "Report"],
    ] as const) {
      const { output } = startContainer(pod(token)("app"));
      await expect.poll(output, { timeout: 20_000 }).toMatch(role(its));
    }
  });

  it("gives a pod nothing for another token than a role's, and nothing of another role", async () => {
    const pod = await node();
    expect(await shell(pod("c".repeat(64)), "app", ask)).toMatch(/"code":"Unauthorized".*401$/s);
    expect(await shell(pod(tokens.app), "app", `${ask}/report`)).toMatch(/"code":"Unauthorized".*401$/s);
  });
});
