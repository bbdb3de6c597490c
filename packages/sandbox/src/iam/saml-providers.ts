import { AwsError } from "../aws-error.ts";
import type { Call, Operation } from "../call.ts";
import { isoSeconds } from "../clock.ts";
import { readInput } from "../input.ts";
import * as limits from "../limits.ts";
import { readMetadata } from "../saml/metadata.ts";
import type { SamlProvider } from "../state.ts";
import type { XmlObject } from "../xml.ts";
import { authorize } from "./authorize.ts";
import { callersAccount, noSuchEntity } from "./entities.ts";

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_Operations.html says what each of these does. */
export const samlProviderOperations: Readonly<Record<string, Operation>> = {
  CreateSAMLProvider: createSamlProvider,
  GetSAMLProvider: getSamlProvider,
  ListSAMLProviders: listSamlProviders,
  DeleteSAMLProvider: deleteSamlProvider,
};

function createSamlProvider(call: Call): XmlObject {
  const { Name, SAMLMetadataDocument } = readInput(call.request.params, {
    Name: limits.samlProviderName,
    SAMLMetadataDocument: limits.samlMetadata,
  });
  const account = callersAccount(call);
  const arn = `arn:aws:iam::${account.id}:saml-provider/${Name}`;
  authorize(call, "iam:CreateSAMLProvider", arn);
  if (account.samlProviders[arn] !== undefined) {
    throw new AwsError("EntityAlreadyExists", `Provider with name ${Name} already exists.`, 409);
  }
  readMetadata(SAMLMetadataDocument);
  account.samlProviders[arn] = { arn, createdAt: call.now, metadata: SAMLMetadataDocument };
  return { SAMLProviderArn: arn };
}

function getSamlProvider(call: Call): XmlObject {
  const { createdAt, metadata } = authorizedProvider(call, "iam:GetSAMLProvider");
  return { SAMLMetadataDocument: metadata, CreateDate: isoSeconds(createdAt) };
}

function listSamlProviders(call: Call): XmlObject {
  const account = callersAccount(call);
  authorize(call, "iam:ListSAMLProviders", `arn:aws:iam::${account.id}:saml-provider/*`);
  const member = Object.values(account.samlProviders).map(({ arn, createdAt }) => ({
    Arn: arn,
    CreateDate: isoSeconds(createdAt),
  }));
  return { SAMLProviderList: { member } };
}

function deleteSamlProvider(call: Call): undefined {
  const { arn } = authorizedProvider(call, "iam:DeleteSAMLProvider");
  delete callersAccount(call).samlProviders[arn];
}

function authorizedProvider(call: Call, action: string): SamlProvider {
  const { SAMLProviderArn } = readInput(call.request.params, { SAMLProviderArn: limits.arn });
  authorize(call, action, SAMLProviderArn);
  const provider = callersAccount(call).samlProviders[SAMLProviderArn];
  if (provider === undefined) throw noSuchEntity(`Manifest not found for arn ${SAMLProviderArn}`);
  return provider;
}
