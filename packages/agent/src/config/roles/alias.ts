import { checkProfile, definedIn, type RoleBuilder } from "../role-builder.ts";

/** `profile = "NAME"`: the role is that AWS profile. */
export const aliasRole: RoleBuilder = (name, { profile = "" }, context, report) => {
  checkProfile(profile, "profile", context, report);
  const target = context.profiles.get(profile) ?? {
    name: profile,
    hasStaticKeys: false,
    hasKeysInCredentials: false,
    settings: {},
  };
  return { ...context.resolver.role(target, name), definedIn: definedIn(name) };
};
