import { loadSharedConfigFiles } from "@smithy/core/config";
import { hideUntrustedFiles } from "./trusted-shared-files.ts";

/** Settings of one profile, its keys in the credentials file first, as in every SDK. */
export type ProfileSettings = Readonly<Record<string, string | undefined>>;

/** What the issuer needs of the AWS shared config files, read anew for each job. */
export interface SharedConfig {
  profile(name: string): ProfileSettings;
  /** `endpoint_url` of a service for a profile: its `services` section's, else the profile's own. */
  endpointUrl(profileName: string, service: string): string | undefined;
}

/**
 * Reads `~/.aws/config` and `~/.aws/credentials`, or the files named in the environment. One that others may write to is
 * as good as empty, here and for what else the SDK reads it for.
 */
export async function sharedConfig(): Promise<SharedConfig> {
  hideUntrustedFiles();
  const { configFile, credentialsFile } = await loadSharedConfigFiles({ ignoreCache: true });
  const profile = (name: string): ProfileSettings => ({ ...configFile[name], ...credentialsFile[name] });
  return {
    profile,
    endpointUrl: (profileName, service) => {
      const { services, endpoint_url: own } = profile(profileName);
      return configFile[`services.${services ?? ""}`]?.[`${service}.endpoint_url`] ?? own;
    },
  };
}
