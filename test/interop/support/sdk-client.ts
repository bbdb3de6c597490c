import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { onTestFinished } from "vitest";

/**
 * The ways in which a program gets a role: three that every SDK knows, which know nothing of role-agent, and our provider
 * on a socket.
 */
export type Shape = "container" | "imds" | "process" | "socket";

/**
 * Why a client is given something else than docs/endpoints.md says: it doesn't know
 * `AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE` and is given the token itself; it wants a slash at the end of
 * `AWS_EC2_METADATA_SERVICE_ENDPOINT`.
 */
export type Quirk = "no token file" | "slash after the endpoint";

/** An unmodified AWS SDK in a program of its own. */
export interface SdkClient {
  /** Its name, as docs/compatibility.md has it: "AWS SDK for Go v2". */
  readonly sdk: string;
  /** Version of the package that finds the credentials, as installed. */
  readonly version: string;
  /**
   * Program and arguments. For each line that it reads, one and the same SDK client, with the SDK's default chain, calls
   * GetCallerIdentity and answers a line of JSON: an {@link Identity} or a {@link Failure}.
   */
  readonly command: readonly [program: string, ...args: string[]];
  readonly shapes: readonly Shape[];
  /** In what it differs from the others, if in anything. */
  readonly quirks?: readonly Quirk[];
}

/** Who an SDK is, and the key that it has signed with. */
export interface Identity {
  readonly arn: string;
  readonly accessKeyId: string;
}

/** What an SDK tells its user. */
export interface Failure {
  readonly error: string;
}

/** A program with an SDK's client, which lives until the test is over. */
export interface RunningClient {
  whoami(): Promise<Identity | Failure>;
}

/** Starts an SDK's program in an environment that tells it of the agent. */
export function startSdkClient(
  { command: [program, ...args] }: SdkClient,
  env: NodeJS.ProcessEnv,
): RunningClient {
  const child = spawn(program, args, { env });
  const closed = once(child, "close");
  onTestFinished(async () => {
    child.kill("SIGKILL");
    await closed;
  });
  let stderr = "";
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  return {
    whoami: async () => {
      child.stdin.write("\n");
      const { value, done } = await lines.next();
      if (done === true) throw new Error(`${program} has ended: ${stderr}`);
      return JSON.parse(value);
    },
  };
}
