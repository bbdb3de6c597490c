import { CreateOpenIDConnectProviderCommand, CreateRoleCommand } from "@aws-sdk/client-iam";
import {
  AssumeRoleWithWebIdentityCommand,
  STSClient,
  type AssumeRoleWithWebIdentityCommandInput,
  type AssumeRoleWithWebIdentityCommandOutput,
} from "@aws-sdk/client-sts";
import { createOidcIssuer, type OidcIssuer, type OidcIssuerOptions, type Sandbox } from "@role-agent/sandbox";
import { onTestFinished } from "vitest";
import { HOME, iam, roleArn } from "../support.ts";

export const AUDIENCE = "sts.amazonaws.com";
export const SUBJECT = "repo:octo-org/octo-repo:ref:refs/heads/main";

/** Trusts whatever an issuer says of `sub`, for the audience of AWS; `conditions` are more. */
export function trustIssuer(federated: string, conditions?: object): string {
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { Federated: federated },
        Action: "sts:AssumeRoleWithWebIdentity",
        ...(conditions && { Condition: conditions }),
      },
    ],
  });
}

/** Registers an issuer as the first account's OIDC provider, whose keys the sandbox knows; answers its ARN. */
export async function registerIssuer(
  sandbox: Sandbox,
  issuer: Pick<OidcIssuer, "url" | "jwks">,
  clientIds: string[] = [AUDIENCE],
): Promise<string> {
  const command = new CreateOpenIDConnectProviderCommand({ Url: issuer.url, ClientIDList: clientIds });
  const { OpenIDConnectProviderArn: arn = "" } = await iam(sandbox).send(command);
  const provider = sandbox.state.accounts[HOME]?.oidcProviders[issuer.url.replace(/^https?:\/\//, "")];
  if (provider === undefined) throw new Error(`no provider ${issuer.url}`);
  provider.jwks = issuer.jwks;
  return arn;
}

/** A role `Ci` that trusts a new issuer with these conditions. */
export async function ciRole(
  sandbox: Sandbox,
  conditions?: object,
  options?: OidcIssuerOptions,
): Promise<OidcIssuer> {
  const issuer = await createOidcIssuer({
    algorithm: "ES256",
    now: () => sandbox.clock.now(),
    ...options,
  });
  const AssumeRolePolicyDocument = trustIssuer(await registerIssuer(sandbox, issuer), conditions);
  await iam(sandbox).send(new CreateRoleCommand({ RoleName: "Ci", AssumeRolePolicyDocument }));
  return issuer;
}

/** Assumes `Ci` with a token, without credentials. */
export function assumeWithToken(
  sandbox: Sandbox,
  token: string,
  more: Partial<AssumeRoleWithWebIdentityCommandInput> = {},
): Promise<AssumeRoleWithWebIdentityCommandOutput> {
  const client = new STSClient({ endpoint: sandbox.url, region: sandbox.region, maxAttempts: 1 });
  onTestFinished(() => client.destroy());
  return client.send(
    new AssumeRoleWithWebIdentityCommand({
      RoleArn: roleArn("Ci"),
      RoleSessionName: "build-1",
      WebIdentityToken: token,
      ...more,
    }),
  );
}
