import { RoleAgentError } from "@role-agent/provider/errors";
import { sharedConfig } from "../shared-config.ts";

const domains: Readonly<Record<string, string>> = {
  aws: "amazonaws.com",
  "aws-us-gov": "amazonaws.com",
  "aws-cn": "amazonaws.com.cn",
  "aws-iso": "c2s.ic.gov",
  "aws-iso-b": "sc2s.sgov.gov",
  "aws-iso-e": "cloud.adc-e.uk",
  "aws-iso-f": "csp.hci.ic.gov",
};

/**
 * Where Roles Anywhere is: `AWS_ENDPOINT_URL_ROLESANYWHERE`, `AWS_ENDPOINT_URL`, the active profile's `endpoint_url`,
 * else AWS's regional one. Rejects with `InvalidConfiguration`.
 *
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
 * @see https://docs.aws.amazon.com/general/latest/gr/rolesanywhere.html
 */
export async function rolesAnywhereEndpoint(
  trustAnchorArn: string,
  region: string,
  env: NodeJS.ProcessEnv,
): Promise<URL> {
  const configured = await configuredEndpoint(env);
  if (configured !== undefined) return parseEndpoint(configured);
  const partition = trustAnchorArn.split(":")[1] ?? "";
  const domain = domains[partition];
  if (domain !== undefined) return new URL(`https://rolesanywhere.${region}.${domain}`);
  throw new RoleAgentError(
    "InvalidConfiguration",
    `the address of Roles Anywhere in the partition ${partition} is not known`,
    { hint: "set AWS_ENDPOINT_URL_ROLESANYWHERE" },
  );
}

async function configuredEndpoint(env: NodeJS.ProcessEnv): Promise<string | undefined> {
  if (env["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"]?.toLowerCase() === "true") return undefined;
  const fromEnvironment = env["AWS_ENDPOINT_URL_ROLESANYWHERE"] || env["AWS_ENDPOINT_URL"];
  if (fromEnvironment) return fromEnvironment;
  return (await sharedConfig()).endpointUrl(env["AWS_PROFILE"] || "default", "rolesanywhere");
}

function parseEndpoint(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url !== undefined && /^https?:$/.test(url.protocol)) return url;
  throw new RoleAgentError("InvalidConfiguration", "the configured endpoint of Roles Anywhere is no URL", {
    hint: "check AWS_ENDPOINT_URL_ROLESANYWHERE, AWS_ENDPOINT_URL and endpoint_url",
  });
}
