import { createServer, type Server } from "node:http";
import { RoleAgentError } from "@role-agent/provider/errors";
import { rejectedBy } from "../rejected-by.ts";
import { callbackAnswer, callbackPath, type CallbackOutcome } from "./callback-page.ts";

/** Waits on this machine for the browser to bring a code. */
export interface CallbackListener {
  /** Where the browser is to be sent. */
  readonly redirectUri: string;
  /** The code, or what was said instead. */
  outcome(signal: AbortSignal): Promise<CallbackOutcome>;
  close(): void;
}

const pageHeaders = {
  "Content-Type": "text/plain; charset=utf-8",
  "Cache-Control": "no-store",
  "Content-Security-Policy": "default-src 'none'",
  "Referrer-Policy": "no-referrer",
  Connection: "close",
};

/**
 * Listens on a free port of the loopback address, for the one answer that knows the state.
 * @see https://www.rfc-editor.org/rfc/rfc8252#section-7.3
 */
export async function listenForCallback(state: string): Promise<CallbackListener> {
  let settle: (outcome: CallbackOutcome) => void = () => undefined;
  const promise = new Promise<CallbackOutcome>((resolve) => {
    settle = resolve;
  });
  let isAnswered = false;
  let host = "";
  const server = createServer({ maxHeaderSize: 16 * 1024 }, (request, response) => {
    const { method, url: target } = request;
    const judged = callbackAnswer({ method, host: request.headers.host, target }, { host, state });
    const isLate = judged.outcome !== undefined && isAnswered;
    const { status, text, outcome } = isLate ? { status: 410, text: "This was answered already." } : judged;
    isAnswered ||= outcome !== undefined;
    if (outcome !== undefined) response.once("close", () => settle(outcome));
    response.writeHead(status, pageHeaders).end(`${text}\n`);
  });
  host = `127.0.0.1:${await portOf(server)}`;
  return {
    redirectUri: `http://${host}${callbackPath}`,
    outcome: async (signal) => Promise.race([promise, rejectedBy(signal)]),
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function portOf(server: Server): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  if (typeof address === "object" && address !== null) return address.port;
  throw new RoleAgentError("SourceUnavailable", "no port of this machine could be listened on");
}
