// Runs a program by other clocks than the machine's, and the processes that it forks, too. How far they
// are off is read whenever somebody looks at a clock: three numbers of a file, milliseconds for the wall clock, for the one
// that only goes forward, and for the time since the machine was started. Timers go by the machine's own.
// usage: ROLE_AGENT_TEST_CLOCK=FILE node shifted-clock.js MODULE [ARGUMENT…]
import childProcess from "node:child_process";
import { openSync, readSync } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import os from "node:os";
import { fileURLToPath, pathToFileURL } from "node:url";

const variable = "ROLE_AGENT_TEST_CLOCK";
const shifts = new Float64Array(3);
const file = process.env[variable];
const descriptor = openSync(file, "r");

function shift(index) {
  readSync(descriptor, shifts, 0, shifts.byteLength, 0);
  return shifts[index];
}

const RealDate = Date;
const realNow = Date.now;
Date.now = () => Math.round(realNow() + shift(0));
globalThis.Date = new Proxy(RealDate, {
  construct: (target, args, newTarget) =>
    Reflect.construct(target, args.length === 0 ? [RealDate.now()] : args, newTarget),
  apply: () => new RealDate(RealDate.now()).toString(),
});
RealDate.prototype.constructor = Date;

const performanceNow = performance.now.bind(performance);
performance.now = () => performanceNow() + shift(1);
const hrtime = process.hrtime.bigint.bind(process.hrtime);
process.hrtime.bigint = () => hrtime() + BigInt(Math.round(shift(1) * 1e6));

const { uptime } = os;
os.uptime = () => uptime() + shift(2) / 1000;

const { fork } = childProcess;
childProcess.fork = (module, args, options) =>
  fork(fileURLToPath(import.meta.url), [pathOf(module), ...args], {
    ...options,
    env: { ...options.env, [variable]: file },
  });
syncBuiltinESMExports();

function pathOf(module) {
  return module instanceof URL ? fileURLToPath(module) : module;
}

const [, , program] = process.argv;
process.argv.splice(1, 1);
await import(pathToFileURL(program).href);
