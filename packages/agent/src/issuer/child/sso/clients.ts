import { SSOClient } from "@aws-sdk/client-sso";
import { SSOOIDCClient } from "@aws-sdk/client-sso-oidc";
import type { SsoRole } from "../../../core/role.ts";
import { clientSettings } from "../client-settings.ts";
import type { ObservedHandler } from "../observed-handler.ts";
import { sharedConfig } from "../shared-config.ts";

/** Where the services of an Identity Center are. */
export type SsoPlace = Pick<SsoRole, "ssoRegion" | "endpointProfile">;

/** A client for one job, and what its newest call showed. */
export interface Observed<Client> {
  readonly client: Client;
  readonly seen: ObservedHandler;
}

/** A client of the access portal, whose calls carry a token instead of a signature. */
export async function portalClient(place: SsoPlace): Promise<Observed<SSOClient>> {
  const settings = clientSettings("sso", profileOf(place), await sharedConfig());
  return { client: new SSOClient({ region: place.ssoRegion, ...settings }), seen: settings.requestHandler };
}

/** A client of what issues the tokens. */
export async function oidcClient(place: SsoPlace): Promise<Observed<SSOOIDCClient>> {
  const settings = clientSettings("sso_oidc", profileOf(place), await sharedConfig());
  return {
    client: new SSOOIDCClient({ region: place.ssoRegion, ...settings }),
    seen: settings.requestHandler,
  };
}

function profileOf({ endpointProfile }: SsoPlace): string {
  return endpointProfile || process.env["AWS_PROFILE"] || "default";
}
