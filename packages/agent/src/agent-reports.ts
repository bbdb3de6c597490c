import { join } from "node:path";
import type { EndpointStatus, RoleEventType } from "@role-agent/provider/protocol";
import { AgentObservation } from "./agent-observation.ts";
import type { AgentSessions } from "./agent-sessions.ts";
import { Audit } from "./audit/audit.ts";
import { AuditLog } from "./audit/audit-log.ts";
import type { Config } from "./config/config.ts";
import type { Clock } from "./core/clock.ts";
import type { Keeper } from "./core/keeper.ts";
import { utcSeconds, type RoleSession } from "./core/session.ts";
import { desktopNotification } from "./issuer/notification.ts";
import type { DoorType } from "./metrics/agent-metrics.ts";
import { RoleEvents } from "./role-events.ts";
import { roleStatus } from "./status.ts";
import type { Log } from "./system/log.ts";
import { stateDirectory } from "./system/state-directory.ts";

/** Where the reports of an agent look. */
export interface ReportSources {
  readonly clock: Clock;
  readonly env: NodeJS.ProcessEnv;
  readonly log: Log;
  readonly sessions: AgentSessions;
  /** The one in force. */
  readonly config: () => Config;
  readonly endpoints: () => readonly EndpointStatus[];
  readonly openConnections: () => Promise<ReadonlyMap<DoorType, number>>;
  readonly isLocked: () => boolean;
}

/** All who are told what happens in an agent: the log, people, who follows the events, the audit log, metrics. */
export class AgentReports {
  readonly events: RoleEvents;
  readonly audit: Audit;
  readonly observation: AgentObservation;
  readonly #sources: ReportSources;
  readonly #auditLog: AuditLog;

  constructor(sources: ReportSources) {
    const { clock, env, log, sessions, config, endpoints, openConnections, isLocked } = sources;
    this.#sources = sources;
    this.events = new RoleEvents({ log, notify: desktopNotification(env) });
    this.#auditLog = new AuditLog({ clock, log });
    this.audit = new Audit({
      clock,
      write: (line) => this.#auditLog.write(line),
      roleOf: (name) => config().roles.get(name),
    });
    this.observation = new AgentObservation({
      clock,
      keepers: sessions.keepers,
      kept: () => config().agent.prefetch,
      endpoints,
      openConnections,
      clockSkewSeconds: () => sessions.clockWatch.skewSeconds,
      auditLines: this.#auditLog.counts,
      isLocked,
      onRefusal: (door) => (answer, peer) => this.audit.refused(door, answer, peer),
    });
  }

  /** Takes a new configuration. */
  apply({ agent, roles, warnings }: Config): void {
    const { auditLog = join(stateDirectory(this.#sources.env), "audit.log") } = agent;
    this.#auditLog.use(auditLog === false ? undefined : auditLog);
    for (const warning of warnings) this.#sources.log.warn(warning);
    this.events.keepOnly(roles);
    this.observation.keepOnly(roles);
  }

  /** Something happened to a role. */
  happened(type: RoleEventType, keeper: Keeper): void {
    const { clock, config, sessions, log } = this.#sources;
    this.observation.happened(type, keeper);
    this.audit.happened(type, keeper);
    const now = clock.now();
    const status = roleStatus(keeper, config().roles, sessions.keepers, now);
    this.events.report(type, status, utcSeconds(now.wall));
    const { held, failure } = keeper.state;
    const notice =
      held === undefined || failure !== undefined ? undefined : sessions.clockWatch.observe(held.session);
    if (notice !== undefined) log.warn(notice);
  }

  /** Roles go on with sessions out of the session cache. */
  takenUp(keepers: readonly Keeper[]): void {
    for (const { name, state } of keepers)
      if (state.held !== undefined) this.audit.resumed(name, state.held.session);
  }

  /** A role was narrowed for one client, or was not. */
  narrowed(role: string, outcome: RoleSession | Error): void {
    this.events.reportNarrowed(role, outcome);
    this.audit.narrowed(role, outcome);
  }

  /** The agent has ended. */
  async close(): Promise<void> {
    this.audit.stopped();
    await this.#auditLog.close();
  }
}
