import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { RoleAgentError } from "@role-agent/provider/errors";
import { childEnvironment } from "./child-environment.ts";

/** What is heard of the screen. */
export interface ScreenEvents {
  readonly onLocked: () => void;
  /** Nothing more will be heard: the desktop's bus has ended, or the program that listens to it. */
  readonly onLost: () => void;
}

/** A program that listens to the desktop. */
export interface ScreenWatch {
  readonly end: () => void;
}

/** Listens for an ActiveChanged, and ends when its standard input does: also with an agent that was killed. */
const script = 'dbus-monitor --session "$1" & exec >/dev/null; read -r _; kill $!';
const rule = "type='signal',member='ActiveChanged'";
const header = /^signal .*; interface=\S+\.ScreenSaver; member=ActiveChanged$/;
const startMs = 3000;

/**
 * Listens to the session bus for the signal of a screen that is locked: GNOME's, KDE's and their like, each by an
 * interface of its own that ends in ScreenSaver. Rejects with `InvalidConfiguration` where nothing can be heard.
 *
 * @see https://specifications.freedesktop.org/idle-inhibit-spec/latest/
 */
export async function watchScreen(env: NodeJS.ProcessEnv, events: ScreenEvents): Promise<ScreenWatch> {
  const child = spawn("sh", ["-c", script, "sh", rule], {
    env: childEnvironment(env),
    stdio: ["pipe", "pipe", "ignore"],
  });
  child.stdin.on("error", () => undefined);
  const end = (): void => void child.stdin.end();
  return new Promise((resolve, reject) => {
    let isHeard = false;
    const fail = (): void => {
      clearTimeout(patience);
      end();
      if (isHeard) events.onLost();
      else reject(deaf());
    };
    const patience = setTimeout(fail, startMs);
    child.once("error", fail);
    const lines = createInterface({ input: child.stdout });
    lines.once("close", fail);
    let isOfScreen = false;
    lines.on("line", (line) => {
      if (isOfScreen && line.trim() === "boolean true") events.onLocked();
      isOfScreen = header.test(line);
      if (isHeard) return;
      // The bus greets each program that listens.
      isHeard = true;
      clearTimeout(patience);
      resolve({
        end: () => {
          lines.off("close", fail);
          end();
        },
      });
    });
  });
}

function deaf(): RoleAgentError {
  const message = "the agent can't hear whether the screen is locked: dbus-monitor finds no session bus";
  return new RoleAgentError("InvalidConfiguration", message, {
    hint: "install dbus-monitor, and start the agent in the desktop's session; or use --same-passphrase in the screen locker",
  });
}
