import type { EndpointStatus, RoleEventType } from "@role-agent/provider/protocol";
import type { LineCounts } from "./audit/line-queue.ts";
import { elapsed, type Clock } from "./core/clock.ts";
import type { Keeper } from "./core/keeper.ts";
import { shortfall } from "./core/readiness.ts";
import type { Observation, Readiness, ReadinessProblem } from "./endpoints/observation.ts";
import { agentMetrics, type DoorType } from "./metrics/agent-metrics.ts";
import { exposition } from "./metrics/exposition.ts";
import { IssueCounts } from "./metrics/issue-counts.ts";
import { processFamilies } from "./metrics/process-families.ts";
import { RequestCounts, type OnRefusal } from "./metrics/request-counts.ts";
import { packageVersion } from "./version.ts";

/** Where it is looked when somebody asks how the agent is doing. */
export interface ObservationSources {
  readonly clock: Clock;
  readonly keepers: Iterable<Keeper>;
  /** The roles that are kept fresh from the start, by name. */
  readonly kept: () => readonly string[];
  readonly endpoints: () => readonly EndpointStatus[];
  readonly openConnections: () => Promise<ReadonlyMap<DoorType, number>>;
  readonly clockSkewSeconds: () => number | null;
  readonly auditLines: LineCounts;
  readonly isLocked: () => boolean;
  readonly onRefusal: (door: DoorType) => OnRefusal;
}

/** Counts what happens, and tells machines how the agent is doing. */
export class AgentObservation implements Observation {
  readonly #sources: ObservationSources;
  readonly #issues = new IssueCounts();
  readonly #requests = new Map<DoorType, RequestCounts>();

  constructor(sources: ObservationSources) {
    this.#sources = sources;
  }

  /** What the doors of one kind add to. */
  requestCounts(door: DoorType): RequestCounts {
    const counts = this.#requests.get(door) ?? new RequestCounts(this.#sources.onRefusal(door));
    this.#requests.set(door, counts);
    return counts;
  }

  /** Measures how long asking for a session takes. */
  async timed<Result>(ask: () => Promise<Result>): Promise<Result> {
    const { clock } = this.#sources;
    const start = clock.now();
    try {
      return await ask();
    } finally {
      this.#issues.durations.observe(elapsed(start, clock.now()) / 1000);
    }
  }

  /** Something happened to a role. */
  happened(type: RoleEventType, { name, state: { failure } }: Keeper): void {
    if (type === "issued" || type === "renewed") this.#issues.issued(name);
    else if (type !== "expired" && failure !== undefined) this.#issues.failed(name, failure.error.code);
  }

  /** The configuration was read again. */
  keepOnly(roles: ReadonlyMap<string, unknown>): void {
    this.#issues.keepOnly(roles);
  }

  async metrics(): Promise<string> {
    const { clock, keepers, kept, openConnections, clockSkewSeconds, auditLines, isLocked } = this.#sources;
    const names = new Set(kept());
    const connections = await openConnections();
    const ofProcess = await processFamilies();
    const ofAgent = agentMetrics({
      version: packageVersion(),
      roles: [...keepers].map(({ name, state }) => ({ name, state, isKept: names.has(name) })),
      issues: this.#issues,
      requests: this.#requests,
      openConnections: connections,
      clockSkewSeconds: clockSkewSeconds(),
      auditLines,
      isLocked: isLocked(),
      now: clock.now(),
    });
    return exposition([...ofAgent, ...ofProcess]);
  }

  readiness(): Readiness {
    const problems = [...this.#roleProblems(), ...this.#endpointProblems()];
    return { ready: problems.length === 0, problems };
  }

  *#roleProblems(): Generator<ReadinessProblem> {
    const { clock, keepers, kept, isLocked } = this.#sources;
    // It holds nothing then, of any role, and that is no failure of theirs.
    if (isLocked()) return yield { reason: "the agent is locked", code: "Locked" };
    const names = new Set(kept());
    const now = clock.now();
    for (const { name, state } of keepers) {
      const found = names.has(name) ? shortfall(state, now) : undefined;
      if (found !== undefined) yield { role: name, ...found };
    }
  }

  *#endpointProblems(): Generator<ReadinessProblem> {
    for (const { type, address, lastError } of this.#sources.endpoints()) {
      if (lastError === null) continue;
      yield { endpoint: `${type} ${address}`, reason: "it could not be opened", code: lastError.code };
    }
  }
}
