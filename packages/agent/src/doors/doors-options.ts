import type { Audit } from "../audit/audit.ts";
import type { EndpointConfig } from "../config/endpoint-config.ts";
import type { AgentLock } from "../core/agent-lock.ts";
import type { Clock } from "../core/clock.ts";
import type { KeeperTable } from "../core/keeper-table.ts";
import type { MayHave } from "../endpoints/confirming.ts";
import { keeperSupply, usualPatienceMs } from "../endpoints/credential-supply.ts";
import { imdsTokens } from "../endpoints/imds-tokens.ts";
import type { Observation } from "../endpoints/observation.ts";
import type { RequestCounts } from "../metrics/request-counts.ts";
import type { Log } from "../system/log.ts";
import type { DoorContext } from "./door.ts";

/** What the doors of an agent are made with. */
export interface DoorsOptions {
  readonly keepers: KeeperTable;
  readonly lock: Pick<AgentLock, "use">;
  readonly clock: Clock;
  /** Of the agent: token files lie beside it. */
  readonly socketPath: string;
  readonly env: NodeJS.ProcessEnv;
  readonly log: Log;
  readonly audit: Pick<Audit, "used">;
  readonly observation: Observation;
  readonly mayHave: MayHave;
  /** Seals the tokens of IMDS. */
  readonly imdsKey: Buffer;
  /** The process before, whose doors these are. */
  readonly predecessor?: DoorContext["predecessor"];
  /** What a service manager listens with already. */
  readonly activation?: DoorContext["activation"];
  readonly requestCounts: (type: EndpointConfig["type"]) => RequestCounts;
  /** How many the process may have open. */
  readonly descriptors: number;
}

/** How long a client may have to wait for the first session of an agent that is new. */
const newAgentsPatienceMs = 3000;

/** What each door is made with. */
export function doorContext(
  {
    keepers,
    lock,
    clock,
    socketPath,
    log,
    audit,
    observation,
    mayHave,
    imdsKey,
    predecessor,
    activation,
  }: DoorsOptions,
  regionOf: DoorContext["regionOf"],
): DoorContext {
  const startedAt = clock.now().mono;
  // Who was in a service manager's queue has asked an agent that is no more, and may ask no second time: there are
  // clients that wait as long as it takes, and none of those that don't is worse off.
  const patienceMs = (): number =>
    activation === undefined
      ? usualPatienceMs
      : Math.max(usualPatienceMs, startedAt + newAgentsPatienceMs - clock.now().mono);
  return {
    supplyOf: (door) =>
      keeperSupply(keepers, lock, (role, held, peer) => audit.used(door, role, held, peer), patienceMs),
    clock,
    socketPath,
    imdsTokens: imdsTokens(clock, imdsKey),
    regionOf,
    observation,
    mayHave,
    log,
    predecessor,
    activation,
  };
}
