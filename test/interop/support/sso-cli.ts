import { createHash } from "node:crypto";
import { appendFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { createWorld, type World } from "../../support/world.ts";
import { run } from "./run.ts";

interface Client {
  readonly clientId: string;
  readonly clientSecret: string;
}

interface Tokens {
  readonly accessToken: string;
  readonly refreshToken?: string;
  readonly expiresIn: number;
}

export type SignIn = Client & Tokens;

/** The example of https://www.rfc-editor.org/rfc/rfc7636#appendix-B */
const codeVerifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const codeChallenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
const deviceCodeGrant = "urn:ietf:params:oauth:grant-type:device_code";
const clientMetadata = "--client-name botocore-client-sandbox --client-type public";

/** A world whose AWS CLI finds the sandbox's Identity Center by the profiles `reader` and, without a session, `inline`. */
export async function createSsoWorld(): Promise<World> {
  const world = await createWorld();
  const { url, region, state } = world.sandbox;
  Object.assign(world.env, { AWS_ENDPOINT_URL: url, AWS_DEFAULT_REGION: region });
  const instance = `sso_start_url = ${state.identityCenter.startUrl}\nsso_region = ${region}`;
  // Without the first section version 1 of the AWS CLI puts what a URL answers in the URL's place.
  const config = `
[default]
cli_follow_urlparam = false
[sso-session sandbox]
${instance}
sso_registration_scopes = sso:account:access
[profile reader]
sso_session = sandbox
sso_account_id = 111122223333
sso_role_name = ReadOnly
[profile inline]
${instance}
sso_account_id = 444455556666
sso_role_name = ReadOnly
`;
  appendFileSync(world.env["AWS_CONFIG_FILE"] ?? "", config);
  return world;
}

/** Signs in with the AWS CLI's own calls, and curl for a browser on another device. */
export async function signInOnDevice(world: World, scopes: readonly string[]): Promise<SignIn> {
  const scoped = scopes.length === 0 ? "" : `--scopes ${scopes.join(" ")}`;
  const client: Client = JSON.parse(
    await printed(world, `aws sso-oidc register-client ${clientMetadata} ${scoped}`),
  );
  const { startUrl } = world.sandbox.state.identityCenter;
  const start = `aws sso-oidc start-device-authorization ${proofOf(client)} --start-url ${startUrl}`;
  const device: { deviceCode: string; verificationUriComplete: string } = JSON.parse(
    await printed(world, start),
  );
  await printed(world, `curl -sS --fail '${device.verificationUriComplete}'`);
  return createToken(world, client, `--grant-type ${deviceCodeGrant} --device-code=${device.deviceCode}`);
}

/** Signs in with the AWS CLI's own calls, and curl for this machine's browser. */
export async function signInByCode(world: World): Promise<SignIn> {
  const metadata = [
    clientMetadata,
    "--scopes sso:account:access --grant-types authorization_code refresh_token",
    "--redirect-uris http://127.0.0.1/oauth/callback",
    `--issuer-url ${world.sandbox.state.identityCenter.startUrl}`,
  ].join(" ");
  const client: Client = JSON.parse(await printed(world, `aws sso-oidc register-client ${metadata}`));
  const redirectUri = "http://127.0.0.1:4711/oauth/callback";
  const question = new URLSearchParams({
    response_type: "code",
    client_id: client.clientId,
    redirect_uri: redirectUri,
    state: "xyz",
    code_challenge_method: "S256",
    code_challenge: codeChallenge,
    scopes: "sso:account:access",
  });
  const page = `${world.sandbox.url}/authorize?${question}`;
  const answer = new URL(await printed(world, `curl -sS -o page -w '%{redirect_url}' '${page}'`));
  expect(answer.searchParams.get("state")).toBe("xyz");
  const code = answer.searchParams.get("code");
  const grant = `--code=${code} --redirect-uri ${redirectUri} --code-verifier=${codeVerifier}`;
  return createToken(world, client, `--grant-type authorization_code ${grant}`);
}

export async function renew(world: World, signIn: SignIn): Promise<SignIn> {
  return createToken(world, signIn, `--grant-type refresh_token --refresh-token=${signIn.refreshToken}`);
}

/**
 * Caches a sign-in where the AWS CLI and every SDK look for it: by the session's name, or the start URL of a profile
 * without one. https://docs.aws.amazon.com/sdkref/latest/guide/feature-sso-credentials.html
 */
export function cacheSignIn(
  world: World,
  key: string,
  signIn: SignIn,
  secondsLeft = signIn.expiresIn,
): string {
  const directory = join(world.home, ".aws", "sso", "cache");
  mkdirSync(directory, { recursive: true });
  const path = join(directory, `${createHash("sha1").update(key).digest("hex")}.json`);
  const { startUrl, region } = world.sandbox.state.identityCenter;
  const expiresAt = new Date(Date.now() + secondsLeft * 1000).toISOString();
  const registrationExpiresAt = new Date(Date.now() + 86_400_000).toISOString();
  writeFileSync(path, JSON.stringify({ ...signIn, startUrl, region, expiresAt, registrationExpiresAt }));
  return path;
}

async function createToken(world: World, client: Client, grant: string): Promise<SignIn> {
  const { clientId, clientSecret } = client;
  const line = `aws sso-oidc create-token ${proofOf(client)} ${grant}`;
  const tokens: Tokens = JSON.parse(await printed(world, line));
  return { clientId, clientSecret, ...tokens };
}

function proofOf({ clientId, clientSecret }: Client): string {
  return `--client-id=${clientId} --client-secret=${clientSecret}`;
}

async function printed(world: World, line: string): Promise<string> {
  const { stdout, stderr, code } = await run(world, line);
  expect({ stderr, code }).toEqual({ stderr: "", code: 0 });
  return stdout;
}
