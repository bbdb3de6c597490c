// Two things are measured in turn, each first every other time, so that what else the machine does meets both alike.

/** Runs both so often; answers the median of either, and the median of the ratios of each round. */
export async function compare(ours, base, rounds) {
  const results = [];
  for (let round = 0; round < rounds; round += 1) {
    const order = round % 2 === 0 ? [ours, base] : [base, ours];
    const measured = new Map();
    for (const measure of order) measured.set(measure, await measure());
    results.push({ ours: measured.get(ours), base: measured.get(base) });
  }
  return {
    ours: median(results.map((each) => each.ours)),
    base: median(results.map((each) => each.base)),
    ratio: median(results.map((each) => each.ours / each.base)),
  };
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}
