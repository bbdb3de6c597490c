import "../../hardening.ts";
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { onErrand } from "./on-errand.ts";

const title = "role-agent";
const appleScript = "on run argv\ndisplay notification (item 1 of argv) with title (item 2 of argv)\nend run";

/** The errand of showing a text on the desktop. The text is an argument of the program, never part of a script. */
onErrand(async (text, signal) => {
  const [program, args] =
    process.platform === "darwin"
      ? ["osascript", ["-e", appleScript, String(text), title]]
      : ["notify-send", [`--app-name=${title}`, "--", title, String(text)]];
  await promisify(execFile)(program, args, { signal });
});
