/**
 * AWS's time at the receipt of an answer. `Date` counts whole seconds, so a local clock that agrees with it within
 * that second and the round trip is taken as exact; otherwise AWS's clock counts, at the latest moment it can show.
 */
export function serverNow(date: number, sentAt: number, receivedAt: number): number {
  if (Number.isNaN(date)) return receivedAt;
  const latest = date + 1000 + (receivedAt - sentAt);
  return receivedAt >= date && receivedAt <= latest ? receivedAt : latest;
}
