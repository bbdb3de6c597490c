import { RoleAgentError } from "@role-agent/provider/errors";
import { regionProblem } from "../../../config/limits.ts";
import type { LoginRole } from "../../../core/role.ts";
import { configuredEndpoint } from "../configured-endpoint.ts";
import { sharedConfig } from "../shared-config.ts";

const service = { title: "AWS Sign-In", key: "signin" };

const domains: Readonly<Record<string, string>> = {
  aws: "aws.amazon.com",
  "aws-cn": "amazonaws.cn",
  "aws-us-gov": "amazonaws-us-gov.com",
};

/**
 * Where a login is renewed: `AWS_ENDPOINT_URL_SIGNIN`, `AWS_ENDPOINT_URL`, the profile's `endpoint_url`, else AWS's
 * endpoint of the region that the token names, of the role's own, or of the environment's. Rejects with
 * `InvalidConfiguration`.
 *
 * @see https://docs.aws.amazon.com/general/latest/gr/signin-service.html
 */
export async function signinEndpoint(
  role: LoginRole,
  tokenRegion: string | undefined,
  env: NodeJS.ProcessEnv,
): Promise<URL> {
  const profile = role.endpointProfile ?? (env["AWS_PROFILE"] || "default");
  const configured = await configuredEndpoint(service, profile, env);
  if (configured !== undefined) return configured;
  const partition = role.loginSession.split(":")[1] ?? "";
  const domain = domains[partition];
  const region = tokenRegion ?? role.region ?? (await activeRegion(profile, env));
  if (domain !== undefined && regionProblem(region) === undefined) {
    return new URL(`https://${region}.signin.${domain}`);
  }
  throw new RoleAgentError(
    "InvalidConfiguration",
    `the address of AWS Sign-In is not known for the partition ${JSON.stringify(partition)} and the region ${JSON.stringify(region)}`,
    { hint: "set AWS_ENDPOINT_URL_SIGNIN" },
  );
}

async function activeRegion(profile: string, env: NodeJS.ProcessEnv): Promise<string> {
  const { region } = (await sharedConfig()).profile(profile);
  return env["AWS_REGION"] || env["AWS_DEFAULT_REGION"] || region || "us-east-1";
}
