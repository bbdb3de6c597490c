import { RoleAgentError } from "@role-agent/provider/errors";
import { configuredEndpoint } from "../configured-endpoint.ts";

const service = { title: "Roles Anywhere", key: "rolesanywhere" };

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
  const configured = await configuredEndpoint(service, env["AWS_PROFILE"] || "default", env);
  if (configured !== undefined) return configured;
  const partition = trustAnchorArn.split(":")[1] ?? "";
  const domain = domains[partition];
  if (domain !== undefined) return new URL(`https://rolesanywhere.${region}.${domain}`);
  throw new RoleAgentError(
    "InvalidConfiguration",
    `the address of Roles Anywhere in the partition ${partition} is not known`,
    { hint: "set AWS_ENDPOINT_URL_ROLESANYWHERE" },
  );
}
