import { join } from "node:path";
import { clientProgram, printed, pythonVersion } from "./client-programs.ts";
import type { SdkClient } from "./sdk-client.ts";

/** Of the suite's Python environment. */
export const awsCliV1: SdkClient = {
  sdk: "AWS CLI v1",
  version: pythonVersion("awscli"),
  command: [
    process.execPath,
    clientProgram("aws-cli.js"),
    join(process.env["VIRTUAL_ENV"] ?? "", "bin", "aws"),
  ],
  shapes: ["container", "imds", "process"],
};

/** Of Debian's package `awscli`. */
export const awsCliV2: SdkClient = {
  sdk: "AWS CLI v2",
  version: printed("dpkg-query", "--show", "--showformat=${Version}", "awscli"),
  command: [process.execPath, clientProgram("aws-cli.js"), "/usr/bin/aws"],
  shapes: ["container", "imds", "process"],
  quirks: ["no token file", "slash after the endpoint"],
};

/** No SDK at all: what a shell script does. */
export const curl: SdkClient = {
  sdk: "curl",
  version: printed("curl", "--version").split(" ")[1] ?? "",
  command: [process.execPath, clientProgram("curl.js")],
  shapes: ["container", "imds", "process"],
};
