import { setTimeout as sleep } from "node:timers/promises";
import { CreateTokenCommand, StartDeviceAuthorizationCommand } from "@aws-sdk/client-sso-oidc";
import { RoleAgentError } from "@role-agent/provider/errors";
import { printable } from "../../../core/printable.ts";
import { oidcClient } from "../sso/clients.ts";
import { tokenSettings } from "../sso/token-answer.ts";
import { withoutSecrets } from "../without-secrets.ts";
import { poll } from "./poll.ts";
import { registerClient } from "./register-client.ts";
import type { Flow } from "./flow.ts";

const defaultIntervalSeconds = 5;

/**
 * The device flow, for a machine without a browser: the person approves a code on any other.
 * @see https://docs.aws.amazon.com/singlesignon/latest/OIDCAPIReference/API_StartDeviceAuthorization.html
 * @see https://www.rfc-editor.org/rfc/rfc8628
 */
export const deviceCodeToken: Flow = async (job, openPage, signal) => {
  const { client: oidc } = await oidcClient(job.signIn);
  const client = await registerClient(oidc, job, undefined, signal);
  const { clientId, clientSecret } = client;
  const { startUrl } = job.signIn;
  const start = new StartDeviceAuthorizationCommand({ clientId, clientSecret, startUrl });
  const {
    deviceCode,
    userCode = "",
    verificationUriComplete = "",
    interval,
  } = await oidc.send(start, { abortSignal: signal });
  if (deviceCode === undefined) {
    throw new RoleAgentError(
      "SourceUnavailable",
      "sso-oidc:StartDeviceAuthorization: the answer has no code",
    );
  }
  openPage(verificationUriComplete, `and confirm the code ${printable(userCode).slice(0, 40)}\n`);
  const grantType = "urn:ietf:params:oauth:grant-type:device_code";
  const command = new CreateTokenCommand({ clientId, clientSecret, deviceCode, grantType });
  try {
    const answer = await poll(
      async () => oidc.send(command, { abortSignal: signal }),
      interval ?? defaultIntervalSeconds,
      async (ms) => sleep(ms, undefined, { signal }),
    );
    return { token: tokenSettings(answer), client };
  } catch (error) {
    throw withoutSecrets(error, [deviceCode, clientSecret]);
  }
};
