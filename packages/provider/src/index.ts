export { AgentClient, type AgentClientOptions } from "./client.ts";
export {
  httpStatusOf,
  isErrorCode,
  RoleAgentError,
  type ErrorCode,
  type RoleAgentErrorOptions,
} from "./errors.ts";
export { homeDirectory } from "./home-directory.ts";
export type {
  AgentEvent,
  AgentStatus,
  Confirmation,
  ConfirmationClient,
  ConfirmationEvent,
  CredentialsDocument,
  CredentialsScope,
  EndpointRole,
  EndpointStatus,
  ErrorDocument,
  LastError,
  LockPlan,
  LockStatus,
  RoleEvent,
  RoleEventType,
  RoleList,
  RoleState,
  RoleStatus,
  RoleSummary,
  ScopedBy,
  SessionCacheStatus,
} from "./protocol.ts";
export {
  fromRoleAgent,
  type FromRoleAgentInit,
  type RoleAgentCredentialProvider,
  type RoleAgentCredentials,
  type RoleAgentProviderProperties,
} from "./provider.ts";
export { agentSocketPath, checkSocketPath, maxSocketPathBytes } from "./socket-path.ts";
