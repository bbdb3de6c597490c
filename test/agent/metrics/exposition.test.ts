import { describe, expect, it } from "vitest";
import { exposition, type Sample } from "../../../packages/agent/src/metrics/exposition.ts";
import { Histogram } from "../../../packages/agent/src/metrics/histogram.ts";
import { parseExposition } from "../../support/exposition.ts";

function text(...samples: readonly Sample[]): string {
  return exposition([{ name: "role_agent_things", type: "gauge", help: 'A "help"\\\nin lines.', samples }]);
}

describe("the exposition", () => {
  it("names a metric, tells what it is, and gives each series a line", () => {
    expect(text({ value: 1 }, { labels: { role: "a", code: "b" }, value: 0.25 })).toBe(
      '# HELP role_agent_things A "help"\\\\\\nin lines.\n' +
        "# TYPE role_agent_things gauge\n" +
        'role_agent_things 1\nrole_agent_things{role="a",code="b"} 0.25\n',
    );
  });

  it("escapes whatever a role may be called", () => {
    const role = 'my "role" \\ of\nteam {a="b"} #ü';
    expect(parseExposition(text({ labels: { role }, value: 1 })).value("role_agent_things", { role })).toBe(
      1,
    );
  });

  it.each([
    [Infinity, "+Inf"],
    [-Infinity, "-Inf"],
    [NaN, "NaN"],
    [1e21, "1e+21"],
  ])("writes %d as Prometheus does", (value, written) => {
    expect(text({ value })).toContain(`role_agent_things ${written}\n`);
  });

  it("leaves out a metric that has nothing to tell", () => {
    expect(text()).toBe("");
  });
});

describe("a histogram", () => {
  it("counts in each bucket all that is not above its bound", () => {
    const histogram = new Histogram([0.5, 1]);
    for (const value of [0.25, 0.5, 0.75, 8]) histogram.observe(value);
    const metrics = parseExposition(
      exposition([{ name: "took_seconds", type: "histogram", help: "Time.", samples: histogram.samples() }]),
    );
    const buckets = ["0.5", "1", "+Inf"].map((le) => metrics.value("took_seconds_bucket", { le }));
    expect(buckets).toEqual([2, 3, 4]);
    expect(metrics.value("took_seconds_sum")).toBe(9.5);
    expect(metrics.value("took_seconds_count")).toBe(4);
  });
});
