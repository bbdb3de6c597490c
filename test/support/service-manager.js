// Does what systemd does with a socket unit and its service: listens at each place, accepts nothing, and runs a program
// with the sockets, again and again, as soon as it ends. The places, and then "--" and the program, are its arguments.
import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { createServer } from "node:net";
import { dirname } from "node:path";

const separator = process.argv.indexOf("--");
const places = process.argv.slice(2, separator);
const program = process.argv.slice(separator + 1);

process.umask(0o177);
const servers = places.map((place) => {
  if (!place.startsWith("/")) {
    const [, host, port] = /^(.*):(\d+)$/.exec(place) ?? [];
    return createServer().listen({ host, port: Number(port), backlog: 4096 });
  }
  process.umask(0o077);
  mkdirSync(dirname(place), { recursive: true });
  process.umask(0o177);
  return createServer().listen({ path: place, backlog: 4096 });
});
await Promise.all(servers.map((server) => once(server, "listening")));
process.umask(0o022);

const pause = new Int32Array(new SharedArrayBuffer(4));

// From here on this process waits for its child without Node's event loop, so that no connection is ever accepted here.
for (;;) {
  // The pid is known only to the new process itself.
  spawnSync("/bin/sh", ["-c", 'LISTEN_PID=$$ exec "$@"', "sh", ...program], {
    stdio: ["ignore", "inherit", "inherit", ...servers.map(({ _handle }) => _handle.fd)],
    env: {
      ...process.env,
      LISTEN_FDS: String(servers.length),
      LISTEN_FDNAMES: places.map(() => "test.socket").join(":"),
    },
  });
  // As RestartSec= of systemd is by default.
  Atomics.wait(pause, 0, 0, 100);
}
