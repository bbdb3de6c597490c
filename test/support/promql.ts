import { parser } from "@prometheus-io/lezer-promql";

/** The metrics that a PromQL expression reads. Throws where it is no PromQL, by the grammar of Prometheus's own editor. */
export function metricsOf(expression: string): readonly string[] {
  const names: string[] = [];
  parser.parse(expression).iterate({
    enter: ({ name, type, node, from, to }) => {
      if (type.isError) throw new Error(`no PromQL at ${from}: ${expression}`);
      if (name === "Identifier" && node.parent?.name === "VectorSelector")
        names.push(expression.slice(from, to));
    },
  });
  return names;
}
