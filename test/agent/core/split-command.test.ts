import { describe, expect, it } from "vitest";
import { splitCommand } from "../../../packages/agent/src/core/split-command.ts";

describe("a command line of credential_process", () => {
  it.each([
    ["/opt/keys --for me", ["/opt/keys", "--for", "me"]],
    ["  a \t b  ", ["a", "b"]],
    [`"C a" 'd "e"' f"g h"i`, ["C a", 'd "e"', "fg hi"]],
    [String.raw`a\ b "c\"d" 'e\f'`, ["a b", 'c"d', String.raw`e\f`]],
    ['a "" b', ["a", "", "b"]],
    ["$HOME ~ | ; && `x` $(y)", ["$HOME", "~", "|", ";", "&&", "`x`", "$(y)"]],
    ["", []],
  ])("%j is the words %j", (command, words) => {
    expect(splitCommand(command)).toEqual(words);
  });

  it.each(['a "b', "a 'b", "a \\"])("%j is left open", (command) => {
    expect(splitCommand(command)).toBeUndefined();
  });

  it("is split in linear time", () => {
    expect(splitCommand(`"${"\\a".repeat(100_000)}`)).toBeUndefined();
    expect(splitCommand("a ".repeat(100_000))).toHaveLength(100_000);
  });
});
