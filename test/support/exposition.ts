/** What a scrape told. */
export interface Scrape {
  /** Of metrics and of their histograms' series. */
  readonly names: ReadonlySet<string>;
  /** Of the one series that has exactly these labels; undefined where there is none. */
  value(name: string, labels?: Readonly<Record<string, string>>): number | undefined;
  /** Everything, as it came. */
  readonly text: string;
}

const help = /^# HELP ([a-z_]+) (?:[^\\\n]|\\\\|\\n)+$/;
const type = /^# TYPE ([a-z_]+) (counter|gauge|histogram)$/;
const label = /([a-z_]+)="((?:[^"\\\n]|\\\\|\\"|\\n)*)"/;
const sample = new RegExp(`^([a-z_]+)(?:\\{((?:${label.source},?)*)\\})? (\\S+)$`);

/**
 * Reads Prometheus's text format and is strict about it: each metric once, its help and type first, no series twice,
 * counters in `_total`, numbers that are numbers.
 */
export function parseExposition(text: string): Scrape {
  if (!text.endsWith("\n")) throw new Error("the last line has no end");
  const series = new Map<string, number>();
  const metrics = new Set<string>();
  const names = new Set<string>();
  let current = { name: "", type: "" };
  for (const line of text.slice(0, -1).split("\n")) {
    const [, helped] = help.exec(line) ?? [];
    const [, typed, kind = ""] = type.exec(line) ?? [];
    if (helped !== undefined) {
      if (metrics.has(helped)) throw new Error(`${helped} comes twice`);
      metrics.add(helped);
      current = { name: helped, type: "" };
    } else if (typed !== undefined) {
      if (typed !== current.name || current.type !== "") throw new Error(`out of place: ${line}`);
      if ((kind === "counter") !== typed.endsWith("_total")) throw new Error(`misnamed: ${line}`);
      current = { name: typed, type: kind };
    } else {
      const { name, labels, value } = parseSample(line);
      const base = current.type === "histogram" ? name.replace(/_(?:bucket|sum|count)$/, "") : name;
      if (base !== current.name || current.type === "") throw new Error(`out of place: ${line}`);
      const key = keyOf(name, labels);
      if (series.has(key)) throw new Error(`twice: ${line}`);
      series.set(key, value);
      names.add(name);
    }
  }
  return { names, text, value: (name, labels = {}) => series.get(keyOf(name, labels)) };
}

function parseSample(line: string): { name: string; labels: Record<string, string>; value: number } {
  const found = sample.exec(line);
  if (found === null) throw new Error(`not a sample: ${line}`);
  const [, name = "", pairs = ""] = found;
  const written = found.at(-1) ?? "";
  const value = written.endsWith("Inf") ? Number(written.replace("Inf", "Infinity")) : Number(written);
  if (Number.isNaN(value) && written !== "NaN") throw new Error(`not a number: ${line}`);
  const labels = [...pairs.matchAll(new RegExp(label, "g"))].map(([, key = "", text = ""]) => [
    key,
    unescaped(text),
  ]);
  return { name, labels: Object.fromEntries(labels), value };
}

function unescaped(text: string): string {
  return text.replace(/\\(.)/g, (_all, sign: string) => (sign === "n" ? "\n" : sign));
}

function keyOf(name: string, labels: Readonly<Record<string, string>>): string {
  return JSON.stringify([name, Object.entries(labels).toSorted(([a], [b]) => (a < b ? -1 : 1))]);
}
