/** What goes wrong with a call. The action isn't carried out unless its answer is said to come. */
export type Fault =
  /** The call is handled `ms` later. */
  | { kind: "latency"; ms: number }
  /** No answer ever; the connection stays open until the caller gives up or the sandbox stops. */
  | { kind: "hang" }
  /** The connection is cut without an answer. */
  | { kind: "refuse" }
  /** An error document; `code` is by default the one AWS has for the status. */
  | { kind: "status"; status: number; code?: string }
  /**
   * STS's own throttling, `Throttling` with status 400; with `retryAfterSeconds` status 429 and that
   * Retry-After header.
   */
  | { kind: "throttle"; retryAfterSeconds?: number }
  /** Status 200 with an HTML page, as a captive portal answers. */
  | { kind: "garbage" }
  /** The true answer, cut after half of the promised bytes. */
  | { kind: "truncate" }
  /** The true answer, slowly. */
  | { kind: "drip"; bytesPerSecond: number }
  /** The true answer with a Date header that is off by `offsetMs`. */
  | { kind: "date"; offsetMs: number }
  /** An answer written by hand; status 200 and text/xml unless said. */
  | { kind: "answer"; status?: number; headers?: Record<string, string>; body: string };

interface PlannedFault {
  operation: string;
  fault: Fault;
  timesLeft: number;
}

/** The faults in force, newest first. */
export class FaultPlan {
  #planned: PlannedFault[] = [];

  /** Returns a function that takes the fault back. */
  add(operation: string, fault: Fault, times: number = Infinity): () => void {
    const planned = { operation, fault, timesLeft: times };
    this.#planned.unshift(planned);
    return () => this.#remove(planned);
  }

  /** The fault of this call, which uses it up by one. */
  take(operation: string): Fault | undefined {
    const planned = this.#planned.find((each) => each.operation === "*" || each.operation === operation);
    if (planned === undefined) return undefined;
    planned.timesLeft -= 1;
    if (planned.timesLeft <= 0) this.#remove(planned);
    return planned.fault;
  }

  clear(): void {
    this.#planned = [];
  }

  #remove(planned: PlannedFault): void {
    this.#planned = this.#planned.filter((each) => each !== planned);
  }
}
