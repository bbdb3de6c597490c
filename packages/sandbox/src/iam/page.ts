import { AwsError } from "../aws-error.ts";

const defaultMaxItems = 100;

export interface Page<T> {
  items: T[];
  /** The members that every IAM list answer ends with. */
  paging: { IsTruncated: boolean; Marker?: string };
}

/**
 * The part of a list that a call asks for; a marker is the position of the next item, encoded since callers
 * must not build on it.
 */
export function page<T>(
  all: readonly T[],
  { Marker, MaxItems = defaultMaxItems }: { Marker: string | undefined; MaxItems: number | undefined },
): Page<T> {
  const start = Marker === undefined ? 0 : position(Marker);
  const end = start + MaxItems;
  const paging = end < all.length ? { IsTruncated: true, Marker: markerOf(end) } : { IsTruncated: false };
  return { items: all.slice(start, end), paging };
}

function markerOf(next: number): string {
  return Buffer.from(`next ${next}`).toString("base64url");
}

function position(marker: string): number {
  const [, next] = /^next (\d+)$/.exec(Buffer.from(marker, "base64url").toString()) ?? [];
  if (next === undefined) throw new AwsError("ValidationError", `Invalid Marker: ${marker}`);
  return Number(next);
}
