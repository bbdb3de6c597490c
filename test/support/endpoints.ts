import { setTimeout as sleep } from "node:timers/promises";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import type { AwsCredentialIdentity } from "@smithy/types";
import type { EndpointStatus } from "@role-agent/provider";
import type { World } from "./world.ts";

/** Two roles of the second account, each with a provider of its own key: `deploy` and `ci`. */
export const twoRoles = `
[roles.deploy]
role_arn = "arn:aws:iam::444455556666:role/Deploy"
source_profile = "sandbox"
external_id = "team-core"
[roles.ci]
role_arn = "arn:aws:iam::444455556666:role/Ci"
source_profile = "sandbox"
external_id = "team-core"
`;

/** An `[[endpoints]]` table. */
export function endpoint(type: EndpointStatus["type"], place: string, ...roles: readonly string[]): string {
  const at = type === "socket" ? "path" : "listen";
  return `[[endpoints]]\ntype = "${type}"\n${at} = "${place}"\nroles = ${JSON.stringify(roles)}\n`;
}

/** The agent's endpoints, once it has opened as many. */
export async function endpointsOf({ client }: World, count: number): Promise<readonly EndpointStatus[]> {
  for (;;) {
    const { endpoints } = await client.status();
    if (endpoints.length === count) return endpoints;
    await sleep(20);
  }
}

/** Waits until every role that an endpoint serves has a session. */
export async function allFresh({ client }: World): Promise<void> {
  for (;;) {
    const { roles, endpoints } = await client.status();
    const served = new Set(endpoints.flatMap((each) => each.roles.map(({ name }) => name)));
    const fresh = roles.filter(({ name, expiration }) => served.has(name) && expiration !== null);
    if (served.size > 0 && fresh.length === served.size) return;
    await sleep(20);
  }
}

/** What a client of a role of an endpoint is given. */
export function roleOf({ roles }: EndpointStatus, name: string): { uri: string; tokenFile: string } {
  const role = roles.find((each) => each.name === name);
  if (role === undefined) throw new Error(`the endpoint does not serve ${name}`);
  return { uri: role.uri, tokenFile: role.tokenFile ?? "" };
}

/** Who AWS says that credentials are. */
export async function whoIs({ sandbox }: World, credentials: AwsCredentialIdentity): Promise<string> {
  const sts = new STSClient({ region: sandbox.region, endpoint: sandbox.url, credentials });
  try {
    return (await sts.send(new GetCallerIdentityCommand({}))).Arn ?? "";
  } finally {
    sts.destroy();
  }
}
