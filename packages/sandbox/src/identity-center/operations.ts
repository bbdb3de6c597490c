import { jsonErrorReply } from "../reply.ts";
import type { RestOperation } from "../rest-operation.ts";
import { authorize } from "./authorize.ts";
import { createToken } from "./create-token.ts";
import { devicePage } from "./device-page.ts";
import { getRoleCredentials } from "./get-role-credentials.ts";
import { listAccountRoles } from "./list-account-roles.ts";
import { listAccounts } from "./list-accounts.ts";
import { logout } from "./logout.ts";
import { oauthErrorReply } from "./oauth-error.ts";
import { registerClient } from "./register-client.ts";
import { startDeviceAuthorization } from "./start-device-authorization.ts";

const oidc = { refuse: oauthErrorReply };
const portal = { refuse: jsonErrorReply };

/** sso-oidc, the pages that a person visits, and the access portal. */
export const identityCenterOperations: readonly RestOperation[] = [
  { ...oidc, name: "RegisterClient", method: "POST", path: "/client/register", handle: registerClient },
  { ...oidc, name: "Authorize", method: "GET", path: "/authorize", handle: authorize },
  { ...oidc, name: "CreateToken", method: "POST", path: "/token", handle: createToken },
  {
    ...oidc,
    name: "StartDeviceAuthorization",
    method: "POST",
    path: "/device_authorization",
    handle: startDeviceAuthorization,
  },
  { ...oidc, name: "ApproveDevice", method: "GET", path: "/device", handle: devicePage },
  {
    ...portal,
    name: "GetRoleCredentials",
    method: "GET",
    path: "/federation/credentials",
    handle: getRoleCredentials,
  },
  { ...portal, name: "ListAccounts", method: "GET", path: "/assignment/accounts", handle: listAccounts },
  {
    ...portal,
    name: "ListAccountRoles",
    method: "GET",
    path: "/assignment/roles",
    handle: listAccountRoles,
  },
  { ...portal, name: "Logout", method: "POST", path: "/logout", handle: logout },
];
