// npm run bench: what the agent costs beside the least that could do its job, as ratios of one run. It judges nothing:
// absolute figures depend on the machine, and ratios within a tenth are noise.
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { AgentClient } from "@role-agent/provider";
import { awsConfigFile, startSandbox } from "@role-agent/sandbox";
import { answerLength, firstAnswerMs, throughput } from "./bench/load.js";
import { compare } from "./bench/pairs.js";

const burstMs = 200;
const rounds = 9;
const processRounds = 15;
const program = fileURLToPath(new URL("../packages/agent/bin/role-agent.js", import.meta.url));
const launcher = fileURLToPath(new URL("../packages/agent/bin/role-agent", import.meta.url));
const bareServer = fileURLToPath(new URL("bench/bare-server.js", import.meta.url));

const sandbox = await startSandbox();
const home = mkdtempSync(join(tmpdir(), "ra-bench-"));
const env = {
  PATH: process.env.PATH,
  HOME: home,
  XDG_RUNTIME_DIR: join(home, "run"),
  ROLE_AGENT_CONFIG: join(home, "config.toml"),
  AWS_CONFIG_FILE: join(home, "aws-config"),
};
mkdirSync(env.XDG_RUNTIME_DIR, { mode: 0o700 });
writeFileSync(env.ROLE_AGENT_CONFIG, '[roles.deploy]\nprofile = "sandbox"\n', { mode: 0o600 });
writeFileSync(env.AWS_CONFIG_FILE, awsConfigFile(sandbox), { mode: 0o600 });
const agentSocket = join(env.XDG_RUNTIME_DIR, "role-agent", "agent.sock");
const bareSocket = join(home, "bare.sock");
const bodyFile = join(home, "body.json");

const serve = (args) => spawn(process.execPath, args, { env, stdio: ["ignore", "ignore", "inherit"] });
const agent = serve([program, "serve"]);
let bare;
try {
  const client = new AgentClient({ socketPath: agentSocket });
  writeFileSync(bodyFile, JSON.stringify(await untilAnswering(() => client.credentials("deploy"))));
  bare = serve([bareServer, bareSocket, bodyFile]);
  const lengths = {
    agent: await answerLength(agentSocket),
    bare: await untilAnswering(() => answerLengthOf(bareSocket)),
  };
  heading();
  if (existsSync("/proc/self/status"))
    row("idle memory, MB", { ours: rssMb(agent.pid), base: rssMb(bare.pid) }, "bare node:http");
  for (const connections of [10, 100]) {
    const burst = (path, length) => () => throughput(path, length, connections, burstMs);
    const result = await compare(burst(agentSocket, lengths.agent), burst(bareSocket, lengths.bare), rounds);
    row(`requests per second, ${connections} connections`, result, "bare node:http");
  }
  const first = (path, length) => async () => {
    let sum = 0;
    for (let index = 0; index < 200; index += 1) sum += await firstAnswerMs(path, length);
    return sum / 200;
  };
  row(
    "new connection to answer, ms",
    await compare(first(agentSocket, lengths.agent), first(bareSocket, lengths.bare), rounds),
    "bare node:http",
  );
  const empty = join(home, "empty.cjs");
  writeFileSync(empty, "");
  const hasCurl = spawnSync("curl", ["--version"]).status === 0;
  const ways = {
    ...(hasCurl && { "role-agent credentials": [launcher, "credentials", "deploy"] }),
    "the same without curl": [process.execPath, program, "credentials", "deploy"],
  };
  for (const [way, command] of Object.entries(ways)) {
    const base = [process.execPath, empty];
    const wall = await compare(wallMs(command), wallMs(base), processRounds);
    row(`${way}, ms`, wall, "an empty script");
    // Unlike the time that passes, that of the processors hardly depends on what else they do.
    const cpu = await compare(cpuMs(command), cpuMs(base), processRounds);
    row(`${way}, ms of CPU`, cpu, "an empty script");
  }
  if (hasCurl) {
    const curl = `curl -s --unix-socket ${agentSocket} http://localhost/v1/credentials/deploy`;
    const byShell = (line) => wallMs(["sh", "-c", `exec ${line}`]);
    const wall = await compare(byShell(credentialProcessLine()), byShell(curl), processRounds);
    row("the credential_process line, ms", wall, "curl");
  }
} finally {
  bare?.kill();
  agent.kill();
  await once(agent, "exit");
  await sandbox.stop();
  rmSync(home, { recursive: true, force: true, maxRetries: 5 });
}

function heading() {
  console.log(`Node ${process.version}; medians of ${rounds} and ${processRounds} rounds\n`);
  console.log(
    `${"".padEnd(42)}${"agent".padStart(10)}${"base".padStart(10)}${"ratio".padStart(8)}   base is`,
  );
}

function row(what, { ours, base, ratio = ours / base }, baseName) {
  const figure = (value) => (value >= 100 ? Math.round(value).toString() : value.toFixed(2)).padStart(10);
  console.log(
    `${what.padEnd(42)}${figure(ours)}${figure(base)}${ratio.toFixed(2).padStart(8)}   ${baseName}`,
  );
}

function wallMs([file, ...args]) {
  return () => {
    const start = performance.now();
    const { status } = spawnSync(file, args, { env, stdio: "ignore" });
    if (status !== 0) throw new Error(`${file} ended with ${status}`);
    return performance.now() - start;
  };
}

/** User and system time of a process, which bash knows to the millisecond. */
function cpuMs(command) {
  const script = 'TIMEFORMAT="%3U %3S"; time "$0" "$@" >/dev/null';
  return () => {
    const { stderr } = spawnSync("bash", ["-c", script, ...command], { env, encoding: "utf8" });
    const [user, system] = stderr.trim().split(" ").map(Number);
    return (user + system) * 1000;
  };
}

/** The one that `init` offers for ~/.aws/config. */
function credentialProcessLine() {
  const args = [program, "roles", "--profiles"];
  const profiles = spawnSync(process.execPath, args, { env, encoding: "utf8" }).stdout;
  return /^\[profile deploy\]\ncredential_process = (.*)$/m.exec(profiles)[1];
}

/** Linux says it in /proc. */
function rssMb(pid) {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024;
}

async function answerLengthOf(path) {
  await firstAnswerMs(path, 1);
  return answerLength(path);
}

async function untilAnswering(ask) {
  for (let tries = 0; ; tries += 1) {
    try {
      return await ask();
    } catch (error) {
      if (tries === 200) throw error;
      await sleep(25);
    }
  }
}
