// Clients in one process that never ask twice: any answer but credentials is a failure. Half of them keep their
// connections, as SDKs do. Ends with a tally when it is sent a message.
// usage: looping-strict-client.js COUNT SOCKET URI TOKEN
import { Agent, request } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

const [count, socketPath, uri, token] = process.argv.slice(2);
const { hostname: host, port, pathname } = new URL(uri);
const stop = new AbortController();
let ok = 0;
const failures = [];

const places = [
  { socketPath, path: "/v1/credentials/deploy", headers: { host: "localhost" } },
  { host, port, path: pathname, headers: { authorization: token } },
];

function ask(options) {
  return new Promise((resolve, reject) => {
    const call = request(options, (response) => {
      let body = "";
      response.setEncoding("utf8").on("data", (text) => (body += text));
      response.on("error", reject);
      response.on("end", () =>
        response.statusCode === 200 && body.includes("AccessKeyId")
          ? resolve()
          : reject(new Error(`${response.statusCode} ${body}`)),
      );
    });
    call.on("error", reject);
    call.end();
  });
}

async function loop(place, keepAlive) {
  const agent = new Agent({ keepAlive, maxSockets: 1 });
  while (!stop.signal.aborted) {
    await ask({ ...place, agent }).then(
      () => (ok += 1),
      (error) => failures.push(`${place.path} ${keepAlive}: ${error.message}`),
    );
    await sleep(10);
  }
  agent.destroy();
}

process.once("message", () => stop.abort());
await Promise.all(
  Array.from({ length: Number(count) }, (_, index) => loop(places[index % 2], index % 4 < 2)),
);
process.send({ ok, failures });
process.disconnect();
