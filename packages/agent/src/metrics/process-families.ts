import { readdir } from "node:fs/promises";
import { performance } from "node:perf_hooks";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { Family } from "./exposition.ts";

/**
 * The process, by the names that Prometheus's client libraries give these metrics.
 * @see https://prometheus.io/docs/instrumenting/writing_clientlibs/#process-metrics
 */
export async function processFamilies(): Promise<readonly Family[]> {
  const delay = await eventLoopDelay();
  const descriptors = await openDescriptors();
  const { user, system } = process.cpuUsage();
  return [
    gauge("process_start_time_seconds", "When the agent started, since 1970.", performance.timeOrigin / 1000),
    gauge(
      "process_resident_memory_bytes",
      "Memory in use, the issuer's not included.",
      process.memoryUsage.rss(),
    ),
    {
      ...gauge(
        "process_cpu_seconds_total",
        "Processor time used, the issuer's not included.",
        (user + system) / 1e6,
      ),
      type: "counter",
    },
    ...(descriptors === undefined ? [] : [gauge("process_open_fds", "Open file descriptors.", descriptors)]),
    gauge("role_agent_event_loop_delay_seconds", "How long this scrape waited for its turn.", delay),
  ];
}

function gauge(name: string, help: string, value: number): Family {
  return { name, type: "gauge", help, samples: [{ value }] };
}

/** Time until what is due now is done. */
async function eventLoopDelay(): Promise<number> {
  const start = performance.now();
  await nextTurn();
  return (performance.now() - start) / 1000;
}

/** Undefined where the system doesn't say. */
async function openDescriptors(): Promise<number | undefined> {
  try {
    return (await readdir("/proc/self/fd")).length;
  } catch {
    return undefined;
  }
}
