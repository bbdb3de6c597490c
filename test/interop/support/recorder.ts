import { createServer, request as newRequest } from "node:http";
import { pipeline } from "node:stream";
import { onTestFinished } from "vitest";

/** A server between a client and an endpoint, which both of them take for the other. */
export interface Recorder {
  readonly url: string;
  /** What came by so far: "GET /v1/credentials 200". */
  readonly requests: readonly string[];
}

/** Starts one in front of `origin`, on a free port of 127.0.0.1. It is gone when the test is over. */
export async function startRecorder(origin: string): Promise<Recorder> {
  const requests: string[] = [];
  const server = createServer((incoming, outgoing) => {
    const { method = "", url = "", headers } = incoming;
    const options = { method, path: url, headers: { ...headers, host: new URL(origin).host } };
    const forwarded = newRequest(origin, options, (answer) => {
      requests.push(`${method} ${url} ${answer.statusCode}`);
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      pipeline(answer, outgoing, () => {});
    });
    pipeline(incoming, forwarded, (error) => {
      if (error) outgoing.destroy();
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  return { url: `http://127.0.0.1:${port}`, requests };
}
