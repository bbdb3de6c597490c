import {
  fromContainerMetadata,
  fromEnv,
  fromHttp,
  fromIni,
  fromInstanceMetadata,
} from "@aws-sdk/credential-providers";
import { RoleAgentError } from "@role-agent/provider/errors";
import type { CredentialSourceName, Source } from "../../core/role.ts";
import type { RoleSession } from "../../core/session.ts";
import { outboundHandler } from "./outbound.ts";
import { sharedConfig } from "./shared-config.ts";

/** Credentials as the SDK passes them around. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly expiration?: Date;
  readonly accountId?: string;
}

/** The credentials a role is assumed with. */
export async function sourceCredentials(
  source: Source,
  parent: RoleSession | undefined,
): Promise<Credentials> {
  switch (source.type) {
    case "role":
      if (parent !== undefined) return parent;
      throw new RoleAgentError("SourceUnavailable", `the session of role ${source.role} was not handed over`);
    case "profile":
      return profileCredentials(source.profile);
    case "credential-source":
      return fromCredentialSource(source.from);
  }
}

/** Credentials of a profile: its static keys if it has any, as the AWS CLI resolves a source profile. */
export async function profileCredentials(name: string): Promise<Credentials> {
  const profile = (await sharedConfig()).profile(name);
  const { aws_access_key_id: accessKeyId, aws_secret_access_key: secretAccessKey } = profile;
  const { aws_session_token: sessionToken, aws_account_id: accountId } = profile;
  if (accessKeyId !== undefined && secretAccessKey !== undefined) {
    return {
      accessKeyId,
      secretAccessKey,
      ...(sessionToken === undefined ? {} : { sessionToken }),
      ...(accountId === undefined ? {} : { accountId }),
    };
  }
  return fromIni({ profile: name, ignoreCache: true, clientConfig: { requestHandler: outboundHandler() } })();
}

async function fromCredentialSource(name: CredentialSourceName): Promise<Credentials> {
  switch (name) {
    case "Environment":
      return fromEnv()();
    case "EcsContainer":
      return isHttpContainer() ? fromHttp()() : fromContainerMetadata()();
    case "Ec2InstanceMetadata":
      return fromInstanceMetadata()();
  }
}

function isHttpContainer(): boolean {
  return (process.env["AWS_CONTAINER_CREDENTIALS_FULL_URI"] ?? "") !== "";
}
