import { allClients } from "../support/all-clients.ts";
import type { SdkClient } from "../support/sdk-client.ts";

/** Of Ruby's SDK, Debian's version finds IMDS at AWS's own address alone: elsewhere it takes no port. */
const findImdsOnlyThere: ReadonlySet<string> = new Set(["AWS SDK for Ruby"]);

/** The SDKs that find a role by themselves, where AWS has it: by their default chain, without any configuration. */
export const namespaceClients: readonly SdkClient[] = allClients.filter(
  ({ sdk, shapes }) =>
    sdk !== "curl" &&
    (findImdsOnlyThere.has(sdk) || (shapes.includes("imds") && shapes.includes("container"))),
);
