import { AgentClient } from "./client.ts";
import { RoleAgentError } from "./errors.ts";
import type { CredentialsDocument } from "./protocol.ts";
import { roleSessions } from "./role-sessions.ts";
import type { SessionCache } from "./session-cache.ts";
import { SharedCaches } from "./shared-caches.ts";
import { agentSocketPath } from "./socket-path.ts";

/** Settings of {@link fromRoleAgent}; each has a default. */
export interface FromRoleAgentInit {
  /** Name of the role to ask for; `ROLE_AGENT_ROLE` where absent. */
  readonly role?: string | undefined;
  /**
   * An IAM policy, as an object or as its JSON text: the credentials may do what both the role and the policy allow.
   * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_GetScopedCredentials.html
   */
  readonly policy?: object | string | undefined;
  /** Path of the agent socket; `ROLE_AGENT_SOCK` or the default place where absent. */
  readonly socketPath?: string | undefined;
  /** Longest time for one request to the agent in milliseconds; 15,000 where absent. */
  readonly timeoutMs?: number | undefined;
  /** Gets a line for every request to the agent that failed. */
  readonly logger?: { readonly warn: (...content: unknown[]) => void } | undefined;
}

/** Credentials in the shape of the AWS SDK for JavaScript v3 (`AwsCredentialIdentity`). */
export interface RoleAgentCredentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken: string;
  expiration: Date;
  accountId?: string;
}

/** What the SDK hands to a credential provider; only `forceRefresh` means something to this one. */
export interface RoleAgentProviderProperties {
  readonly forceRefresh?: boolean;
  readonly callerClientConfig?: unknown;
}

/** A provider for the `credentials` setting of any client of the AWS SDK for JavaScript v3. */
export type RoleAgentCredentialProvider = (
  properties?: RoleAgentProviderProperties,
) => Promise<RoleAgentCredentials>;

/** Providers of one process that ask for the same role and policy share one copy and one request at a time. */
const caches = new SharedCaches();

/**
 * Credentials of a role of the running role-agent, for the AWS SDK for JavaScript v3.
 *
 * The returned provider may be called as often as one likes: it answers from its own copy, or with one request on
 * the agent socket, at most one at a time. `forceRefresh` skips the copy. When the agent can't be reached, takes longer
 * than half a second, or has nothing until a person acts, it returns the last good credentials while they are valid;
 * without any, it waits up to 3 s for an agent that is restarting.
 *
 * It rejects with a {@link RoleAgentError}: with the agent's code, or `AgentUnreachable`. `tryNextLink` is true only
 * where no agent is there, so a chain goes on to its next source then and never because AWS refused.
 *
 * @example
 * ```ts
 * const s3 = new S3Client({ credentials: fromRoleAgent({ role: "deploy" }) });
 * ```
 * @example Only reads, whatever the role may do
 * ```ts
 * const policy = {
 *   Version: "2012-10-17",
 *   Statement: { Effect: "Allow", Action: "s3:GetObject", Resource: "*" },
 * };
 * const s3 = new S3Client({ credentials: fromRoleAgent({ role: "deploy", policy }) });
 * ```
 * @see https://docs.aws.amazon.com/sdk-for-javascript/v3/developer-guide/setting-credentials-node.html
 */
export function fromRoleAgent(init: FromRoleAgentInit = {}): RoleAgentCredentialProvider {
  let cache: (() => SessionCache) | undefined;
  return async (properties = {}) => {
    cache ??= cacheFor(init);
    try {
      return toIdentity(await cache().get(properties.forceRefresh ?? false));
    } catch (error) {
      init.logger?.warn(error instanceof Error ? `role-agent: ${error.message}` : error);
      throw error;
    }
  };
}

function cacheFor(init: FromRoleAgentInit): () => SessionCache {
  const role = init.role ?? process.env["ROLE_AGENT_ROLE"];
  if (role === undefined || role === "") {
    throw new RoleAgentError("InvalidConfiguration", "no role is named", {
      hint: 'call fromRoleAgent({ role: "…" }) or set ROLE_AGENT_ROLE',
    });
  }
  const socketPath = init.socketPath ?? agentSocketPath();
  const client = new AgentClient({ socketPath, timeoutMs: init.timeoutMs });
  const policy = typeof init.policy === "object" ? JSON.stringify(init.policy) : init.policy;
  const key = JSON.stringify([socketPath, role, init.timeoutMs, policy]);
  const scope = policy === undefined ? undefined : { policy };
  return () => caches.get(key, () => roleSessions(client, role, scope));
}

/** A new plain object each time: the SDK writes into what it gets. */
function toIdentity(document: CredentialsDocument): RoleAgentCredentials {
  return {
    accessKeyId: document.AccessKeyId,
    secretAccessKey: document.SecretAccessKey,
    sessionToken: document.SessionToken,
    expiration: new Date(document.Expiration),
    ...(document.AccountId === undefined ? {} : { accountId: document.AccountId }),
  };
}
