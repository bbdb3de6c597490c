import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { parseExposition, type Scrape } from "../support/exposition.ts";
import { getOnSocket } from "../support/get-on-socket.ts";
import { metricsOf } from "../support/promql.ts";
import { createWorld, deployConfig } from "../support/world.ts";

function example(path: string): string {
  return readFileSync(fileURLToPath(new URL(`../../examples/${path}`, import.meta.url)), "utf8");
}

/** A scrape of an agent to which everything has happened that a metric tells of. */
async function fullScrape(): Promise<Scrape> {
  const world = await createWorld();
  world.configure(`[agent]\nprefetch = ["deploy"]\n${deployConfig}`);
  world.sandbox.fault("AssumeRole", { kind: "status", status: 500 }, { times: 1 });
  await world.startAgent();
  while ((await world.client.status()).roles.every(({ expiration }) => expiration === null))
    await world.client.credentials("deploy").catch(() => undefined);
  return parseExposition((await getOnSocket(world, "/metrics")).body);
}

interface Dashboard {
  readonly templating: { readonly list: readonly { name: string; type: string; definition?: string }[] };
  readonly panels: readonly {
    readonly id: number;
    readonly title: string;
    readonly datasource: object;
    readonly gridPos: { x: number; y: number; w: number; h: number };
    readonly targets: readonly { expr: string; datasource: object }[];
  }[];
}

const dashboard: Dashboard = JSON.parse(example("grafana/role-agent.json"));
const { groups } = parse(example("prometheus/role-agent.rules.yml"));
const rules: readonly { alert: string; expr: string; annotations: { summary: string } }[] = groups[0].rules;

/** As Grafana fills them in. */
function filledIn(expression: string): string {
  return expression.replaceAll("$__rate_interval", "1m").replaceAll(/\$(?:job|instance)/g, ".*");
}

describe("the dashboard and the alerts of examples/", () => {
  it("read metrics that a scrape has, in PromQL, and between them all of the agent's own", async () => {
    const { names } = await fullScrape();
    const variables = dashboard.templating.list.flatMap(
      ({ definition }) => /^label_values\((.*), \w+\)$/.exec(definition ?? "")?.[1] ?? [],
    );
    const ofPanels = dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));
    const used = [...variables, ...ofPanels, ...rules.map(({ expr }) => expr)].flatMap((expression) => {
      const metrics = metricsOf(filledIn(expression));
      expect(metrics, expression).not.toEqual([]);
      return metrics;
    });
    // `up` is Prometheus's own.
    expect(used.filter((name) => name !== "up" && !names.has(name))).toEqual([]);
    const unseen = [...names].filter((name) => !used.includes(name) && !/_(?:sum|count)$/.test(name));
    expect(unseen).toEqual(["process_start_time_seconds", "process_open_fds"]);
  });

  it("are read from whichever data source is chosen", () => {
    expect(dashboard.templating.list[0]).toMatchObject({
      name: "datasource",
      type: "datasource",
      query: "prometheus",
    });
    const sources = dashboard.panels.flatMap(({ datasource, targets }) => [
      datasource,
      ...targets.map((each) => each.datasource),
    ]);
    for (const source of sources) expect(source).toEqual({ type: "prometheus", uid: "${datasource}" });
  });

  it("have panels that lie beside each other, each with an id of its own", () => {
    expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length);
    const cells = dashboard.panels.flatMap(({ gridPos: { x, y, w, h } }) => {
      expect(x + w).toBeLessThanOrEqual(24);
      return Array.from({ length: w * h }, (_, index) => `${x + (index % w)} ${y + Math.floor(index / w)}`);
    });
    expect(new Set(cells).size).toBe(cells.length);
  });

  it("say in an alert whom it is about", () => {
    for (const { alert, annotations } of rules) {
      expect(alert).toMatch(/^RoleAgent[A-Z]/);
      expect(annotations.summary).toMatch(/\$labels\.(?:instance|role)/);
    }
  });
});
