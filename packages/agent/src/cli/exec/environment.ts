import { devNull } from "node:os";
import type { CredentialsDocument } from "@role-agent/provider";
import { outerVariable } from "./outer-environment.ts";

/** What an SDK would take before, or together with, the credentials that a command is given. */
const competing = [
  "AWS_ACCESS_KEY_ID",
  "AWS_SECRET_ACCESS_KEY",
  "AWS_SESSION_TOKEN",
  "AWS_SECURITY_TOKEN",
  "AWS_CREDENTIAL_EXPIRATION",
  "AWS_CREDENTIAL_SCOPE",
  "AWS_ACCOUNT_ID",
  "AWS_ACCESS_KEY",
  "AWS_SECRET_KEY",
  "AWS_CREDENTIAL_FILE",
  "AMAZON_ACCESS_KEY_ID",
  "AMAZON_SECRET_ACCESS_KEY",
  "AMAZON_SESSION_TOKEN",
  "AWS_PROFILE",
  "AWS_DEFAULT_PROFILE",
  "AWS_WEB_IDENTITY_TOKEN_FILE",
  "AWS_ROLE_ARN",
  "AWS_ROLE_SESSION_NAME",
  "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
  "AWS_CONTAINER_CREDENTIALS_FULL_URI",
  "AWS_CONTAINER_AUTHORIZATION_TOKEN",
  "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
  "AWS_BEARER_TOKEN_BEDROCK",
] as const;

const notThroughProxies = [
  "127.0.0.1",
  "localhost",
  "169.254.169.254",
  "169.254.170.2",
  "169.254.170.23",
] as const;

/** What a command is told of its private endpoint. */
export interface EndpointVariables {
  readonly uri: string;
  readonly token: string;
  /** Replaces the person's AWS config file, where its `[default]` profile would bring credentials. */
  readonly configFile?: string | undefined;
  readonly region: CommandRegion;
}

/** The region of both variables; what the environment says stays where there is none. */
export interface CommandRegion {
  readonly name: string | undefined;
  /** It is the role's, and nobody has chosen it. */
  readonly isRoles: boolean;
}

/** What `fromRoleAgent()` asks for in the command; absent where the command gets less than the role. */
export interface AgentVariables {
  readonly role: string;
  readonly socketPath: string;
}

/**
 * The environment of a command that fetches from an endpoint: every SDK's default chain comes to it, and to nothing
 * before it.
 *
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html
 */
export function endpointEnvironment(
  env: NodeJS.ProcessEnv,
  { uri, token, configFile, region }: EndpointVariables,
  agent: AgentVariables | undefined,
): NodeJS.ProcessEnv {
  const noProxy = withoutProxies(env);
  return {
    ...cleaned(env),
    ...outerVariable(env, region.isRoles ? region.name : undefined),
    ...agentVariables(agent),
    AWS_CONTAINER_CREDENTIALS_FULL_URI: uri,
    AWS_CONTAINER_AUTHORIZATION_TOKEN: token,
    AWS_SHARED_CREDENTIALS_FILE: devNull,
    // The same file by the name that the SDK for Java 1 knows.
    AWS_CREDENTIAL_PROFILES_FILE: devNull,
    // botocore takes the keys of ~/.boto before an endpoint.
    BOTO_CONFIG: devNull,
    ...(configFile !== undefined && { AWS_CONFIG_FILE: configFile }),
    ...regionVariables(region.name),
    NO_PROXY: noProxy,
    no_proxy: noProxy,
  };
}

/** The environment of a command that has its credentials in variables, and never gets others. */
export function staticEnvironment(
  env: NodeJS.ProcessEnv,
  document: CredentialsDocument,
  region: CommandRegion,
  agent: AgentVariables | undefined,
): NodeJS.ProcessEnv {
  return {
    ...cleaned(env),
    ...outerVariable(env, region.isRoles ? region.name : undefined),
    ...agentVariables(agent),
    ...credentialVariables(document, region.name),
  };
}

/** A session as the variables that every SDK reads, the region by both of its names. */
export function credentialVariables(
  document: CredentialsDocument,
  region: string | undefined,
): Record<string, string> {
  return {
    AWS_ACCESS_KEY_ID: document.AccessKeyId,
    AWS_SECRET_ACCESS_KEY: document.SecretAccessKey,
    AWS_SESSION_TOKEN: document.SessionToken,
    AWS_CREDENTIAL_EXPIRATION: document.Expiration,
    ...regionVariables(region),
  };
}

/** Which variables of an environment would keep an SDK from what {@link credentialVariables} sets. */
export function competingVariables(env: NodeJS.ProcessEnv): readonly string[] {
  return competing.filter((name) => env[name] !== undefined);
}

function cleaned(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const rest = { ...env };
  for (const name of competing) delete rest[name];
  return rest;
}

function agentVariables(agent: AgentVariables | undefined): NodeJS.ProcessEnv {
  return { ROLE_AGENT_ROLE: agent?.role, ROLE_AGENT_SOCK: agent?.socketPath };
}

/** The SDK for JavaScript reads the first one only, the AWS CLI and boto3 the second one only. */
function regionVariables(region: string | undefined): Record<string, string> {
  return region === undefined ? {} : { AWS_REGION: region, AWS_DEFAULT_REGION: region };
}

/** Both spellings are in use, and programs disagree on which one goes first. */
function withoutProxies({ NO_PROXY: upper = "", no_proxy: lower = "" }: NodeJS.ProcessEnv): string {
  const hosts = [upper, lower].flatMap((list) => list.split(",")).map((host) => host.trim());
  if (hosts.includes("*")) return "*";
  return [...new Set([...hosts.filter((host) => host !== ""), ...notThroughProxies])].join(",");
}
