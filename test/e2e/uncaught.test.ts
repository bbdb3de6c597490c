import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";

const lastDefence = new URL("../../packages/agent/dist/uncaught.js", import.meta.url).href;
const errors = new URL("../../packages/provider/dist/errors.js", import.meta.url).href;

/** A process of the agent's that fails as `script` says. */
function fail(script: string): { status: number | null; stderr: string } {
  const text = `import ${JSON.stringify(lastDefence)}; import { RoleAgentError } from ${JSON.stringify(errors)}; ${script}`;
  const { status, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", text], {
    encoding: "utf8",
  });
  return { status, stderr };
}

test.each([
  ["throws", "setTimeout(() => { throw error; }); await new Promise((r) => setTimeout(r, 100));"],
  ["leaves a rejection alone", "void Promise.reject(error); await new Promise((r) => setTimeout(r, 100));"],
])("a process that %s ends with 1, and tells where but not what", (_how, act) => {
  const { status, stderr } = fail(
    `const error = new TypeError("wJalrXUtnFEMI"); error.$response = { body: "wJalrXUtnFEMI" }; ${act}`,
  );
  expect(status).toBe(1);
  expect(stderr).toMatch(/^role-agent: ended by a mistake of its own: TypeError\n {4}at /);
  expect(stderr).not.toContain("wJalr");
});

test("what is thrown in our own words is told, and what is no error is not", () => {
  expect(
    fail('setTimeout(() => { throw new RoleAgentError("SourceUnavailable", "AWS is away"); });').stderr,
  ).toContain("RoleAgentError: AWS is away\n    at ");
  expect(fail('setTimeout(() => { throw "wJalr"; });')).toEqual({
    status: 1,
    stderr: "role-agent: ended by a mistake of its own: string\n",
  });
});
