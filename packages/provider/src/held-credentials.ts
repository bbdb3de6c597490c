import { connect } from "node:net";
import { credentialsPath, isCredentialsDocument, type CredentialsDocument } from "./protocol.ts";
import { agentSocketPath, checkSocketPath } from "./socket-path.ts";
import { trustSocket } from "./trusted-socket.ts";

/** What takes longer comes from no agent's memory. */
const patienceMs = 1000;

/**
 * The credentials of a role where an agent has them at hand, without an HTTP client to load: for programs that live as
 * long as one answer. `undefined` for everything else, which an `AgentClient` finds out and explains.
 */
export async function heldCredentials(
  role: string,
  env: NodeJS.ProcessEnv,
): Promise<CredentialsDocument | undefined> {
  if (env["ROLE_AGENT_ISSUING"] !== undefined) return undefined;
  try {
    const socketPath = agentSocketPath(env);
    checkSocketPath(socketPath);
    const document: unknown = JSON.parse(bodyOf(await exchange(socketPath, credentialsPath(role))));
    return isCredentialsDocument(document) ? document : undefined;
  } catch {
    return undefined;
  }
}

/** All that the agent sends until it ends the connection. */
async function exchange(socketPath: string, path: string): Promise<string> {
  const trusted = trustSocket(socketPath);
  return new Promise((resolve, reject) => {
    const socket = connect(trusted.path);
    socket.on("connect", trusted.release).on("close", trusted.release);
    let answer = "";
    socket.setEncoding("latin1");
    socket.setTimeout(patienceMs, () => socket.destroy(new Error("no answer yet")));
    socket.on("data", (text: string) => {
      answer += text;
    });
    socket.on("error", reject);
    socket.on("end", () => resolve(answer));
    // No person is to be asked by a request that does not wait for the answer.
    socket.write(`GET ${path} HTTP/1.1\r\nHost: role-agent\r\nPrefer: wait=0\r\nConnection: close\r\n\r\n`);
  });
}

/** The body of a whole answer with status 200 and a length; of any other, what can be no JSON. */
function bodyOf(answer: string): string {
  const [, head = "", body = ""] = /^(HTTP\/1\.1 200 .*?)\r\n\r\n(.*)$/s.exec(answer) ?? [];
  const length = Number(/^content-length: *(\d+) *$/im.exec(head)?.[1]);
  return body.length === length ? Buffer.from(body, "latin1").toString("utf8") : "";
}
