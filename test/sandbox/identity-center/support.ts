import { SSOClient } from "@aws-sdk/client-sso";
import {
  CreateTokenCommand,
  RegisterClientCommand,
  SSOOIDCClient,
  StartDeviceAuthorizationCommand,
  type CreateTokenCommandInput,
  type CreateTokenCommandOutput,
  type RegisterClientCommandInput,
  type StartDeviceAuthorizationCommandOutput,
} from "@aws-sdk/client-sso-oidc";
import type { Sandbox } from "@role-agent/sandbox";
import { onTestFinished } from "vitest";

export const deviceCodeGrant = "urn:ietf:params:oauth:grant-type:device_code";
export const redirectUri = "http://127.0.0.1:4711/oauth/callback";

/** The example of https://www.rfc-editor.org/rfc/rfc7636#appendix-B */
export const codeVerifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const codeChallenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/** How a client proves itself. */
export interface RegisteredClient {
  clientId: string;
  clientSecret: string;
}

export function oidc(sandbox: Sandbox): SSOOIDCClient {
  const client = new SSOOIDCClient({ endpoint: sandbox.url, region: sandbox.region, maxAttempts: 1 });
  onTestFinished(() => client.destroy());
  return client;
}

export function portal(sandbox: Sandbox): SSOClient {
  const client = new SSOClient({ endpoint: sandbox.url, region: sandbox.region, maxAttempts: 1 });
  onTestFinished(() => client.destroy());
  return client;
}

/** A client as the AWS CLI registers itself for a sign-in in the browser, but for `changes`. */
export async function register(
  sandbox: Sandbox,
  changes: Partial<RegisterClientCommandInput> = {},
): Promise<RegisteredClient> {
  const { clientId = "", clientSecret = "" } = await oidc(sandbox).send(
    new RegisterClientCommand({
      clientName: "botocore-client-sandbox",
      clientType: "public",
      scopes: ["sso:account:access"],
      grantTypes: ["authorization_code", "refresh_token"],
      redirectUris: ["http://127.0.0.1/oauth/callback"],
      issuerUrl: sandbox.state.identityCenter.startUrl,
      ...changes,
    }),
  );
  return { clientId, clientSecret };
}

/** A client as the AWS CLI registers itself for a sign-in on another device; without scopes it is the older kind. */
export async function registerDevice(
  sandbox: Sandbox,
  scopes: string[] | undefined = ["sso:account:access"],
): Promise<RegisteredClient> {
  return register(sandbox, {
    scopes,
    grantTypes: undefined,
    redirectUris: undefined,
    issuerUrl: undefined,
  });
}

/** Visits the page of the authorization code flow, with `changes` to a good question; undefined leaves a parameter out. */
export async function visitAuthorize(
  sandbox: Sandbox,
  { clientId }: RegisteredClient,
  changes: Record<string, string | undefined> = {},
): Promise<Response> {
  const question: Record<string, string | undefined> = {
    response_type: "code",
    client_id: clientId,
    redirect_uri: redirectUri,
    state: "xyz",
    code_challenge_method: "S256",
    code_challenge: codeChallenge,
    scopes: "sso:account:access",
    ...changes,
  };
  const url = new URL("/authorize", sandbox.url);
  for (const [name, value] of Object.entries(question)) {
    if (value !== undefined) url.searchParams.set(name, value);
  }
  return fetch(url, { redirect: "manual" });
}

/** The parameters of the redirect, back to the client. */
export function redirected(response: Response): Record<string, string> {
  const { origin, pathname, searchParams } = new URL(response.headers.get("location") ?? "");
  if (origin + pathname !== redirectUri) throw new Error(`redirected to ${origin}${pathname}`);
  return Object.fromEntries(searchParams);
}

/** An authorization code of a fresh sign-in. */
export async function signInForCode(sandbox: Sandbox, client: RegisteredClient): Promise<string> {
  const { code } = redirected(await visitAuthorize(sandbox, client));
  if (code === undefined) throw new Error("no code");
  return code;
}

export async function createToken(
  sandbox: Sandbox,
  input: CreateTokenCommandInput,
): Promise<CreateTokenCommandOutput> {
  return oidc(sandbox).send(new CreateTokenCommand(input));
}

export async function exchangeCode(
  sandbox: Sandbox,
  client: RegisteredClient,
  changes: Partial<CreateTokenCommandInput>,
): Promise<CreateTokenCommandOutput> {
  const grantType = "authorization_code";
  return createToken(sandbox, { ...client, grantType, redirectUri, codeVerifier, ...changes });
}

export async function refresh(
  sandbox: Sandbox,
  client: RegisteredClient,
  refreshToken: string | undefined,
): Promise<CreateTokenCommandOutput> {
  return createToken(sandbox, { ...client, grantType: "refresh_token", refreshToken });
}

export async function startDevice(
  sandbox: Sandbox,
  client: RegisteredClient,
): Promise<StartDeviceAuthorizationCommandOutput> {
  const { startUrl } = sandbox.state.identityCenter;
  return oidc(sandbox).send(new StartDeviceAuthorizationCommand({ ...client, startUrl }));
}

export async function poll(
  sandbox: Sandbox,
  client: RegisteredClient,
  deviceCode: string | undefined,
): Promise<CreateTokenCommandOutput> {
  return createToken(sandbox, { ...client, grantType: deviceCodeGrant, deviceCode });
}

/** A client and its tokens, after a sign-in in the browser. */
export async function signedIn(
  sandbox: Sandbox,
): Promise<{ client: RegisteredClient; accessToken: string; refreshToken: string }> {
  const client = await register(sandbox);
  const code = await signInForCode(sandbox, client);
  const { accessToken = "", refreshToken = "" } = await exchangeCode(sandbox, client, { code });
  return { client, accessToken, refreshToken };
}
