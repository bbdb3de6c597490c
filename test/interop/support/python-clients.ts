import { clientProgram, pythonVersion } from "./client-programs.ts";
import type { SdkClient } from "./sdk-client.ts";

/** boto3, whose credentials are botocore's. */
export const boto3: SdkClient = {
  sdk: "boto3",
  version: pythonVersion("botocore"),
  command: ["python3", clientProgram("whoami_on_request.py")],
  shapes: ["container", "imds", "process"],
};

/** The credentials of aws-c-auth, which the AWS SDK for C++ uses, by its Python binding. */
export const commonRuntime: SdkClient = {
  sdk: "AWS Common Runtime (awscrt)",
  version: pythonVersion("awscrt"),
  command: ["python3", clientProgram("crt.py")],
  shapes: ["container", "imds", "process"],
};
