import { createHash, randomBytes, randomUUID } from "node:crypto";
import { CreateTokenCommand } from "@aws-sdk/client-sso-oidc";
import { oidcClient } from "../sso/clients.ts";
import { ssoLoginRequired } from "../sso/sso-login-required.ts";
import { tokenSettings } from "../sso/token-answer.ts";
import { withoutSecrets } from "../without-secrets.ts";
import { listenForCallback, type CallbackListener } from "./callback-listener.ts";
import { callbackPath } from "./callback-page.ts";
import { registerClient } from "./register-client.ts";
import type { LoginJob } from "../../login-errand.ts";
import type { Flow } from "./flow.ts";

/** Any port: RFC 8252 has it left out of what is registered. */
const registeredUri = `http://127.0.0.1${callbackPath}`;

/**
 * The authorization code flow with PKCE, as the AWS CLI has it: the browser brings the code to this machine.
 * @see https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-sso.html
 * @see https://www.rfc-editor.org/rfc/rfc7636
 */
export const authorizationCodeToken: Flow = async (job, openPage, signal) => {
  const state = randomUUID();
  const codeVerifier = randomBytes(48).toString("base64url");
  const listener = await listenForCallback(state);
  try {
    const { client: oidc, seen } = await oidcClient(job.signIn);
    const registration = {
      grantTypes: ["authorization_code", "refresh_token"],
      redirectUris: [registeredUri],
      issuerUrl: job.signIn.startUrl,
    };
    const client = await registerClient(oidc, job, registration, signal);
    const { redirectUri } = listener;
    const page = new URL("/authorize", seen.address);
    page.search = new URLSearchParams({
      response_type: "code",
      client_id: client.clientId,
      redirect_uri: redirectUri,
      state,
      code_challenge_method: "S256",
      scopes: job.signIn.scopes.join(" "),
      code_challenge: createHash("sha256").update(codeVerifier).digest("base64url"),
    }).toString();
    openPage(page.href);
    const code = await codeOf(listener, job, signal);
    const { clientId, clientSecret } = client;
    const grant = { grantType: "authorization_code", code, codeVerifier, redirectUri };
    const command = new CreateTokenCommand({ clientId, clientSecret, ...grant });
    try {
      return { token: tokenSettings(await oidc.send(command, { abortSignal: signal })), client };
    } catch (error) {
      throw withoutSecrets(error, [code, codeVerifier, clientSecret]);
    }
  } finally {
    listener.close();
  }
};

async function codeOf(
  listener: CallbackListener,
  { signIn }: LoginJob,
  signal: AbortSignal,
): Promise<string> {
  const outcome = await listener.outcome(signal);
  if ("code" in outcome) return outcome.code;
  throw ssoLoginRequired(signIn, `the sign-in was refused: ${outcome.denial}`);
}
