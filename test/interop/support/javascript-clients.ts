import { readFileSync } from "node:fs";
import { clientProgram } from "./client-programs.ts";
import type { SdkClient, Shape } from "./sdk-client.ts";

/** The AWS SDK for JavaScript v3, with its own ways to find credentials and with our provider in its clients. */
export const javaScriptClients: readonly SdkClient[] = [
  withCredentials("default", "credential-provider-node", "container", "imds", "process"),
  withCredentials("fromHttp", "credential-provider-http", "container"),
  withCredentials("fromInstanceMetadata", "credential-providers", "imds"),
  withCredentials("fromProcess", "credential-provider-process", "process"),
  withOurProvider("STS"),
  withOurProvider("S3"),
  withOurProvider("DynamoDB"),
];

function withCredentials(credentials: string, packageName: string, ...shapes: readonly Shape[]): SdkClient {
  const name = credentials === "default" ? "default chain" : credentials;
  return {
    sdk: `AWS SDK for JavaScript v3, ${name}`,
    version: installedVersion(packageName),
    command: [process.execPath, clientProgram("javascript.js"), "sts", credentials],
    shapes,
  };
}

function withOurProvider(service: "STS" | "S3" | "DynamoDB"): SdkClient {
  const id = service.toLowerCase();
  return {
    sdk: `AWS SDK for JavaScript v3, fromRoleAgent in ${service}`,
    version: installedVersion(`client-${id}`),
    command: [process.execPath, clientProgram("javascript.js"), id, "fromRoleAgent"],
    shapes: ["socket"],
  };
}

function installedVersion(packageName: string): string {
  const file = new URL(`../../../node_modules/@aws-sdk/${packageName}/package.json`, import.meta.url);
  const { version }: { version: string } = JSON.parse(readFileSync(file, "utf8"));
  return version;
}
