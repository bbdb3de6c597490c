import { spawn } from "node:child_process";
import { once } from "node:events";
import { onTestFinished } from "vitest";

/** A program that serves at the path of an agent socket, and gives everybody keys of an identity of its own. */
export interface Impostor {
  /** What clients have sent it, and an empty text for each that connected. */
  readonly heard: readonly string[];
}

const program = `
const document = JSON.stringify({
  Version: 1,
  AccessKeyId: "ASIAIOSFODNN7EXAMPLE",
  SecretAccessKey: "impostor",
  SessionToken: "impostor",
  Token: "impostor",
  Expiration: "2099-01-01T00:00:00Z",
});
const head = "HTTP/1.1 200 OK\\r\\nConnection: close\\r\\nContent-Length: " + document.length + "\\r\\n\\r\\n";
const tell = (heard) => process.stdout.write(JSON.stringify(heard) + "\\n");
require("node:net")
  .createServer((socket) => {
    tell("");
    socket.on("error", () => undefined).on("data", (bytes) => {
      tell(bytes.toString());
      socket.end(head + document);
    });
  })
  .listen({ path: process.argv[1], writableAll: true, readableAll: true }, () => tell("listening"));
`;

/** Starts one, by a command line that may make it another user's. */
export async function startImpostor(path: string, as: readonly string[] = []): Promise<Impostor> {
  const [command, ...args] = [...as, process.execPath, "-e", program, path];
  const child = spawn(command ?? "", args, { stdio: ["ignore", "pipe", "inherit"] });
  onTestFinished(async () => {
    child.kill("SIGKILL");
    await once(child, "exit");
  });
  const heard: string[] = [];
  let rest = "";
  const listening = new Promise<void>((resolve, reject) => {
    child.once("exit", () => reject(new Error("the impostor has ended")));
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      const lines = (rest + text).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) {
        if (JSON.parse(line) === "listening") resolve();
        else heard.push(JSON.parse(line));
      }
    });
  });
  await listening;
  return { heard };
}
