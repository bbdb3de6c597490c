import { definedIn, type RoleBuilder } from "../role-builder.ts";

/** A console login of the AWS CLI. */
export const loginRole: RoleBuilder = (name, table, { loginTokenFile, resolver }) => {
  const { login_session: loginSession = "", region } = table;
  return {
    name,
    definedIn: definedIn(name),
    type: "login",
    loginSession,
    tokenFile: loginTokenFile(loginSession),
    ...resolver.loginProfile(loginSession),
    ...(region !== undefined && { region }),
  };
};
