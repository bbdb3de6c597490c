import { describe, expect, it } from "vitest";
import { browserCommand } from "../../../packages/agent/src/cli/browser-command.ts";

describe("browserCommand", () => {
  it.each([
    ["linux", ["xdg-open", "%s"]],
    ["freebsd", ["xdg-open", "%s"]],
    ["darwin", ["open", "%s"]],
    ["win32", ["rundll32.exe", "url.dll,FileProtocolHandler", "%s"]],
  ] as const)("is on %s what opens pages there", (platform, words) => {
    expect(browserCommand({}, platform)).toEqual(words);
  });

  it.each([
    ["firefox", ["firefox", "%s"]],
    ["curl -sL %s", ["curl", "-sL", "%s"]],
    ["'my browser' --url=%s", ["my browser", "--url=%s"]],
    ["curl -sL %s &", ["curl", "-sL", "%s"]],
    ["lynx:firefox", ["lynx", "%s"]],
    ["", ["xdg-open", "%s"]],
    ["firefox 'open", ["xdg-open", "%s"]],
  ])("is for BROWSER=%s its first command", (BROWSER, words) => {
    expect(browserCommand({ BROWSER }, "linux")).toEqual(words);
  });
});
