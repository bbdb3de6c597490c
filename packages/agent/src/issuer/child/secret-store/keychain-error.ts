import { RoleAgentError } from "@role-agent/provider/errors";

/** Each try may show a desktop another prompt, in the middle of somebody's typing. */
const desktopRetrySeconds = 300;
/** Where nobody is asked, a keychain that was unlocked is noticed soon. */
const headlessRetrySeconds = 1;
const unlockHint = "unlock it: role-agent keys list && role-agent reload";
/** What to do where the keychain is of no use. */
export const fileHint: string =
  'without a keychain, keep keys in an encrypted file: key_store = "file" in [agent]';

/**
 * The error of the keyring library in our codes. It has one code for all of them, so its words decide: those of
 * libdbus, zbus and the Secret Service as seen on Linux, and Apple's. They go into `cause` alone.
 */
export function fromKeychainError(cause: unknown, canAsk: boolean): RoleAgentError {
  const text = cause instanceof Error ? cause.message : String(cause);
  if (/dismissed|IsLocked|cancell?ed/i.test(text)) return locked(text, canAsk, cause);
  if (/not allowed/i.test(text)) return locked(text, false, cause);
  if (/Did not receive a reply|timed? ?out/i.test(text)) return noAnswer(2, canAsk, cause);
  return new RoleAgentError("KeychainUnavailable", `the OS keychain is not available: ${reason(text)}`, {
    hint: fileHint,
    cause,
  });
}

/** The keychain took longer than it may: a desktop may be waiting for a password, or the keychain hangs. */
export function noAnswer(seconds: number, canAsk: boolean, cause?: unknown): RoleAgentError {
  return new RoleAgentError("KeychainUnavailable", `the OS keychain did not answer in ${seconds} s`, {
    hint: canAsk ? unlockHint : "is its daemon running? Restart it, such as gnome-keyring-daemon",
    ...(canAsk && { retryAfterSeconds: desktopRetrySeconds }),
    cause,
  });
}

/**
 * Without a desktop, a Secret Service says of its own that the prompt was dismissed. With one, a person has said no:
 * there is no next try before they ask for it.
 */
function locked(text: string, canAsk: boolean, cause: unknown): RoleAgentError {
  if (!canAsk) {
    return new RoleAgentError("KeychainLocked", "the OS keychain is locked, and there is no desktop to ask", {
      hint: `unlock it, or ${fileHint}`,
      retryAfterSeconds: headlessRetrySeconds,
      cause,
    });
  }
  const message = /IsLocked/.test(text) ? "the OS keychain is locked" : "the unlock prompt was dismissed";
  return new RoleAgentError("KeychainLocked", message, { hint: unlockHint, cause });
}

function reason(text: string): string {
  if (/DBUS_SESSION_BUS_ADDRESS|Failed to connect/i.test(text)) return "there is no D-Bus session";
  if (/not provided by any/i.test(text))
    return "no Secret Service, such as gnome-keyring or KWallet, is installed";
  return "it failed";
}
