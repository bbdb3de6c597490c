// Makes docs/compatibility.md of what test/interop/compatibility has written into .cache/compatibility. With --update it is
// written, else it must be what is there already.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const results = join(root, ".cache", "compatibility");
const document = join(root, "docs", "compatibility.md");

/** What the test files write; the first has all rows, in order. */
const files = ["restart", "short-sessions", "hours", "refusals"];
const columns = [
  ["first fetch", "sessions of an hour, one signed call; the number is that of requests to the agent"],
  [
    "two renewals",
    "sessions of 30 seconds: calls go on until three keys have signed them, and none may fail but one that is under way when a session ends",
  ],
  [
    "wrong token",
    "made up, cut short, doubled, another role's: refused; the number is the most requests of one call",
  ],
  ["unknown role", "a role that the agent doesn't have, likewise"],
  [
    "STS outage",
    "AssumeRole fails for as long as the session lives: no signed call fails until 200 ms before its end",
  ],
  [
    "recovery",
    "then the session has ended, and five seconds later AssumeRole is back: the client works again by itself",
  ],
  [
    "agent restart",
    "sessions of an hour, the agent killed (SIGKILL) under [socket activation](systemd.md) when the client has connected and has no answer: that call, and one more",
  ],
  [
    "restart, doors shut",
    "the same without: nobody listens until the next agent does; a call while it is away, one when it is back",
  ],
];
const scenarios = columns.map(([name]) => name);

const introduction = `# Compatibility

Which clients get a role from role-agent, as seen in a run: each is unmodified, in a process of its own, and knows nothing of role-agent but what [Endpoints](endpoints.md) and [exec](exec.md) have it set. The agent is the real one, and
AWS is [the sandbox](sandbox.md), which refuses a signature by an expired or foreign key. \`npm run test:interop -- --update\` makes this page again, and \`npm run test:interop\` fails where it is no longer true.

A shape is the way to the role: the \`container\` credentials endpoint, \`imds\`, a profile whose credential \`process\` is the line with curl, and for our own provider a \`socket\`.

${aligned([["column", "what is done"], ...columns])}

boto3 on \`imds\` goes across its renewals and the outage with sessions of an hour, by a clock that the test moves (libfaketime): it takes sessions of seconds for longer ones. By the same rule it works again within 15 minutes of AWS's return, not at once.

On \`imds\` the AWS CLI waits a second for an answer, and asks once. Where it gave up on a machine that needed 0.8 seconds or more to start the next agent, "agent restart" is done again; after four times, with \`AWS_METADATA_SERVICE_TIMEOUT\`, as [systemd](systemd.md) has it for such a machine. The run says so.
`;

/** Compares or writes the page. Returns whether all is well. */
export function checkCompatibilityTable(isUpdate) {
  const text = page(readResults());
  if (isUpdate) writeFileSync(document, text);
  if (existsSync(document) && readFileSync(document, "utf8") === text) return true;
  console.error("test-interop: docs/compatibility.md differs from what this run gave");
  console.error("hint: npm run test:interop -- --update, and look at the difference");
  return false;
}

function readResults() {
  return files.flatMap((name) => JSON.parse(readFileSync(join(results, `${name}.json`), "utf8")));
}

function page(outcomes) {
  const rows = new Map(outcomes.map((each) => [rowOf(each), []]));
  for (const each of outcomes) rows.get(rowOf(each)).push(each);
  const causes = [...new Set(outcomes.flatMap(({ cause }) => cause ?? []))];
  const head = ["SDK", "version", "shape", ...scenarios];
  const table = aligned([head, ...[...rows.values()].map((row) => line(row, causes))]);
  const notes = causes.map((cause, index) => `${index + 1}. ${cause}`).join("\n");
  return `${introduction}\n## The run\n\n${table}\n\n${notes}\n`;
}

/** A table as oxfmt formats it. */
function aligned([head, ...rows]) {
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => row[column].length)));
  const rule = widths.map((width) => "-".repeat(width));
  return [head, rule, ...rows]
    .map((row) => `| ${row.map((text, column) => text.padEnd(widths[column])).join(" | ")} |`)
    .join("\n");
}

function rowOf({ sdk, shape }) {
  return `${sdk}, ${shape}`;
}

function line(outcomes, causes) {
  const [{ sdk, version, shape }] = outcomes;
  const cellOf = (name) => outcomes.filter(({ scenario }) => scenario === name);
  return [sdk, version, shape, ...scenarios.map((name) => cell(cellOf(name), causes))];
}

function cell(outcomes, causes) {
  if (outcomes.length === 0) return "–";
  const cause = outcomes.flatMap((each) => each.cause ?? [])[0];
  if (cause !== undefined) return `**no** (${causes.indexOf(cause) + 1})`;
  const requests = outcomes.flatMap((each) => each.requests ?? []);
  return requests.length === 0 ? "yes" : `yes, ${Math.max(...requests)}`;
}
