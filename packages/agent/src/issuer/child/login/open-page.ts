import { spawn } from "node:child_process";
import type { Browser } from "../../login-errand.ts";
import { RoleAgentError } from "@role-agent/provider/errors";

/** Sends a person to a page. */
export type OpenPage = (address: string, note?: string) => void;

/**
 * Prints the address on standard error and, where there is a command for it, has it opened. No shell sees the address,
 * and a browser outlives this process.
 */
export function pageOpener(browser: Browser | undefined): OpenPage {
  return (address, note = "") => {
    if (!/^https?:\/\/[\x21-\x7e]+$/.test(address)) {
      throw new RoleAgentError("SourceUnavailable", "Identity Center answered with no address to sign in at");
    }
    const what =
      browser === undefined ? "To sign in, open" : "The browser shows the sign-in page; if not, open";
    process.stderr.write(`${what}\n\n  ${address}\n\n${note}`);
    const [program, ...words] = browser?.words ?? [];
    if (program === undefined) return;
    const args = words.map((word) => word.replaceAll("%s", () => address));
    const child = spawn(program, args, { stdio: "ignore", detached: true, env: browser?.env });
    child.on("error", () => process.stderr.write(`(${program} could not be started)\n`));
    child.unref();
  };
}
