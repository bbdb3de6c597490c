import { UndiciHttpHandler } from "@smithy/undici-http-handler";
import { EnvHttpProxyAgent, type Dispatcher } from "undici";

/** Never reached through a proxy: whatever answers there is on this machine or its hypervisor. */
const direct = ["localhost", "127.0.0.1", "[::1]", "169.254.169.254", "169.254.170.2", "169.254.170.23"];

/** No answer of STS, SSO or OIDC comes near this. */
const maxAnswerBytes = 1024 * 1024;

let agent: Dispatcher | undefined;
let handler: UndiciHttpHandler | undefined;

/**
 * The one way to AWS, shared by all jobs: follows HTTPS_PROXY and NO_PROXY, follows no redirect, caps every answer. Total
 * time is capped by the job's AbortSignal. What the SDK asks of this machine itself, the container's and the instance's
 * credentials, goes its own way, and past every proxy.
 */
export function outboundAgent(): Dispatcher {
  return (agent ??= newAgent(process.env));
}

/** The same way out, as the AWS SDK takes it. */
export function outboundHandler(): UndiciHttpHandler {
  return (handler ??= new UndiciHttpHandler({ dispatcher: outboundAgent() }));
}

function newAgent(env: NodeJS.ProcessEnv): Dispatcher {
  const noProxy = [env["no_proxy"] ?? env["NO_PROXY"] ?? "", ...direct]
    .filter((host) => host !== "")
    .join(",");
  return new EnvHttpProxyAgent({ noProxy, maxResponseSize: maxAnswerBytes, connect: { timeout: 5000 } });
}
