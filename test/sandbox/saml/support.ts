import { CreateRoleCommand, CreateSAMLProviderCommand } from "@aws-sdk/client-iam";
import { AssumeRoleWithSAMLCommand, type AssumeRoleWithSAMLCommandOutput } from "@aws-sdk/client-sts";
import {
  createSamlProvider,
  type AssertionOptions,
  type Sandbox,
  type SandboxOptions,
} from "@role-agent/sandbox";
import { HOME, iam, roleArn, sandboxForTest, sts, trust } from "../support.ts";

export const providerArn = `arn:aws:iam::${HOME}:saml-provider/Okta`;
export const federatedArn = roleArn("Federated");

/** One for all tests, since making its key takes long. */
export const identityProvider = createSamlProvider();

/** A sandbox whose role `Federated` trusts the SAML provider `Okta`. */
export interface SamlWorld {
  readonly sandbox: Sandbox;
  /** An assertion for the role, made at the present of the sandbox's clock, but for what the options say. */
  readonly assertion: (options?: Partial<AssertionOptions>) => string;
  readonly assume: (assertion: string, more?: object) => Promise<AssumeRoleWithSAMLCommandOutput>;
}

export async function samlWorld(statement: object = {}, options?: SandboxOptions): Promise<SamlWorld> {
  const sandbox = await sandboxForTest(options);
  const client = iam(sandbox);
  await client.send(
    new CreateSAMLProviderCommand({ Name: "Okta", SAMLMetadataDocument: identityProvider.metadata }),
  );
  await client.send(
    new CreateRoleCommand({
      RoleName: "Federated",
      AssumeRolePolicyDocument: trust(
        { Federated: providerArn },
        { Action: "sts:AssumeRoleWithSAML", ...statement },
      ),
    }),
  );
  const caller = sts(sandbox);
  return {
    sandbox,
    assertion: (more) => {
      const now = sandbox.clock.now();
      return identityProvider.assertion({
        roles: [`${federatedArn},${providerArn}`],
        sessionName: "alice@example.com",
        issuedAt: now,
        notBefore: now,
        notOnOrAfter: now + 300_000,
        ...more,
      });
    },
    assume: (SAMLAssertion, more) =>
      caller.send(
        new AssumeRoleWithSAMLCommand({
          RoleArn: federatedArn,
          PrincipalArn: providerArn,
          SAMLAssertion,
          ...more,
        }),
      ),
  };
}
