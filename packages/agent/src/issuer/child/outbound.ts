import { UndiciHttpHandler } from "@smithy/undici-http-handler";
import { Agent, EnvHttpProxyAgent, type Dispatcher } from "undici";

/** Loopback and link-local: whatever answers there is on this machine or its hypervisor. */
const near = /^(localhost|.*\.localhost|127(\.\d{1,3}){3}|169\.254(\.\d{1,3}){2}|\[::1\]|\[fe[89ab].*\])$/;

/** No answer of STS, SSO or OIDC comes near this. */
const maxAnswerBytes = 1024 * 1024;

let agent: Dispatcher | undefined;
let handler: UndiciHttpHandler | undefined;

/**
 * The one way to AWS, shared by all jobs: follows HTTPS_PROXY and NO_PROXY, but asks no proxy for what is near; follows
 * no redirect, caps every answer. Total time is capped by the job's AbortSignal. What the SDK asks of this machine itself,
 * the container's and the instance's credentials, goes its own way, and past every proxy.
 */
export function outboundAgent(): Dispatcher {
  return (agent ??= newAgent(process.env));
}

/** The same way out, as the AWS SDK takes it. */
export function outboundHandler(): UndiciHttpHandler {
  return (handler ??= new UndiciHttpHandler({ dispatcher: outboundAgent() }));
}

function newAgent({ no_proxy: lower, NO_PROXY: upper }: NodeJS.ProcessEnv): Dispatcher {
  const limits = { maxResponseSize: maxAnswerBytes, connect: { timeout: 5000 } };
  const direct = new Agent(limits);
  const proxied = new EnvHttpProxyAgent({ noProxy: lower ?? upper ?? "", ...limits });
  return proxied.compose((dispatch) => (call, answer) => {
    const isNear = call.origin !== undefined && near.test(new URL(call.origin).hostname);
    return isNear ? direct.dispatch(call, answer) : dispatch(call, answer);
  });
}
