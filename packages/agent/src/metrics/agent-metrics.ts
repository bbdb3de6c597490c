import type { EndpointStatus } from "@role-agent/provider/protocol";
import type { LineCounts } from "../audit/line-queue.ts";
import type { Instant } from "../core/clock.ts";
import { shortfall } from "../core/readiness.ts";
import { usable, type RefreshState } from "../core/refresh-policy.ts";
import { remaining } from "../core/session.ts";
import type { Family, Sample } from "./exposition.ts";
import type { IssueCounts } from "./issue-counts.ts";
import type { RequestCounts } from "./request-counts.ts";

/** The kinds of doors: the agent socket, and those of config.toml. */
export type DoorType = "agent" | EndpointStatus["type"];

/** What metrics are made of at a scrape. */
export interface MetricsSource {
  readonly version: string;
  readonly roles: readonly RoleFacts[];
  readonly issues: IssueCounts;
  readonly requests: ReadonlyMap<DoorType, RequestCounts>;
  readonly openConnections: ReadonlyMap<DoorType, number>;
  readonly clockSkewSeconds: number | null;
  readonly auditLines: LineCounts;
  readonly isLocked: boolean;
  readonly now: Instant;
}

/** A role as far as metrics tell of it. */
export interface RoleFacts {
  readonly name: string;
  readonly state: RefreshState;
  /** Whether it is kept fresh whether somebody asks or not. */
  readonly isKept: boolean;
}

/** The agent's metrics. Roles that are neither kept fresh nor were ever tried are left out, however many there are. */
export function agentMetrics(source: MetricsSource): readonly Family[] {
  const { version, issues, clockSkewSeconds, auditLines, isLocked } = source;
  const skew = clockSkewSeconds === null ? [] : [{ value: clockSkewSeconds }];
  return [
    {
      name: "role_agent_build_info",
      type: "gauge",
      help: "Always 1; the labels tell which agent it is.",
      samples: [{ labels: { version, node: process.version }, value: 1 }],
    },
    {
      name: "role_agent_locked",
      type: "gauge",
      help: "1 where the agent gives no credentials until it is unlocked, else 0.",
      samples: [{ value: isLocked ? 1 : 0 }],
    },
    ...roleMetrics(source),
    {
      name: "role_agent_issue_duration_seconds",
      type: "histogram",
      help: "How long asking for a session took, also where it failed.",
      samples: issues.durations.samples(),
    },
    ...requestMetrics(source),
    {
      name: "role_agent_clock_skew_seconds",
      type: "gauge",
      help: "By how much AWS's clock is ahead of this machine's, as the newest session showed.",
      samples: skew,
    },
    {
      name: "role_agent_audit_lines_total",
      type: "counter",
      help: "Lines of the audit log that were written, and that could not be.",
      samples: (["written", "lost"] as const).map((outcome) => ({
        labels: { outcome },
        value: auditLines[outcome],
      })),
    },
  ];
}

function roleMetrics({ roles, issues, now }: MetricsSource): readonly Family[] {
  const told = roles.filter(
    ({ name, isKept }) => isKept || issues.issuedTo(name) > 0 || issues.failuresOf(name).size > 0,
  );
  const each = (samplesOf: (role: RoleFacts) => readonly Sample[]): readonly Sample[] =>
    told.flatMap(samplesOf);
  return [
    {
      name: "role_agent_role_ready",
      type: "gauge",
      help: "Whether a role that is kept fresh can be relied on: 0 before its session has ended.",
      samples: each(({ name, state, isKept }) =>
        isKept ? [{ labels: { role: name }, value: shortfall(state, now) === undefined ? 1 : 0 }] : [],
      ),
    },
    {
      name: "role_agent_session_remaining_seconds",
      type: "gauge",
      help: "What is left of the session, by AWS's clock; absent where none is held.",
      samples: each(({ name, state }) => {
        const held = usable(state, now);
        return held === undefined ? [] : [{ labels: { role: name }, value: remaining(held, now) / 1000 }];
      }),
    },
    {
      name: "role_agent_sessions_issued_total",
      type: "counter",
      help: "Sessions that AWS gave.",
      samples: each(({ name }) => [{ labels: { role: name }, value: issues.issuedTo(name) }]),
    },
    {
      name: "role_agent_issue_failures_total",
      type: "counter",
      help: "Attempts to get a session that failed, by error code.",
      samples: each(({ name }) =>
        [...issues.failuresOf(name)].map(([code, value]) => ({ labels: { role: name, code }, value })),
      ),
    },
  ];
}

function requestMetrics({ requests, openConnections }: MetricsSource): readonly Family[] {
  return [
    {
      name: "role_agent_requests_total",
      type: "counter",
      help: "Requests, by the door they came through and how they went.",
      samples: [...requests].flatMap(([door, counts]) =>
        outcomes.map(([outcome, field]) => ({ labels: { door, outcome }, value: counts[field] })),
      ),
    },
    {
      name: "role_agent_open_connections",
      type: "gauge",
      help: "Connections of clients.",
      samples: [...openConnections].map(([door, value]) => ({ labels: { door }, value })),
    },
    {
      name: "role_agent_dropped_connections_total",
      type: "counter",
      help: "Connections that were closed, since the door had too many.",
      samples: [...requests].map(([door, { dropped }]) => ({ labels: { door }, value: dropped })),
    },
  ];
}

const outcomes = [
  ["served", "served"],
  ["failed", "failed"],
  ["not_found", "notFound"],
  ["unauthorized", "unauthorized"],
  ["refused", "refused"],
] as const;
