import { AwsError } from "../aws-error.ts";
import type { Call, Operation } from "../call.ts";
import { isoSeconds } from "../clock.ts";
import { requestTagKeys } from "../condition-context.ts";
import { readInput } from "../input.ts";
import * as limits from "../limits.ts";
import { isLoopback } from "../oidc/issuer-keys.ts";
import { issuerName } from "../oidc/trusted-issuer.ts";
import type { OidcProvider } from "../state.ts";
import type { XmlObject } from "../xml.ts";
import { authorize } from "./authorize.ts";
import { callersAccount, noSuchEntity } from "./entities.ts";
import { addTags, tagsXml } from "./entity-tags.ts";

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_Operations.html says what each of these does. */
export const oidcProviderOperations: Readonly<Record<string, Operation>> = {
  CreateOpenIDConnectProvider: createProvider,
  GetOpenIDConnectProvider: getProvider,
  ListOpenIDConnectProviders: listProviders,
  DeleteOpenIDConnectProvider: deleteProvider,
};

function createProvider(call: Call): XmlObject {
  const input = readInput(call.request.params, {
    Url: limits.oidcProviderUrl,
    ClientIDList: limits.clientIds,
    ThumbprintList: limits.thumbprints,
    Tags: limits.tags,
  });
  const account = callersAccount(call);
  const name = issuerName(checkedUrl(input.Url));
  const provider: OidcProvider = {
    arn: `arn:aws:iam::${account.id}:oidc-provider/${name}`,
    url: input.Url,
    clientIds: input.ClientIDList,
    thumbprints: input.ThumbprintList,
    createdAt: call.now,
    tags: addTags({}, input.Tags, "OIDCProvider"),
    jwks: undefined,
  };
  authorize(call, "iam:CreateOpenIDConnectProvider", provider.arn, requestTagKeys(input.Tags));
  if (account.oidcProviders[name] !== undefined) {
    throw new AwsError("EntityAlreadyExists", `Provider with url ${input.Url} already exists.`, 409);
  }
  account.oidcProviders[name] = provider;
  return { OpenIDConnectProviderArn: provider.arn, Tags: tagsXml(provider.tags) };
}

function getProvider(call: Call): XmlObject {
  const { arn, provider } = namedProvider(call, "iam:GetOpenIDConnectProvider");
  if (provider === undefined) {
    throw noSuchEntity(`OpenIDConnect Provider not found for arn ${arn}`);
  }
  return {
    Url: issuerName(provider.url),
    ClientIDList: { member: provider.clientIds },
    ThumbprintList: { member: provider.thumbprints },
    CreateDate: isoSeconds(provider.createdAt),
    Tags: tagsXml(provider.tags),
  };
}

function listProviders(call: Call): XmlObject {
  authorize(call, "iam:ListOpenIDConnectProviders", "*");
  const providers = Object.values(callersAccount(call).oidcProviders);
  return { OpenIDConnectProviderList: { member: providers.map(({ arn: Arn }) => ({ Arn })) } };
}

/** Of one that isn't there it is no failure, as AWS documents. */
function deleteProvider(call: Call): undefined {
  const { provider } = namedProvider(call, "iam:DeleteOpenIDConnectProvider");
  if (provider !== undefined) delete callersAccount(call).oidcProviders[issuerName(provider.url)];
}

function namedProvider(call: Call, action: string): { arn: string; provider: OidcProvider | undefined } {
  const { OpenIDConnectProviderArn: arn } = readInput(call.request.params, {
    OpenIDConnectProviderArn: limits.arn,
  });
  authorize(call, action, arn);
  return {
    arn,
    provider: Object.values(callersAccount(call).oidcProviders).find((each) => each.arn === arn),
  };
}

/** An issuer on this machine may be plain HTTP and have a port, which AWS refuses: else nobody could try one. */
function checkedUrl(url: string): string {
  if (isLoopback(url) || /^https:\/\/[^/?#:@\s]+(?:\/[^?#\s]*)?$/.test(url)) return url;
  throw new AwsError("InvalidInput", `${url} is no https:// URL without port, query and fragment.`);
}
