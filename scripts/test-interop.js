// Runs test/interop, in which the AWS CLI, boto3, curl, openssl, xmlsec1, fish, gnome-keyring, moto_server, runc,
// systemd-analyze, Prometheus's parser and programs with the AWS SDKs of other languages meet the agent and the sandbox. The Python programs come from
// a virtual environment of the checkout's own, made again when its requirements change; the SDKs' are built once. The
// tests in network namespaces need root. Arguments go to vitest; --config=FILE runs another suite with the same programs,
// --update writes docs/compatibility.md.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { checkCompatibilityTable } from "./interop/compatibility-table.js";

const root = fileURLToPath(new URL("..", import.meta.url));
const requirements = join(root, "test", "interop", "requirements.txt");
const environment = join(root, ".cache", "interop-venv");
const bin = join(environment, "bin");

requirePrograms();
prepareEnvironment();
runOrExit(process.execPath, [join(root, "scripts", "interop", "build-clients.js")]);
const isUpdate = process.argv.includes("--update");
const files = process.argv.slice(2).filter((argument) => argument !== "--update");
runTests(files);
// A run of single files says nothing of the table, unless it is to be written.
if ((files.length === 0 || isUpdate) && !checkCompatibilityTable(isUpdate)) process.exit(1);

function requirePrograms() {
  const missing = [
    ["python3-venv", works("python3", ["-c", "import ensurepip"])],
    ["curl", works("curl", ["--version"])],
    ["openssl", works("openssl", ["version"])],
    ["xmlsec1", works("xmlsec1", ["--version"])],
    ["dbus", works("dbus-daemon", ["--version"])],
    ["gnome-keyring", works("gnome-keyring-daemon", ["--version"])],
    ["fish", works("fish", ["--version"])],
    ["golang", works("go", ["version"])],
    ["iproute2", works("ip", ["-V"])],
    ["runc", works("runc", ["--version"])],
    ["libsecret-tools", works("sh", ["-c", "command -v secret-tool"])],
    ["faketime", works("faketime", ["-f", "+0", "true"])],
    ["systemd", works("systemd-analyze", ["--version"])],
    ["awscli", works("test", ["-x", "/usr/bin/aws"])],
  ].flatMap(([name, isThere]) => (isThere ? [] : [name]));
  if (missing.length === 0) return;
  console.error(`test-interop: missing: ${missing.join(", ")}`);
  console.error(`hint: apt-get install ${missing.join(" ")}`);
  process.exit(1);
}

function works(program, args) {
  return spawnSync(program, args, { stdio: "ignore" }).status === 0;
}

function prepareEnvironment() {
  const fingerprintFile = join(environment, "made-from.txt");
  const fingerprint = fingerprintOfEnvironment();
  if (existsSync(fingerprintFile) && readFileSync(fingerprintFile, "utf8") === fingerprint) return;
  console.log("test-interop: making .cache/interop-venv");
  rmSync(environment, { recursive: true, force: true });
  runOrExit("python3", ["-m", "venv", environment]);
  runOrExit(join(bin, "python3"), [
    ..."-m pip install --quiet --disable-pip-version-check --requirement".split(" "),
    requirements,
  ]);
  writeFileSync(fingerprintFile, fingerprint);
}

/** Its programs carry its own path and use the Python it was made with, so those count too. */
function fingerprintOfEnvironment() {
  const program = "import sys; print(sys.base_prefix, sys.version)";
  const python = spawnSync("python3", ["-c", program], { encoding: "utf8" }).stdout;
  return `${environment}\n${python}${readFileSync(requirements, "utf8")}`;
}

function runTests(args) {
  const vitest = join(root, "node_modules", "vitest", "vitest.mjs");
  const options = "run --configLoader runner".split(" ");
  const suite = args.some((arg) => arg.startsWith("--config="))
    ? []
    : ["--config=test/interop/vitest.config.ts"];
  runOrExit(process.execPath, [vitest, ...options, ...suite, ...args], {
    ...process.env,
    VIRTUAL_ENV: environment,
    PATH: `${bin}${delimiter}${process.env.PATH}`,
  });
}

function runOrExit(program, args, env = process.env) {
  const { status, error } = spawnSync(program, args, { cwd: root, env, stdio: "inherit" });
  if (error !== undefined) console.error(`test-interop: ${error.message}`);
  if (status !== 0) process.exit(status ?? 1);
}
