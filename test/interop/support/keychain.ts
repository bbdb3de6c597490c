import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { onTestFinished } from "vitest";

/** A bus that starts nothing by itself, so that every process is the test's own. */
const busConfig = (
  directory: string,
): string => `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:dir=${directory}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
`;

/** Starts a session bus and names it in `env`. It is gone when the test is over. */
export async function startBus(env: NodeJS.ProcessEnv, directory: string): Promise<void> {
  const path = join(directory, "bus.conf");
  writeFileSync(path, busConfig(directory));
  const bus = start("dbus-daemon", [`--config-file=${path}`, "--nofork", "--print-address"], env);
  if (bus.stdout === null) throw new Error("no output of dbus-daemon");
  const [address] = await once(createInterface(bus.stdout), "line");
  env["DBUS_SESSION_BUS_ADDRESS"] = String(address);
}

/** Starts the Secret Service of a bus: unlocked with a password, or locked where a keychain is there already. */
export async function startKeyring(env: NodeJS.ProcessEnv, password?: string): Promise<ChildProcess> {
  const mode = password === undefined ? "--start" : "--unlock";
  const keyring = start("gnome-keyring-daemon", ["--foreground", "--components=secrets", mode], env);
  keyring.stdin?.end(password);
  while (!hasSecretService(env)) await sleep(20);
  return keyring;
}

/** Ends one that was started, stopped or not. */
export async function endProgram(program: ChildProcess): Promise<void> {
  program.kill("SIGKILL");
  if (program.exitCode === null && program.signalCode === null) await once(program, "exit");
}

function hasSecretService(env: NodeJS.ProcessEnv): boolean {
  const question =
    "--session --print-reply=literal --dest=org.freedesktop.DBus / org.freedesktop.DBus.NameHasOwner";
  const args = [...question.split(" "), "string:org.freedesktop.secrets"];
  return execFileSync("dbus-send", args, { env, encoding: "utf8" }).includes("true");
}

function start(program: string, args: readonly string[], env: NodeJS.ProcessEnv): ChildProcess {
  const child = spawn(program, args, { env, stdio: ["pipe", "pipe", "ignore"] });
  onTestFinished(() => endProgram(child));
  return child;
}
