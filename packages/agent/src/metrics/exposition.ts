/** One metric with all its series, as Prometheus reads it. */
export interface Family {
  /** With its unit, and `_total` where it only grows. */
  readonly name: string;
  readonly type: "counter" | "gauge" | "histogram";
  /** One sentence for whoever meets it in a query editor. */
  readonly help: string;
  readonly samples: readonly Sample[];
}

/** One line: a value, and what tells it from the others of its family. */
export interface Sample {
  /** Of a histogram: `_bucket`, `_sum` or `_count`. */
  readonly suffix?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly value: number;
}

/** The `Content-Type` of what {@link exposition} writes. */
export const expositionType = "text/plain; version=0.0.4; charset=utf-8";

/**
 * Metrics in Prometheus's text format. A family without samples is left out.
 * @see https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format
 */
export function exposition(families: readonly Family[]): string {
  return families
    .filter(({ samples }) => samples.length > 0)
    .map(({ name, type, help, samples }) => {
      const lines = samples.map((sample) => `${name}${line(sample)}\n`);
      return `# HELP ${name} ${escaped(help)}\n# TYPE ${name} ${type}\n${lines.join("")}`;
    })
    .join("");
}

function line({ suffix = "", labels = {}, value }: Sample): string {
  const pairs = Object.entries(labels).map(
    ([label, text]) => `${label}="${escaped(text).replaceAll('"', String.raw`\"`)}"`,
  );
  return `${suffix}${pairs.length === 0 ? "" : `{${pairs.join(",")}}`} ${number(value)}`;
}

function escaped(text: string): string {
  return text.replaceAll("\\", String.raw`\\`).replaceAll("\n", String.raw`\n`);
}

function number(value: number): string {
  return Number.isFinite(value) || Number.isNaN(value) ? String(value) : value > 0 ? "+Inf" : "-Inf";
}
