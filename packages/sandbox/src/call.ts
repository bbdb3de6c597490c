import type { AwsRequest } from "./aws-request.ts";
import type { Principal } from "./principal.ts";
import type { SandboxState } from "./state.ts";
import type { XmlObject } from "./xml.ts";

export interface SessionSettings {
  /** The shortest DurationSeconds that is accepted. */
  minSessionSeconds: number;
  /** What every session is granted, whatever was asked. */
  sessionSeconds: number | undefined;
}

/** One call of an action that nobody signs: what it carries proves who asks. */
export interface UnsignedCall {
  request: AwsRequest;
  state: SandboxState;
  settings: SessionSettings;
  now: number;
}

/** One authenticated call of an action. */
export interface Call extends UnsignedCall {
  principal: Principal;
  region: string;
}

/**
 * One action of STS or IAM: checks its parameters, then whether the caller may, then does it, all in one go
 * so that calls never mix. Returns the members of its result, `undefined` where AWS's answer has none, and
 * throws `AwsError`.
 */
export type Operation = (call: Call) => XmlObject | undefined;

/** As an `Operation`, but it may wait for the proof to be checked before it does the rest in one go. */
export type UnsignedOperation = (call: UnsignedCall) => XmlObject | Promise<XmlObject>;
