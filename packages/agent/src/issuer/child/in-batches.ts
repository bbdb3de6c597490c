import { setImmediate } from "node:timers/promises";

/** Reads values by name, several at once; a name that is not in the answer has none. */
export type BatchRead<Value> = (
  names: readonly string[],
  askedAt: number,
) => Promise<ReadonlyMap<string, Value>>;

/**
 * Lets one read be under way at a time: names that are asked for meanwhile share the next one, which begins after they
 * were asked for. Where a read fails, so does the next: who waits for a prompt that is dismissed is not shown another.
 *
 * @param read - told since when the first of its names is waited for, by `performance.now()`
 */
export function inBatches<Value>(read: BatchRead<Value>): (name: string) => Promise<Value | undefined> {
  let names = new Set<string>();
  let next: Promise<ReadonlyMap<string, Value>> | undefined;
  let current: Promise<unknown> | undefined;

  const startNext = async (askedAt: number): Promise<ReadonlyMap<string, Value>> => {
    try {
      // Jobs that arrive together are asked for within one turn of the event loop.
      await (current ?? setImmediate());
    } catch (error) {
      [names, next] = [new Set(), undefined];
      throw error;
    }
    const batch = [...names];
    const reading = read(batch, askedAt).finally(() => (current = undefined));
    [names, next, current] = [new Set(), undefined, reading];
    return reading;
  };

  return async (name) => {
    names.add(name);
    next ??= startNext(performance.now());
    return (await next).get(name);
  };
}
