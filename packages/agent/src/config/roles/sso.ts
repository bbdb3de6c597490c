import type { SsoSignIn } from "../../core/role.ts";
import { definedIn, type Report, type RoleBuilder, type RoleContext } from "../role-builder.ts";
import type { RoleTable } from "../schema/role-table.ts";

/** IAM Identity Center: `sso_session`, or the older `sso_start_url` and `sso_region`. */
export const ssoRole: RoleBuilder = (name, table, context, report) => {
  const { sso_account_id: accountId = "", sso_role_name: ssoRoleName = "" } = table;
  return {
    type: "sso",
    name,
    definedIn: definedIn(name),
    accountId,
    ssoRoleName,
    ...signInOf(table, context, report),
  };
};

function signInOf(table: RoleTable, { ssoSignIns }: RoleContext, report: Report): SsoSignIn {
  const { sso_session: session, sso_start_url: startUrl = "", sso_region: ssoRegion = "" } = table;
  const inline = ssoSignIns.inline(startUrl, ssoRegion);
  if (session === undefined) {
    if (startUrl === "" || ssoRegion === "") {
      report([], "nothing says where to sign in", "add sso_session, or sso_start_url and sso_region");
    }
    return inline;
  }
  const signIn = ssoSignIns.named(session);
  if (!("problem" in signIn)) return signIn;
  report(["sso_session"], signIn.problem, signIn.hint);
  return inline;
}
