import { boto3 } from "./python-clients.ts";
import { startSdkClient, type Identity } from "./sdk-client.ts";

/** A program with one boto3 client that lives until the test is over. */
export interface Boto3Client {
  /** Calls GetCallerIdentity: who it is, and which key has signed the call. */
  whoami(): Promise<Identity>;
}

/** Starts a boto3 client that takes its credentials from a profile, or as its environment says. */
export function startBoto3Client(env: NodeJS.ProcessEnv, profile?: string): Boto3Client {
  const command = [...boto3.command, ...(profile === undefined ? [] : [profile])] as const;
  const client = startSdkClient({ ...boto3, command }, env);
  return {
    whoami: async () => {
      const answer = await client.whoami();
      if ("error" in answer) throw new Error(answer.error);
      return answer;
    },
  };
}
