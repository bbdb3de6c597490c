import type { Operation } from "../call.ts";
import { accessKeyOperations } from "./access-keys.ts";
import { mfaDeviceListOperations } from "./mfa-device-lists.ts";
import { mfaDeviceOperations } from "./mfa-devices.ts";
import { oidcProviderOperations } from "./oidc-providers.ts";
import { policyOperations } from "./policies.ts";
import { roleOperations } from "./roles.ts";
import { samlProviderOperations } from "./saml-providers.ts";
import { userOperations } from "./users.ts";

export const iamOperations: Readonly<Record<string, Operation>> = {
  ...roleOperations,
  ...userOperations,
  ...policyOperations,
  ...accessKeyOperations,
  ...mfaDeviceOperations,
  ...mfaDeviceListOperations,
  ...samlProviderOperations,
  ...oidcProviderOperations,
};
