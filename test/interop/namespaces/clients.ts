import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { SdkClient } from "../support/sdk-client.ts";

/** The clients that need no compiler. */
export const namespaceClients: readonly SdkClient[] = [
  {
    sdk: "AWS CLI v1",
    version: cliVersion("aws"),
    command: [process.execPath, path("clients/aws-cli.js"), "aws"],
    shapes: ["container", "imds"],
  },
  {
    sdk: "AWS CLI v2",
    version: cliVersion("/usr/bin/aws"),
    command: [process.execPath, path("clients/aws-cli.js"), "/usr/bin/aws"],
    shapes: ["container", "imds"],
  },
  {
    sdk: "boto3",
    version: printed("python3", "-c", "import botocore; print(botocore.__version__)"),
    command: ["python3", path("../clients/whoami_on_request.py")],
    shapes: ["container", "imds"],
  },
  {
    sdk: "AWS SDK for JavaScript v3",
    version: printed(
      process.execPath,
      "-p",
      "require('@aws-sdk/credential-provider-node/package.json').version",
    ),
    command: [process.execPath, path("clients/javascript.js")],
    shapes: ["container", "imds"],
  },
];

function path(relative: string): string {
  return fileURLToPath(new URL(relative, import.meta.url));
}

function cliVersion(program: string): string {
  return /^aws-cli\/(\S+)/.exec(printed(program, "--version"))?.[1] ?? "";
}

function printed(program: string, ...args: readonly string[]): string {
  return execFileSync(program, args, { encoding: "utf8" }).trim();
}
