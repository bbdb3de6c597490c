import { randomBytes } from "node:crypto";
import { request as httpRequest } from "node:http";
import { RoleAgentError } from "./errors.ts";
import {
  clientHeader,
  credentialsPath,
  fromErrorDocument,
  isAgentStatus,
  isCredentialsDocument,
  isRoleList,
  otherVersion,
  protocolVersion,
  type AgentStatus,
  type CredentialsDocument,
  type CredentialsScope,
  type LockPlan,
  type RoleList,
} from "./protocol.ts";
import { agentSocketPath, checkSocketPath, unreachable } from "./socket-path.ts";
import { trustSocket } from "./trusted-socket.ts";

const maxAnswerBytes = 32 * 1024 * 1024;
/** Tells this process from others to an agent that asks a person for each, where the system can't. */
const clientToken = randomBytes(16).toString("base64url");

/** Settings of an {@link AgentClient}. */
export interface AgentClientOptions {
  /** Path of the agent socket; `ROLE_AGENT_SOCK` or the default place where absent. */
  readonly socketPath?: string | undefined;
  /**
   * Longest time for one request in milliseconds, connection and answer together; 15,000 where absent. It begins anew
   * each time the agent tells that a person is being asked.
   */
  readonly timeoutMs?: number | undefined;
  /** Told once for each request that waits for a person's yes. */
  readonly onConfirming?: (() => void) | undefined;
}

/**
 * The agent socket. Every method makes one request and rejects with a
 * {@link RoleAgentError}: the agent's own error, or `AgentUnreachable`.
 */
export class AgentClient {
  readonly socketPath: string;
  readonly #timeoutMs: number;
  readonly #onConfirming: () => void;

  constructor(options: AgentClientOptions = {}) {
    this.#onConfirming = options.onConfirming ?? (() => undefined);
    this.socketPath = options.socketPath ?? agentSocketPath();
    this.#timeoutMs = options.timeoutMs ?? 15_000;
    checkSocketPath(this.socketPath);
  }

  /**
   * Credentials of a role, from the agent's memory where it holds a valid session.
   *
   * @param scope - narrows them for this caller. Equal requests share a session for half of its life. Rejects with
   * `InvalidRequest` for what can be no policy, and with `InvalidConfiguration` for one that AWS does not take.
   */
  async credentials(role: string, scope?: CredentialsScope): Promise<CredentialsDocument> {
    refuseOwnSource(role);
    const path = credentialsPath(role);
    return scope === undefined
      ? this.#ask("GET", path, isCredentialsDocument)
      : this.#ask("POST", path, isCredentialsDocument, JSON.stringify(scope));
  }

  /** Credentials of a role from a session that AWS issues now. */
  async refresh(role: string): Promise<CredentialsDocument> {
    refuseOwnSource(role);
    return this.#ask("POST", `${credentialsPath(role)}/refresh`, isCredentialsDocument);
  }

  /** How every role is doing. */
  async status(): Promise<AgentStatus> {
    return this.#ask("GET", `/${protocolVersion}/status`, isAgentStatus);
  }

  /** The roles the agent knows. */
  async roles(): Promise<RoleList> {
    return this.#ask("GET", `/${protocolVersion}/roles`, isRoleList);
  }

  /** Reads the configuration again; rejects with `InvalidConfiguration` if it is broken, and the old one stays. */
  async reload(): Promise<void> {
    await this.#exchange("POST", `/${protocolVersion}/reload`);
  }

  /**
   * Has the agent start the program that is installed now, which goes on with its sessions; resolves when that one
   * serves. Rejects with `InvalidRequest` where it can't, and the agent goes on as it is.
   */
  async restart(): Promise<void> {
    await this.#exchange("POST", `/${protocolVersion}/restart`);
  }

  /** Ends the agent; resolves when it has accepted, which is shortly before it is gone. */
  async stop(): Promise<void> {
    await this.#exchange("POST", `/${protocolVersion}/stop`);
  }

  /**
   * Brings a one-time code for the MFA device that the role needs. Rejects with `MfaRequired` where AWS does not take it.
   *
   * @param code - six digits
   */
  async mfa(role: string, code: string): Promise<void> {
    await this.#exchange("POST", `/${protocolVersion}/mfa`, JSON.stringify({ role, code }));
  }

  /**
   * Locks the agent: it drops all sessions, and answers `Locked` until it is unlocked with the same passphrase.
   *
   * @param passphrase - the one of the last time where absent
   * @param plan - not now, but whenever one of these comes about. Rejects with `InvalidConfiguration` where the agent
   * can't hear of the screen.
   */
  async lock(passphrase?: string, plan: LockPlan = {}): Promise<void> {
    const content = JSON.stringify({ passphrase, ...plan });
    await this.#exchange("POST", `/${protocolVersion}/lock`, content);
  }

  /** Unlocks the agent. Rejects with `Unauthorized`, after up to 10 s, where the passphrase is another. */
  async unlock(passphrase: string): Promise<void> {
    await this.#exchange("POST", `/${protocolVersion}/unlock`, JSON.stringify({ passphrase }));
  }

  /**
   * A person's answer to a question of `status().confirmations`. Rejects with `InvalidRequest` where it waits no more:
   * somebody was quicker, the client has gone, or its minute is over.
   */
  async confirm(id: string, allow: boolean): Promise<void> {
    await this.#exchange("POST", `/${protocolVersion}/confirm`, JSON.stringify({ id, allow }));
  }

  async #ask<T>(
    method: string,
    path: string,
    isExpected: (body: unknown) => body is T,
    content?: string,
  ): Promise<T> {
    const body = await this.#exchange(method, path, content);
    if (isExpected(body)) return body;
    throw new RoleAgentError("AgentUnreachable", `the answer of ${this.socketPath} is not understood`, {
      hint: otherVersion,
    });
  }

  async #exchange(method: string, path: string, content?: string): Promise<unknown> {
    const patience = { endsAt: performance.now() + this.#timeoutMs };
    let answer = await this.#send(method, path, content, patience);
    // Nothing was done: the request was not there in time, as from a machine that is too busy to send it, or another
    // process has become the agent.
    while (answer.status === 408) answer = await this.#send(method, path, content, patience);
    const body = parseJson(answer.body);
    if (answer.status === 200) return body;
    throw fromErrorDocument(body, answer.status, answer.retryAfter);
  }

  async #send(
    method: string,
    path: string,
    content: string | undefined,
    patience: Patience,
  ): Promise<{ status: number; body: string; retryAfter?: string }> {
    const { socketPath } = this;
    const trusted = trustSocket(socketPath);
    const deadline = new AbortController();
    const end = (): void => deadline.abort();
    let timer = setTimeout(end, Math.max(1, patience.endsAt - performance.now()));
    const answer = new Promise<{ status: number; body: string; retryAfter?: string }>((resolve, reject) => {
      const fail = (cause: unknown): void => {
        reject(deadline.signal.aborted ? this.#tooLate(cause) : unreachable(socketPath, cause));
      };
      const length = content === undefined ? {} : { "content-length": Buffer.byteLength(content) };
      const headers = { host: "role-agent", [clientHeader]: clientToken, ...length };
      const request = httpRequest(
        { socketPath: trusted.path, method, path, headers, signal: deadline.signal, agent: false },
        (response) => {
          let body = "";
          response.setEncoding("utf8");
          response.on("data", (chunk: string) => {
            body += chunk;
            if (body.length > maxAnswerBytes) response.destroy(new Error("the answer is too large"));
          });
          response.on("error", fail);
          response.on("end", () => {
            const retryAfter = response.headers["retry-after"];
            resolve({
              status: response.statusCode ?? 0,
              body,
              ...(retryAfter === undefined ? {} : { retryAfter }),
            });
          });
        },
      );
      request.once("information", () => this.#onConfirming());
      request.on("information", () => {
        patience.endsAt = performance.now() + this.#timeoutMs;
        clearTimeout(timer);
        timer = setTimeout(end, this.#timeoutMs);
      });
      request.on("error", fail);
      request.on("socket", (socket) => socket.once("connect", trusted.release));
      request.on("close", trusted.release);
      request.end(content);
    });
    return answer.finally(() => clearTimeout(timer));
  }

  #tooLate(cause: unknown): RoleAgentError {
    const message = `the agent at ${this.socketPath} did not answer within ${this.#timeoutMs} ms`;
    return new RoleAgentError("AgentUnreachable", message, {
      hint: "try again; if it stays silent: role-agent stop, and see its log",
      cause,
    });
  }
}

/** How long an answer is waited for: each word of the agent that a person is being asked puts it off. */
interface Patience {
  endsAt: number;
}

/** A program that the agent has started to get a session of a role would wait for itself. */
function refuseOwnSource(role: string): void {
  if (process.env["ROLE_AGENT_ISSUING"] !== role) return;
  throw new RoleAgentError("InvalidConfiguration", `role ${JSON.stringify(role)} is its own source`, {
    hint: "the program that brings its credentials must not ask the agent for this role",
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
