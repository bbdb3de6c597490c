import { createServer, type RequestListener, type Server } from "node:http";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { temporaryDirectory } from "./temporary.ts";

/** Something on a Unix socket that a provider takes for an agent. */
export interface FakeAgent {
  readonly socketPath: string;
  /** Request lines, in order. */
  readonly requests: string[];
  /** How the next requests are answered. */
  answer: RequestListener;
  /** Goes away, and leaves the socket behind as a killed agent does. */
  die(): Promise<void>;
  /** Is there again. */
  rise(): Promise<void>;
}

/** The document of a session that has this much left. */
export function documentWith(leftMs: number, number = 1): Record<string, unknown> {
  return {
    Version: 1,
    AccessKeyId: `ASIA${String(number).padStart(9, "0")}EXAMPLE`,
    SecretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    SessionToken: `token-${number}`,
    Token: `token-${number}`,
    Expiration: new Date(Date.now() + leftMs).toISOString(),
    AccountId: "123456789012",
    RoleArn: "arn:aws:iam::123456789012:role/Deploy",
  };
}

/** An answer with this JSON. */
export function json(body: unknown, status = 200, headers: Record<string, string> = {}): RequestListener {
  return (_request, response) => {
    response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
  };
}

/** An answer as an agent gives it for an error. */
export function failure(code: string, status: number): RequestListener {
  return json(
    { code, message: `${code} it is`, Code: code, Message: `${code} it is`, hint: "do this" },
    status,
  );
}

/** Starts a fake agent that answers with an hour-long session, a new key for each request. */
export async function startFakeAgent(
  socketPath: string = join(temporaryDirectory(), "agent.sock"),
): Promise<FakeAgent> {
  const requests: string[] = [];
  const agent: FakeAgent = {
    socketPath,
    requests,
    answer: (request, response) => json(documentWith(3_600_000, requests.length))(request, response),
    die: async () => close(server),
    rise: async () => {
      server = await listen();
    },
  };
  const listen = async (): Promise<Server> => {
    const made = createServer((request, response) => {
      requests.push(`${request.method} ${request.url}`);
      agent.answer(request, response);
    });
    await new Promise<void>((resolve) => {
      made.listen(socketPath, resolve);
    });
    return made;
  };
  let server = await listen();
  onTestFinished(() => close(server));
  return agent;
}

async function close(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => {
    server.close(resolve);
  });
}
