import type { Sandbox } from "@role-agent/sandbox";
import { readIdentity } from "../../../packages/agent/src/issuer/child/roles-anywhere/identity.ts";
import {
  canonicalQuery,
  signedHeaders,
  type UnsignedRequest,
} from "../../../packages/agent/src/issuer/child/roles-anywhere/sign.ts";
import type { Issued } from "../../support/pki.ts";
import { serverArn, type Anywhere } from "../../support/roles-anywhere.ts";

/** What the sandbox answered. */
export interface Answer {
  readonly status: number;
  /** `x-amzn-errortype` */
  readonly error: string | null;
  readonly body: { readonly message?: string; readonly credentialSet?: readonly object[] };
}

/** How a request differs from a good one. */
export interface Deviation {
  readonly query?: Record<string, string>;
  readonly input?: object;
  /** Signed so many milliseconds from now. */
  readonly skewMs?: number;
  readonly region?: string;
  readonly service?: string;
  /** Changes what was signed. */
  readonly tamper?: (request: { url: string; headers: Record<string, string>; body: string }) => void;
}

/** Calls CreateSession with the key of `issued`. */
export async function ask(
  sandbox: Sandbox,
  { anchor, profile }: Anywhere,
  issued: Issued,
  deviation: Deviation = {},
): Promise<Answer> {
  const unsigned: UnsignedRequest = {
    method: "POST",
    host: `127.0.0.1:${sandbox.port}`,
    path: "/sessions",
    query: {
      roleArn: serverArn,
      profileArn: profile.profileArn,
      trustAnchorArn: anchor.trustAnchorArn,
      ...deviation.query,
    },
    headers: { "content-type": "application/json" },
    body: JSON.stringify(deviation.input ?? {}),
  };
  const now = sandbox.clock.now() + (deviation.skewMs ?? 0);
  const { region = "us-east-1", service = "rolesanywhere" } = deviation;
  const { host: _, ...headers } = signedHeaders(unsigned, await readIdentity(issued, Date.now()), {
    region,
    service,
    now,
  });
  const request = {
    url: `${sandbox.url}/sessions?${canonicalQuery(unsigned.query)}`,
    headers,
    body: unsigned.body,
  };
  deviation.tamper?.(request);
  const response = await fetch(request.url, { method: "POST", headers: request.headers, body: request.body });
  const error = response.headers.get("x-amzn-errortype");
  const body: Answer["body"] = JSON.parse(await response.text());
  return { status: response.status, error, body };
}
