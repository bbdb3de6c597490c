import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";

const program = fileURLToPath(new URL("../clients/whoami_on_request.py", import.meta.url));

/** A program with one boto3 client that lives until the test is over. */
export interface Boto3Client {
  /** Calls GetCallerIdentity: who it is, and which key has signed the call. */
  whoami(): Promise<{ readonly arn: string; readonly accessKeyId: string }>;
}

/** Starts a boto3 client that takes its credentials from a profile, or as its environment says. */
export function startBoto3Client(env: NodeJS.ProcessEnv, profile?: string): Boto3Client {
  const child = spawn("python3", [program, ...(profile === undefined ? [] : [profile])], { env });
  const closed = once(child, "close");
  onTestFinished(async () => {
    child.kill();
    await closed;
  });
  let stderr = "";
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  return {
    whoami: async () => {
      child.stdin.write("\n");
      const { value, done } = await lines.next();
      if (done === true) throw new Error(`the boto3 client has ended: ${stderr}`);
      return JSON.parse(value);
    },
  };
}
