import { join } from "node:path";

/**
 * Where one of the two files of the AWS shared config lies, as the AWS CLI finds it.
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/file-location.html
 */
export function awsFilePath(kind: "config" | "credentials", env: NodeJS.ProcessEnv, home: string): string {
  const named = kind === "config" ? env["AWS_CONFIG_FILE"] : env["AWS_SHARED_CREDENTIALS_FILE"];
  return expandHome(named || join("~", ".aws", kind), home);
}

/** `~/` is the home directory. */
export function expandHome(path: string, home: string): string {
  return path.startsWith("~/") ? join(home, path.slice(2)) : path;
}
