const unitMs: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** A duration as config.toml and options take it: a whole number and a unit. */
export const durationPattern: RegExp = /^[1-9]\d{0,5}[smhd]$/;

/** What is said of a text that is none. */
export const durationForm = 'must be a whole number and a unit: "90s", "30m", "12h" or "1d"';

/** Milliseconds of a text that {@link durationPattern} takes. */
export function durationMs(text: string): number {
  return Number.parseInt(text, 10) * (unitMs[text.slice(-1)] ?? 0);
}

/** The shortest such text of whole seconds: `4h`, `90s`. */
export function durationText(seconds: number): string {
  const [unit = "s", ms = 1000] =
    Object.entries(unitMs).findLast(([, each]) => (seconds * 1000) % each === 0) ?? [];
  return `${(seconds * 1000) / ms}${unit}`;
}
