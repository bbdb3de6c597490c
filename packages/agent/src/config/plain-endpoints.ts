import type { AwsProfile } from "./aws-profiles.ts";
import type { ServiceEndpoint } from "./service-endpoints.ts";
import { printable } from "../core/printable.ts";

const variable = /^AWS_ENDPOINT_URL(_[A-Z0-9_]+)?$/;
const loopback = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** A warning for each endpoint of the environment or the AWS config that AWS's answers would come from unencrypted. */
export function plainEndpointWarnings(
  env: NodeJS.ProcessEnv,
  profiles: Iterable<AwsProfile>,
  services: readonly ServiceEndpoint[],
): string[] {
  const inEnvironment = Object.entries(env).filter(([name]) => variable.test(name));
  const inProfiles = [...profiles].map(({ name, settings }): [string, string | undefined] => [
    `endpoint_url of profile ${printable(name)}`,
    settings.endpoint_url,
  ]);
  const inServices = services.map(({ services: name, url }): [string, string] => [
    `endpoint_url in [services ${printable(name)}]`,
    url,
  ]);
  return [...inEnvironment, ...inProfiles, ...inServices]
    .filter(([, url]) => isPlain(url))
    .map(([where]) => `${where} is http to another machine: credentials cross the network unencrypted`);
}

function isPlain(url: string | undefined): boolean {
  if (url === undefined || !URL.canParse(url)) return false;
  const { protocol, hostname } = new URL(url);
  return protocol === "http:" && !loopback.test(hostname);
}
