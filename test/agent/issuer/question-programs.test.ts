import { describe, expect, it } from "vitest";
import { questionPrograms } from "../../../packages/agent/src/issuer/question-programs.ts";

const text = "May this program have it?\n\n--evil/<b>, pid 1";

/** The programs that would be tried, by name. */
function names(env: NodeJS.ProcessEnv, platform: NodeJS.Platform = "linux"): readonly string[] {
  return questionPrograms(env, platform, text).map(({ words: [program] }) => program);
}

describe("a question is asked", () => {
  it("by the person's own askpass program first, as ssh-agent runs it", () => {
    const [first, ...rest] = questionPrograms(
      { SSH_ASKPASS: "/opt/ask pass", DISPLAY: ":0", QT_QPA_PLATFORM: "wayland", AWS_SECRET_ACCESS_KEY: "x" },
      "linux",
      text,
    );
    expect(first).toEqual({
      words: ["/opt/ask pass", text],
      answers: "askpass",
      env: { SSH_ASKPASS_PROMPT: "confirm", QT_QPA_PLATFORM: "wayland" },
    });
    expect(rest.map(({ answers }) => answers)).toEqual(["dialog", "dialog"]);
    expect(names({ ROLE_AGENT_ASKPASS: "mine", SSH_ASKPASS: "ssh's", DISPLAY: ":0" })[0]).toBe("mine");
    expect(names({ ROLE_AGENT_ASKPASS: "", SSH_ASKPASS: "ssh's", DISPLAY: ":0" })[0]).toBe("ssh's");
  });

  it("by a dialog of the desktop that there is, and nowhere without one", () => {
    expect(names({ WAYLAND_DISPLAY: "wayland-0" })).toEqual(["zenity", "kdialog"]);
    expect(names({ DISPLAY: ":0", XDG_CURRENT_DESKTOP: "KDE" })).toEqual(["kdialog", "zenity"]);
    expect(names({}, "darwin")).toEqual(["osascript"]);
    expect(names({})).toEqual([]);
    expect(names({ DISPLAY: "", SSH_ASKPASS: "askpass" })).toEqual([]);
  });

  it.each([
    ["force", {}, ["askpass"]],
    ["force", { DISPLAY: ":0" }, ["askpass", "zenity", "kdialog"]],
    ["prefer", {}, []],
    ["never", { DISPLAY: ":0" }, ["zenity", "kdialog"]],
  ])("as SSH_ASKPASS_REQUIRE=%s has it, with the desktop %j", (require, desktop, expected) => {
    expect(names({ ...desktop, SSH_ASKPASS: "askpass", SSH_ASKPASS_REQUIRE: require })).toEqual(expected);
  });

  it("in one argument, which is never taken for an option, markup or a script", () => {
    const [zenity, kdialog] = questionPrograms({ DISPLAY: ":0" }, "linux", text).map(({ words }) => words);
    expect(zenity).toContain(`--text=${text}`);
    expect(zenity).toContain("--no-markup");
    expect(kdialog).toContain(`--warningyesno=${text.replace("<", "‹")}`);
    const [osascript] = questionPrograms({}, "darwin", text);
    expect(osascript?.words.at(-1)).toBe(text);
    expect(osascript?.words[2]).not.toContain("evil");
  });
});
