import { resolve } from "node:path";
import { outerEnvironment } from "./exec/outer-environment.ts";

/** Variables of the agent and the SDK that hold a path. */
const paths = [
  "ROLE_AGENT_CONFIG",
  "AWS_CONFIG_FILE",
  "AWS_SHARED_CREDENTIALS_FILE",
  "AWS_LOGIN_CACHE_DIRECTORY",
  "AWS_WEB_IDENTITY_TOKEN_FILE",
  "AWS_CA_BUNDLE",
  "NODE_EXTRA_CA_CERTS",
  "SSL_CERT_FILE",
  "SSL_CERT_DIR",
] as const;

/** The environment of an agent that works in `/` and outlives whoever starts it: paths are absolute, and not of `exec`. */
export function backgroundEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const outer = { ...outerEnvironment(env) };
  for (const name of paths) {
    const path = outer[name];
    if (path && !path.startsWith("~/")) outer[name] = resolve(path);
  }
  return outer;
}
