// What the agent is measured against: node:http that answers one ready body, on a Unix socket.
// Arguments: the socket's path, and the file that holds the body.
import { readFileSync } from "node:fs";
import { createServer } from "node:http";

const [socketPath, bodyFile] = process.argv.slice(2);
const body = readFileSync(bodyFile);
const headers = ["Content-Type", "application/json", "Content-Length", String(body.length)];
createServer((_request, response) => response.writeHead(200, headers).end(body)).listen(socketPath);
