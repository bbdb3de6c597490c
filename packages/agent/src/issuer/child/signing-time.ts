/** Clocks that are off by less are taken as right: AWS accepts signatures of five minutes before and after. */
const noticedMs = 60_000;

let skewMs = 0;

/** Takes note of how far AWS's clock is ahead of this machine's, where that is known. */
export function skewIs(ms: number | undefined): void {
  skewMs = ms !== undefined && Math.abs(ms) > noticedMs ? ms : 0;
}

/**
 * What requests are signed by, in milliseconds ahead of this machine's clock: so that one which is set wrong does not
 * cost each session a request that AWS refuses.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html
 */
export function signingOffsetMs(): number {
  return skewMs;
}
