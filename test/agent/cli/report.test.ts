import { RoleAgentError } from "@role-agent/provider/errors";
import { describe, expect, it } from "vitest";
import { UsageError } from "../../../packages/agent/src/cli/command.ts";
import { reportFailure } from "../../../packages/agent/src/cli/report.ts";

function reported(error: unknown, command: string): { code: number; text: string } {
  let text = "";
  const code = reportFailure(error, command, (part) => {
    text += part;
  });
  return { code, text };
}

describe("a failure of a command", () => {
  it("can't control the terminal, and keeps its lines", () => {
    const error = new RoleAgentError("AccessDenied", "no\u001b[31m\nsecond line\r", { hint: "a\u202eb" });
    expect(reported(error, "credentials")).toEqual({
      code: 1,
      text: "role-agent: credentials: no\\u{1b}[31m\nsecond line\\u{d}\nhint: a\\u{202e}b\n",
    });
  });

  it("shows what was typed as it was typed", () => {
    expect(reported(new UsageError('unexpected argument "a  b"'), "status")).toEqual({
      code: 2,
      text: 'role-agent: unexpected argument "a  b"\nhint: role-agent status --help\n',
    });
    expect(reported(new UsageError("there is no command"), "").text).toContain("hint: role-agent --help\n");
  });
});
