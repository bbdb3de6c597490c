import { IAMClient, CreateRoleCommand } from "@aws-sdk/client-iam";
import type { AnywhereProfile, Sandbox, TrustAnchor } from "@role-agent/sandbox";
import { Authority } from "./pki.ts";

/** A CA that the sandbox's first account trusts, a profile, and the role `Server` that it is for. */
export interface Anywhere {
  readonly authority: Authority;
  readonly anchor: TrustAnchor;
  readonly profile: AnywhereProfile;
}

export const serverArn = "arn:aws:iam::111122223333:role/Server";

/** What AWS documents as the least of a trust policy for Roles Anywhere. */
export const anywhereActions: readonly string[] = [
  "sts:AssumeRole",
  "sts:TagSession",
  "sts:SetSourceIdentity",
];

export interface AnywhereOptions {
  readonly actions?: readonly string[];
  readonly condition?: (anchor: TrustAnchor) => object;
  readonly profile?: Partial<AnywhereProfile>;
}

/** Sets the sandbox up for Roles Anywhere, with a new CA whose files are in a directory. */
export async function createAnywhere(
  sandbox: Sandbox,
  directory: string,
  { actions = anywhereActions, condition, profile }: AnywhereOptions = {},
): Promise<Anywhere> {
  const authority = Authority.root(directory, "ca");
  const anchor = sandbox.addTrustAnchor({ pem: authority.pem });
  const iam = new IAMClient({
    region: sandbox.region,
    endpoint: sandbox.url,
    credentials: sandbox.accounts[0],
  });
  const statement = {
    Effect: "Allow",
    Principal: { Service: "rolesanywhere.amazonaws.com" },
    Action: actions,
    ...(condition && { Condition: condition(anchor) }),
  };
  const trust = JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
  await iam.send(new CreateRoleCommand({ RoleName: "Server", AssumeRolePolicyDocument: trust }));
  iam.destroy();
  return { authority, anchor, profile: sandbox.addProfile({ roleArns: [serverArn], ...profile }) };
}
