// Load on a Unix socket whose every answer has the same length, by as little code as possible.
import { connect } from "node:net";

const request = Buffer.from("GET /v1/credentials/deploy HTTP/1.1\r\nHost: role-agent\r\n\r\n");

/** The agent ends a connection after 1000, with another length. */
const requestsPerConnection = 1000;

/** The length of an answer in bytes, headers and all. */
export async function answerLength(socketPath) {
  const socket = connect(socketPath);
  socket.write(request);
  const length = await new Promise((resolve) => {
    let text = "";
    socket.on("data", (chunk) => {
      text += chunk.toString("latin1");
      const headers = text.indexOf("\r\n\r\n");
      const body = Number(/content-length: (\d+)/i.exec(text)?.[1]);
      if (headers > 0 && text.length >= headers + 4 + body) resolve(headers + 4 + body);
    });
  });
  socket.destroy();
  return length;
}

/** Answers per second that so many connections get for a while, each asking again at once. */
export async function throughput(socketPath, length, connections, durationMs) {
  let answers = 0;
  const sockets = new Set();
  const ask = () => {
    const socket = connect(socketPath);
    sockets.add(socket);
    let asked = 1;
    let missing = length;
    socket.on("data", (chunk) => {
      missing -= chunk.length;
      if (missing > 0) return;
      missing = length;
      answers += 1;
      asked += 1;
      if (asked < requestsPerConnection) return void socket.write(request);
      socket.destroy();
      sockets.delete(socket);
      ask();
    });
    socket.write(request);
  };
  for (let index = 0; index < connections; index += 1) ask();
  const start = performance.now();
  await new Promise((resolve) => setTimeout(resolve, durationMs));
  const seconds = (performance.now() - start) / 1000;
  for (const socket of sockets) socket.destroy();
  return answers / seconds;
}

/** Milliseconds from a new connection to the end of its answer. */
export async function firstAnswerMs(socketPath, length) {
  const start = performance.now();
  const socket = connect(socketPath);
  socket.write(request);
  await new Promise((resolve, reject) => {
    let missing = length;
    socket.on("error", reject);
    socket.on("data", (chunk) => {
      missing -= chunk.length;
      if (missing <= 0) resolve();
    });
  });
  socket.destroy();
  return performance.now() - start;
}
