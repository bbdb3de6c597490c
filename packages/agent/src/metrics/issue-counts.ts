import type { ErrorCode } from "@role-agent/provider/errors";
import { Histogram } from "./histogram.ts";

/** Seconds: STS takes a tenth of one, a child that has to be started a half, and after ten the issuer gives up. */
const durationBounds = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** How the attempts to get sessions went, by role. */
export class IssueCounts {
  /** From the job's beginning to AWS's answer or its absence, waiting for its turn included. */
  readonly durations: Histogram = new Histogram(durationBounds);
  readonly #issued = new Map<string, number>();
  readonly #failed = new Map<string, Map<ErrorCode, number>>();

  issued(role: string): void {
    this.#issued.set(role, this.issuedTo(role) + 1);
  }

  failed(role: string, code: ErrorCode): void {
    const codes = this.#failed.get(role) ?? new Map<ErrorCode, number>();
    codes.set(code, (codes.get(code) ?? 0) + 1);
    this.#failed.set(role, codes);
  }

  issuedTo(role: string): number {
    return this.#issued.get(role) ?? 0;
  }

  failuresOf(role: string): ReadonlyMap<ErrorCode, number> {
    return this.#failed.get(role) ?? new Map<ErrorCode, number>();
  }

  /** The configuration was read again: roles that are gone are told of no more. */
  keepOnly(roles: ReadonlyMap<string, unknown>): void {
    for (const counts of [this.#issued, this.#failed]) {
      for (const role of counts.keys()) if (!roles.has(role)) counts.delete(role);
    }
  }
}
