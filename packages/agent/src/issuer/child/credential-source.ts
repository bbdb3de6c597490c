import {
  fromContainerMetadata,
  fromEnv,
  fromHttp,
  fromInstanceMetadata,
} from "@aws-sdk/credential-providers";
import { RoleAgentError } from "@role-agent/provider/errors";
import { printable } from "../../core/printable.ts";
import type { CredentialSourceName } from "../../core/role.ts";
import type { Credentials } from "./source-credentials.ts";

const fullUri = "AWS_CONTAINER_CREDENTIALS_FULL_URI";
const relativeUri = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI";

/**
 * What the surroundings of the agent give it: `InvalidConfiguration` where they are not there, `SourceUnavailable` where
 * they don't answer right now.
 *
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-assume-role-credentials.html
 */
export async function fromCredentialSource(
  name: CredentialSourceName,
  env: NodeJS.ProcessEnv,
): Promise<Credentials> {
  switch (name) {
    case "Environment":
      if (!env["AWS_ACCESS_KEY_ID"] || !env["AWS_SECRET_ACCESS_KEY"]) {
        throw missing("Environment", "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY");
      }
      return fromEnv()();
    case "EcsContainer":
      if (env[fullUri]) return fetched("the container's credentials", fromHttp());
      if (env[relativeUri]) return fetched("the container's credentials", fromContainerMetadata());
      throw missing("EcsContainer", `in a container of ECS or EKS ${relativeUri} or ${fullUri} is set`);
    case "Ec2InstanceMetadata":
      return fetched("the instance's credentials", fromInstanceMetadata());
  }
}

function missing(source: CredentialSourceName, hint: string): RoleAgentError {
  const message = `credential_source ${source}: the agent was started without it`;
  return new RoleAgentError("InvalidConfiguration", message, { hint });
}

/** A service that is not reached, or that says no while its token is being replaced, may be there in a moment. */
async function fetched(what: string, fetch: () => Promise<Credentials>): Promise<Credentials> {
  try {
    return await fetch();
  } catch (error) {
    const why = error instanceof Error ? `: ${printable(error.message).slice(0, 200)}` : "";
    throw new RoleAgentError("SourceUnavailable", `${what} could not be fetched${why}`, { cause: error });
  }
}
