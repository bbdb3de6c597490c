import { Secret } from "../core/secret.ts";

/** Secrets of an environment by their variables. */
export type EnvironmentSecrets = ReadonlyMap<string, Secret>;

const names: ReadonlySet<string> = new Set([
  "AWS_SECRET_ACCESS_KEY",
  "AWS_SESSION_TOKEN",
  "AWS_SECURITY_TOKEN",
  "AWS_CONTAINER_AUTHORIZATION_TOKEN",
  "AWS_BEARER_TOKEN_BEDROCK",
]);
const proxy = /^(https?|all)_proxy$/i;

/**
 * Takes the secrets out of an environment: only the issuer needs them, and nothing else that this process starts or
 * prints is to have them. What the system has noted of the environment at the start of the process stays as it is.
 */
export function takeSecrets(env: NodeJS.ProcessEnv): EnvironmentSecrets {
  const secrets = new Map<string, Secret>();
  for (const [name, text = ""] of Object.entries(env)) {
    if (!names.has(name) && !(proxy.test(name) && text.includes("@"))) continue;
    secrets.set(name, new Secret(text));
    delete env[name];
  }
  return secrets;
}

/** The variables with their texts, for a process that needs them. */
export function revealSecrets(secrets: EnvironmentSecrets): Record<string, string> {
  return Object.fromEntries([...secrets].map(([name, secret]) => [name, secret.reveal()]));
}
