import { RoleAgentError } from "@role-agent/provider/errors";
import { addressText, type ListenAddress } from "./config/endpoint-config.ts";
import type { CredentialSourceName, Role } from "./core/role.ts";

/**
 * Refuses a role whose source credentials would come from the agent itself, which would wait for itself for ever.
 *
 * @param addresses Where the agent serves over TCP.
 * @throws InvalidConfiguration
 */
export function refuseOwnSource(
  role: Role,
  env: NodeJS.ProcessEnv,
  addresses: readonly ListenAddress[],
): void {
  if (!("source" in role) || role.source.type !== "credential-source") return;
  const loop = urlsOf(role.source.from, env)
    .flatMap(([variable, url]) => addresses.map((address) => ({ variable, url, address })))
    .find(({ url, address }) => leadsTo(url, address));
  if (loop === undefined) return;
  const { variable, address } = loop;
  throw new RoleAgentError(
    "InvalidConfiguration",
    `credential_source ${role.source.from}: the agent is its own source: ${variable} leads to its endpoint at ${addressText(address)}`,
    { hint: `start the agent without ${variable}, or give the role another source` },
  );
}

/** Where the AWS SDK may go for a credential source, and by which variable. */
function urlsOf(
  source: CredentialSourceName,
  env: NodeJS.ProcessEnv,
): readonly (readonly [string, string])[] {
  const {
    AWS_CONTAINER_CREDENTIALS_FULL_URI: full,
    AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: relative,
    AWS_EC2_METADATA_SERVICE_ENDPOINT: imds,
  } = env;
  switch (source) {
    case "Environment":
      return [];
    case "EcsContainer":
      return [
        ["AWS_CONTAINER_CREDENTIALS_FULL_URI", full ?? ""],
        ["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", relative ? `http://169.254.170.2${relative}` : ""],
      ];
    case "Ec2InstanceMetadata":
      return [["AWS_EC2_METADATA_SERVICE_ENDPOINT", imds || "http://169.254.169.254"]];
  }
}

function leadsTo(text: string, { host, port }: ListenAddress): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  const isLoopback = host === "127.0.0.1" || host === "::1";
  const isHost =
    url.hostname.replace(/^\[|\]$/g, "") === host || (isLoopback && url.hostname === "localhost");
  return isHost && Number(url.port || (url.protocol === "https:" ? 443 : 80)) === port;
}
