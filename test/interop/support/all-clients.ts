import { awsCliV1, awsCliV2, curl } from "./command-line-clients.ts";
import { compiledClients } from "./compiled-clients.ts";
import { javaScriptClients } from "./javascript-clients.ts";
import { boto3, commonRuntime } from "./python-clients.ts";
import type { SdkClient } from "./sdk-client.ts";

/** Every client that role-agent is tested with, in the order of docs/compatibility.md. */
export const allClients: readonly SdkClient[] = [
  awsCliV1,
  awsCliV2,
  boto3,
  ...javaScriptClients,
  ...compiledClients,
  commonRuntime,
  curl,
];
