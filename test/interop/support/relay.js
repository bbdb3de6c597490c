// Passes connections on from one place to another; a place is ADDRESS:PORT or the path of a socket. A path is the same in
// every network namespace, and an address is not.
// usage: relay.js FROM TO
import { connect, createServer } from "node:net";
import { pipeline } from "node:stream";

const [from, to] = process.argv.slice(2).map(placeOf);

createServer((near) => {
  const far = connect(to);
  pipeline(near, far, near, () => far.destroy());
}).listen(from, () => console.error("serving"));

function placeOf(text) {
  if (text.startsWith("/")) return { path: text };
  const [host, port] = text.split(":");
  return { host, port: Number(port) };
}
