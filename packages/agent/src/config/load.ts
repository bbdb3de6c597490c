import { dirname, isAbsolute, join, resolve } from "node:path";
import { awsFilePath, expandHome } from "./aws-file-path.ts";
import { parseAwsProfiles } from "./aws-profiles.ts";
import type { AwsFile, AwsProfiles } from "./aws-profiles.ts";
import { buildConfig } from "./build.ts";
import { ConfigError, formatProblem } from "./config.ts";
import type { Config, ConfigProblem } from "./config.ts";
import { loginTokenFile } from "./login-session.ts";
import { parseConfig } from "./parse.ts";
import { plainEndpointWarnings } from "./plain-endpoints.ts";
import type { ReadPolicy } from "./role-builder.ts";
import { serviceEndpoints, type ServiceEndpoint } from "./service-endpoints.ts";
import type { Identity } from "./session-name.ts";
import { FileError, readSharedFile, readTrustedFile } from "./trusted-file.ts";
import { printable } from "../core/printable.ts";

/** Where to look and as whom. */
export interface LoadOptions {
  /** `--config`: it must exist. */
  readonly configPath?: string;
  readonly env: NodeJS.ProcessEnv;
  readonly home: string;
  readonly identity: Identity;
  /** Of the agent, whose directory is for nothing else. */
  readonly socketPath: string;
  /** The user whose files are trusted, beside root's. */
  readonly uid: number;
}

const megabyte = 1024 * 1024;
const mostConfigBytes = 10 * megabyte;
const mostAwsBytes = 100 * megabyte;

/**
 * Reads config.toml and the AWS shared config, synchronously: at the start and at a reload.
 * @throws ConfigError with every problem found, each with file, line and key where it has them.
 */
export function loadConfig(options: LoadOptions): Config {
  const path = options.configPath ?? configPath(options.env, options.home);
  const isNamed = options.configPath !== undefined || Boolean(options.env["ROLE_AGENT_CONFIG"]);
  const parsed = parseConfig(readConfig(path, options.uid, isNamed), printable(path));
  const { aws, services, unreadable, writable } = loadProfiles(options);
  if (unreadable.length > 0 && parsed.roles.size === 0) throw new ConfigError(unreadable);
  const { env, identity, uid, home } = options;
  const warnings = [
    ...unreadable.map(formatProblem),
    ...writable,
    ...aws.warnings,
    ...plainEndpointWarnings(env, aws.profiles.values(), services),
  ];
  const resolvePath = (file: string): string => resolve(dirname(path), expandHome(file, home));
  const readPolicy = policyReader(resolvePath, uid);
  const loginCache = resolve(expandHome(env["AWS_LOGIN_CACHE_DIRECTORY"] || "~/.aws/login/cache", home));
  try {
    return buildConfig({
      parsed,
      aws: { ...aws, warnings },
      identity,
      readPolicy,
      resolvePath,
      loginTokenFile: (loginSession) => loginTokenFile(loginSession, loginCache),
      socketPath: options.socketPath,
    });
  } catch (error) {
    // A profile that seems missing may stand in the file that couldn't be read.
    throw error instanceof ConfigError ? new ConfigError([...unreadable, ...error.problems]) : error;
  }
}

/** The path of config.toml: `ROLE_AGENT_CONFIG`, else in `XDG_CONFIG_HOME`, else in `~/.config`. */
export function configPath(env: NodeJS.ProcessEnv, home: string): string {
  const { ROLE_AGENT_CONFIG: named, XDG_CONFIG_HOME: xdg, APPDATA: appData } = env;
  if (named) return named;
  const windows = process.platform === "win32" ? appData : undefined;
  // The XDG specification has relative paths ignored.
  const base = windows ?? (xdg && isAbsolute(xdg) ? xdg : join(home, ".config"));
  return join(base, "role-agent", "config.toml");
}

function readConfig(path: string, uid: number, isNamed: boolean): string {
  try {
    return readTrustedFile(path, mostConfigBytes, uid).toString("utf8");
  } catch (error) {
    if (error instanceof FileError && error.isMissing && !isNamed) return "";
    throw new ConfigError([fileProblem(path, error)]);
  }
}

/**
 * The profiles, why a file that is there can't be read, and warnings of those that others may write to. A missing file is
 * an empty one, as in every SDK.
 */
function loadProfiles({ env, home, uid }: LoadOptions): {
  aws: AwsProfiles;
  services: ServiceEndpoint[];
  unreadable: ConfigProblem[];
  writable: string[];
} {
  const files: AwsFile[] = [];
  const unreadable: ConfigProblem[] = [];
  const writable: string[] = [];
  for (const kind of ["config", "credentials"] as const) {
    const path = awsFilePath(kind, env, home);
    try {
      const { bytes, warning } = readSharedFile(path, mostAwsBytes, uid);
      files.push({ kind, path: printable(path), bytes });
      if (warning !== undefined) writable.push(`${printable(path)}: ${warning}`);
    } catch (error) {
      if (!(error instanceof FileError && error.isMissing)) unreadable.push(fileProblem(path, error));
    }
  }
  try {
    const configs = files.filter(({ kind }) => kind === "config");
    const services = configs.flatMap(({ bytes }) => serviceEndpoints(bytes));
    return { aws: parseAwsProfiles(files), services, unreadable, writable };
  } finally {
    for (const { bytes } of files) bytes.fill(0);
  }
}

function policyReader(resolvePath: (path: string) => string, uid: number): ReadPolicy {
  return (path) => {
    try {
      const bytes = readTrustedFile(resolvePath(path), mostConfigBytes, uid);
      return { text: bytes.toString("utf8").replace(/^\uFEFF/, "") };
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      return { problem: error.message, ...(error.hint !== undefined && { hint: error.hint }) };
    }
  };
}

/** Other errors are bugs, and are passed on. */
function fileProblem(path: string, error: unknown): ConfigProblem {
  if (!(error instanceof FileError)) throw error;
  const { message, hint } = error;
  return { file: printable(path), message, ...(hint !== undefined && { hint }) };
}
