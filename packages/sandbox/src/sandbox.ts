import { CallLog } from "./call-log.ts";
import { SandboxClock } from "./clock.ts";
import { environmentOf, type SandboxAddress } from "./environment.ts";
import { FaultPlan, type Fault } from "./faults.ts";
import { httpHandler } from "./http-handler.ts";
import { administrators, createState } from "./initial-state.ts";
import { maxSessionSeconds, shortestSessionSeconds } from "./limits.ts";
import { startLoopbackServer } from "./loopback-server.ts";
import {
  addProfile,
  addTrustAnchor,
  type AnywhereProfileOptions,
  type TrustAnchorOptions,
} from "./rolesanywhere/resources.ts";
import { operationNames } from "./services.ts";
import { signIn, type LoginDocument } from "./signin/sign-in.ts";
import type { AnywhereProfile, SandboxState, TrustAnchor } from "./state.ts";
import { totp } from "./totp.ts";

const defaultRegion = "us-east-1";

export interface SandboxOptions {
  /** TCP port on 127.0.0.1; by default any free one. */
  port?: number;
  /** The shortest DurationSeconds that is accepted, in seconds; by default AWS's 900. */
  minSessionSeconds?: number;
  /** Every session lasts this many seconds, whatever its call asks for. */
  sessionSeconds?: number;
  clock?: SandboxClock;
}

/** A running sandbox. `stop()` it, or its listener keeps the process alive. */
export interface Sandbox extends SandboxAddress {
  readonly port: number;
  readonly state: SandboxState;
  readonly calls: CallLog;
  readonly clock: SandboxClock;
  /**
   * What the virtual MFA device shows `at` a time (milliseconds since the epoch; by default the sandbox's
   * present): six digits, another every 30 seconds. Throws a RangeError where there is no such device.
   */
  mfaCode(serialNumber: string, at?: number): string;
  /** Environment variables for clients; `configPath` is where the caller writes `awsConfigFile(sandbox)`. */
  environment(configPath: string): Record<string, string>;
  /** Has Roles Anywhere trust a CA. Throws a RangeError for a certificate that AWS takes for no trust anchor. */
  addTrustAnchor(options: TrustAnchorOptions): TrustAnchor;
  /** Makes a profile of Roles Anywhere. Throws PolicyDocumentError for a malformed session policy. */
  addProfile(options: AnywhereProfileOptions): AnywhereProfile;
  /**
   * What `aws login` would have written into its cache. By default it is the first account's administrator who signs in;
   * `loginSession` names another user (`arn:aws:iam::…:user/NAME`) or a session of a role
   * (`arn:aws:sts::…:assumed-role/ROLE/SESSION`). Rejects with a RangeError where there is no such identity.
   */
  signIn(loginSession?: string): Promise<LoginDocument>;
  /**
   * From now on this goes wrong with calls of `operation` (an action's name, or `*` for all), for the next
   * `times` of them or until the returned function takes it back. The newest fault that fits a call is the
   * one it gets.
   */
  fault(operation: string, fault: Fault, options?: { times?: number }): () => void;
  clearFaults(): void;
  /**
   * Unreachable: connections are cut and refused, until `resume()` on the same port. State and sessions stay.
   */
  pause(): Promise<void>;
  resume(): Promise<void>;
  /** Ends at once, hanging calls too. */
  stop(): Promise<void>;
}

/**
 * Starts an offline STS and IAM on 127.0.0.1 that answer as AWS does: they check signatures, trust policies,
 * identity policies and limits. Rejects with a RangeError for an option out of range, and with the system's
 * error (`EADDRINUSE`, `EACCES`) for a port it can't have.
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const { port = 0, minSessionSeconds = shortestSessionSeconds, sessionSeconds } = options;
  checkSeconds("minSessionSeconds", minSessionSeconds);
  if (sessionSeconds !== undefined) checkSeconds("sessionSeconds", sessionSeconds);

  const clock = options.clock ?? new SandboxClock();
  const state = createState(clock.now());
  const faults = new FaultPlan();
  const calls = new CallLog();
  const settings = { minSessionSeconds, sessionSeconds };
  const server = await startLoopbackServer(port, httpHandler({ state, settings, clock }, faults, calls));
  const address: SandboxAddress = {
    url: `http://127.0.0.1:${server.port}`,
    region: defaultRegion,
    accounts: administrators,
  };
  return {
    ...address,
    port: server.port,
    state,
    calls,
    clock,
    mfaCode(serialNumber, at = clock.now()) {
      const device = state.mfaDevices[serialNumber];
      if (device === undefined) throw new RangeError(`no such MFA device: ${serialNumber}`);
      return totp(device.seed, at);
    },
    environment: (configPath) => environmentOf(address, configPath),
    addTrustAnchor: (anchor) => addTrustAnchor(state, address, anchor),
    addProfile: (profile) => addProfile(state, address, profile),
    signIn: (loginSession) => signIn({ state, settings, clock }, loginSession),
    fault(operation, fault, { times } = {}) {
      if (operation !== "*" && !operationNames.has(operation)) {
        throw new RangeError(`no such operation: ${operation}`);
      }
      return faults.add(operation, fault, times);
    },
    clearFaults: () => faults.clear(),
    pause: () => server.pause(),
    resume: () => server.resume(),
    stop: () => server.pause(),
  };
}

function checkSeconds(name: string, seconds: number): void {
  if (!Number.isInteger(seconds) || seconds < 1 || seconds > maxSessionSeconds) {
    throw new RangeError(`${name} must be a whole number from 1 to ${maxSessionSeconds}: ${seconds}`);
  }
}
