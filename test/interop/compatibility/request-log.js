// Loaded by Node into the agent beside its own program: writes a line of JSON into a file for each request that arrives.
import { appendFileSync } from "node:fs";
import { subscribe } from "node:diagnostics_channel";

const file = process.env.REQUEST_LOG;
subscribe("http.server.request.start", ({ request: { method, url }, server }) => {
  const bound = server.address();
  // Of a Unix socket that a service manager has made Node knows no path.
  const address = bound?.port === undefined ? String(bound) : `${bound.address}:${bound.port}`;
  appendFileSync(file, `${JSON.stringify({ address, method, url })}\n`);
});
