import * as v from "valibot";
import { runErrand } from "./errand.ts";
import { hasDesktop } from "./has-desktop.ts";

const deadlineMs = 5000;

/**
 * Shows a text as a desktop notification, where there is a desktop. That it can't be shown is no failure: status, log
 * and events say the same.
 */
export function desktopNotification(env: NodeJS.ProcessEnv): (text: string) => void {
  return (text) => {
    if (!hasDesktop(env)) return;
    const module = new URL("child/notify.js", import.meta.url);
    runErrand({ module, job: text, answer: v.unknown(), env, deadlineMs }).catch(() => undefined);
  };
}
