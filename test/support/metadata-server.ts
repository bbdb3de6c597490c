import { createServer, type IncomingMessage } from "node:http";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import type { Sandbox } from "@role-agent/sandbox";
import { onTestFinished } from "vitest";

/** What a container or an instance finds around it. */
export interface MetadataServer {
  readonly url: string;
  /** Value of `Authorization` that the container endpoint wants. */
  readonly token: string;
  /** Sessions it has given out so far. */
  readonly given: () => number;
}

const imdsToken = "AQAEXAMPLE";
const imdsRoles = "/latest/meta-data/iam/security-credentials/";

/**
 * The container credentials endpoint of ECS at `/credentials` and IMDSv2, which give sessions of a role of the sandbox as
 * AWS's do: with their tokens or not at all.
 */
export async function startMetadataServer(sandbox: Sandbox, roleArn: string): Promise<MetadataServer> {
  const token = "container-token-EXAMPLE";
  let given = 0;
  const session = async (): Promise<object> => {
    given += 1;
    return newSession(sandbox, roleArn);
  };
  const answer = async ({ method, url, headers }: IncomingMessage): Promise<object | string | undefined> => {
    if (url === "/credentials" && headers.authorization === token) return session();
    if (method === "PUT" && url === "/latest/api/token") return imdsToken;
    if (headers["x-aws-ec2-metadata-token"] !== imdsToken) return undefined;
    if (url === imdsRoles) return "Instance";
    return url === `${imdsRoles}Instance` ? { Code: "Success", ...(await session()) } : undefined;
  };
  const server = createServer((request, response) => {
    const send = (body: object | string | undefined): void => {
      response.writeHead(body === undefined ? 401 : 200, { "X-aws-ec2-metadata-token-ttl-seconds": "21600" });
      response.end(typeof body === "string" ? body : JSON.stringify(body ?? {}));
    };
    answer(request).then(send, () => response.destroy());
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  return { url: `http://127.0.0.1:${port}`, token, given: () => given };
}

async function newSession(sandbox: Sandbox, roleArn: string): Promise<object> {
  const [credentials] = sandbox.accounts;
  const sts = new STSClient({ region: sandbox.region, endpoint: sandbox.url, credentials });
  const { Credentials } = await sts.send(
    new AssumeRoleCommand({
      RoleArn: roleArn,
      RoleSessionName: "i-0abcdef1234567890",
      ExternalId: "team-core",
    }),
  );
  sts.destroy();
  return {
    AccessKeyId: Credentials?.AccessKeyId,
    SecretAccessKey: Credentials?.SecretAccessKey,
    Token: Credentials?.SessionToken,
    Expiration: Credentials?.Expiration?.toISOString(),
    RoleArn: roleArn,
  };
}
