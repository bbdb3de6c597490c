import type { ListenAddress } from "./config/endpoint-config.ts";
import type { Clock } from "./core/clock.ts";
import { ClockWatch } from "./core/clock-watch.ts";
import { KeeperTable, type KeeperTableOptions } from "./core/keeper-table.ts";
import type { Issue } from "./core/role-sources.ts";
import { needsPassphrase } from "./core/role.ts";
import { ScopedSessions, type ScopedSessionsOptions } from "./core/scoped-sessions.ts";
import type { Secret } from "./core/secret.ts";
import { revealed, sealed, type RoleSession } from "./core/session.ts";
import type { Keeper } from "./core/keeper.ts";
import type { KeptSessions } from "./handover/estate.ts";
import { Issuer } from "./issuer/issuer.ts";
import { isRepeatable } from "./issuer/repeatable.ts";
import { uptimeMs } from "./issuer/machine-clock.ts";
import { refuseOwnSource } from "./own-source.ts";
import type { EnvironmentSecrets } from "./issuer/environment-secrets.ts";

/** What the sessions of an agent are made with. */
export interface AgentSessionsOptions {
  readonly clock: Clock;
  readonly env: NodeJS.ProcessEnv;
  readonly environmentSecrets: EnvironmentSecrets;
  readonly passphrase: Secret | undefined;
  /** Where the agent itself serves over TCP right now. */
  readonly addresses: () => readonly ListenAddress[];
  /** Measures how long AWS takes. */
  readonly timed: (issue: () => Promise<RoleSession>) => Promise<RoleSession>;
  /** While sessions of the agent before may still come. */
  readonly inheritance: () => Promise<void> | undefined;
  readonly onEvent: KeeperTableOptions["onEvent"];
  readonly onNarrowed: ScopedSessionsOptions["onAttempt"];
}

/** All sessions that an agent holds, the issuer that they come from, and AWS's clock as they show it. */
export class AgentSessions {
  readonly keepers: KeeperTable;
  readonly scoped: ScopedSessions;
  readonly clockWatch: ClockWatch;
  readonly #options: AgentSessionsOptions;
  readonly #issuer: Issuer;

  constructor(options: AgentSessionsOptions) {
    this.#options = options;
    const { clock, env, environmentSecrets, inheritance, onEvent, onNarrowed } = options;
    this.clockWatch = new ClockWatch(() => uptimeMs() - clock.now().wall);
    this.#issuer = new Issuer({ env, secrets: environmentSecrets });
    this.keepers = new KeeperTable({
      clock,
      issue: this.#issue,
      fileMark: (path) => this.#issuer.signInMark(path),
      inheritance,
      onEvent,
    });
    this.scoped = new ScopedSessions({
      clock,
      issue: (role, scope) => this.keepers.narrowed(role, scope),
      onAttempt: onNarrowed,
    });
  }

  /** Has the first session come sooner, where one is sure to be obtained. */
  prepare(): void {
    this.#issuer.prepare();
  }

  /** Goes on with those that the process before held of the same roles; answers how many. */
  adopt(left: KeptSessions): number {
    const held = this.takeUp(left).flatMap(({ state }) => state.held?.session ?? []);
    for (const session of held.toSorted((a, b) => a.receivedAt - b.receivedAt))
      this.clockWatch.observe(session);
    return held.length;
  }

  /** The same with those of long ago, which may tell nothing of this machine's clock as it is now; answers whose they are. */
  takeUp({ kept, roles }: KeptSessions): readonly Keeper[] {
    return this.keepers.adopt(kept, roles);
  }

  /** Drops all, and obtains none until it is unlocked. */
  lock(): void {
    // The issuer's child has the keys that jobs under way are done with.
    void this.#issuer.stop("the agent was locked");
    this.keepers.lock();
    this.scoped.forget();
  }

  /** Resolves when nothing is obtained any more. */
  async stop(): Promise<void> {
    await this.#issuer.stop();
  }

  readonly #issue: Issue = async (role, source, input, held) => {
    const { env, passphrase, addresses, timed } = this.#options;
    refuseOwnSource(role, env, addresses());
    const clockSkewMs = this.clockWatch.skewMs();
    const request = {
      role,
      ...(source && { source: revealed(source) }),
      ...(input && { input }),
      ...(held && { heldKey: held.accessKeyId }),
      ...(isRepeatable(role) && this.keepers.get(role.name)?.isWaitedFor === true && { isWaitedFor: true }),
      ...(needsPassphrase(role) && { passphrase: passphrase?.reveal() }),
      ...(clockSkewMs !== undefined && { clockSkewMs }),
    };
    return this.clockWatch.corrected(await timed(async () => sealed(await this.#issuer.issue(request))));
  };
}
