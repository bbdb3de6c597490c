import type { AwsProfile } from "./aws-profiles.ts";
import { printable } from "../core/printable.ts";

const variable = /^AWS_ENDPOINT_URL(_[A-Z0-9_]+)?$/;
const loopback = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** A warning for each endpoint of the environment or of a profile that AWS's answers would come from unencrypted. */
export function plainEndpointWarnings(env: NodeJS.ProcessEnv, profiles: Iterable<AwsProfile>): string[] {
  const inEnvironment = Object.entries(env).filter(([name]) => variable.test(name));
  const inProfiles = [...profiles].map(({ name, settings }): [string, string | undefined] => [
    `endpoint_url of profile ${printable(name)}`,
    settings.endpoint_url,
  ]);
  return [...inEnvironment, ...inProfiles]
    .filter(([, url]) => isPlain(url))
    .map(([where]) => `${where} is http to another machine: credentials cross the network unencrypted`);
}

function isPlain(url: string | undefined): boolean {
  if (url === undefined || !URL.canParse(url)) return false;
  const { protocol, hostname } = new URL(url);
  return protocol === "http:" && !loopback.test(hostname);
}
