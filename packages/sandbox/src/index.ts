export { main as sandboxCommand } from "./command.ts";
export { startSandbox, type Sandbox, type SandboxOptions } from "./sandbox.ts";
export { awsConfigFile, conflictingVariables, type SandboxAddress } from "./environment.ts";
export {
  createSamlProvider,
  type AssertionOptions,
  type SamlIdentityProvider,
  type SamlProviderOptions,
} from "./saml/create-saml-provider.ts";
export { createOidcIssuer, type OidcIssuer, type OidcIssuerOptions } from "./oidc/issuer.ts";
export type { LoginDocument } from "./signin/sign-in.ts";
export { SandboxClock } from "./clock.ts";
export type { CallLog, LoggedCall } from "./call-log.ts";
export type { Fault } from "./faults.ts";
export type {
  AccessToken,
  Assignment,
  DeviceAuthorization,
  IdentityCenter,
  SignIn,
  SsoAuthorizationCode,
  SsoClient,
} from "./identity-center/instance.ts";
export type { ManagedPolicy } from "./managed-policies.ts";
export type {
  AccessKey,
  Account,
  AdministratorKeys,
  AnywhereProfile,
  AuthorizationCode,
  Login,
  OidcProvider,
  PolicyHolder,
  Role,
  RoleSession,
  SamlProvider,
  SandboxState,
  Session,
  TrustAnchor,
  User,
  UserSession,
  VirtualMfaDevice,
} from "./state.ts";
export type { AnywhereProfileOptions, TrustAnchorOptions } from "./rolesanywhere/resources.ts";
export type { Tags } from "./tags.ts";
