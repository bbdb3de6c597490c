import type { ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import type { Fault } from "./faults.ts";
import type { Reply } from "./reply.ts";

const dripsPerSecond = 10;

/**
 * Writes a reply, in the way of the fault if there is one. `now` goes into the Date header, which clients set
 * their clocks by.
 */
export async function deliver(
  response: ServerResponse,
  reply: Reply,
  fault: Fault | undefined,
  now: number,
): Promise<void> {
  const body = Buffer.from(reply.body);
  const date = fault?.kind === "date" ? now + fault.offsetMs : now;
  response.writeHead(reply.status, {
    date: new Date(date).toUTCString(),
    "content-length": body.length,
    ...reply.headers,
  });
  if (fault?.kind === "truncate") {
    response.write(body.subarray(0, body.length >> 1), () => response.destroy());
  } else if (fault?.kind === "drip") {
    await drip(response, body, Math.max(1, Math.round(fault.bytesPerSecond / dripsPerSecond)));
  } else {
    response.end(body);
  }
}

async function drip(response: ServerResponse, body: Buffer, bytesPerDrip: number): Promise<void> {
  for (let offset = 0; offset < body.length; offset += bytesPerDrip) {
    response.write(body.subarray(offset, offset + bytesPerDrip));
    await waitWhileOpen(response, 1000 / dripsPerSecond);
  }
  response.end();
}

/** Waits `ms`; rejects as soon as the connection is gone, so that no timer outlives it. */
export async function waitWhileOpen(response: ServerResponse, ms: number): Promise<void> {
  const gone = new AbortController();
  const abort = (): void => gone.abort();
  response.once("close", abort);
  try {
    await sleep(ms, undefined, { signal: gone.signal });
  } finally {
    response.off("close", abort);
  }
}
