import { describe, expect, it } from "vitest";
import { isPersonsTurn } from "../../../../packages/agent/src/core/refresh-policy.ts";
import { hasDesktop } from "../../../../packages/agent/src/issuer/has-desktop.ts";
import {
  fromKeychainError,
  noAnswer,
} from "../../../../packages/agent/src/issuer/child/secret-store/keychain-error.ts";

/** What @napi-rs/keyring 2.1.2 was seen to say, with gnome-keyring 42 and without it. */
const dismissed = "Couldn't access platform storage: Secret Service: unlock prompt was dismissed";
const isLocked = "zbus error: org.freedesktop.Secret.Error.IsLocked: Cannot get secret of a locked object";
const noReply =
  "Platform failure: DBus error: Did not receive a reply. Possible causes include: the remote application did not send a reply, the message bus security policy blocked the reply, the reply timeout expired, or the network connection was broken.";
const noAddress =
  "Platform failure: DBus error: Using X11 for dbus-daemon autolaunch was disabled at compile time, set your DBUS_SESSION_BUS_ADDRESS instead";
const noBus = "Platform failure: DBus error: Failed to connect to socket /nowhere: No such file or directory";
const noService =
  "Platform failure: DBus error: The name org.freedesktop.secrets was not provided by any .service files";

const headless = "the OS keychain is locked, and there is no desktop to ask";
const noDbus = "the OS keychain is not available: there is no D-Bus session";

describe("an error of the keyring library", () => {
  it.each([
    [dismissed, false, "KeychainLocked", headless],
    [dismissed, true, "KeychainLocked", "the unlock prompt was dismissed"],
    [isLocked, false, "KeychainLocked", headless],
    [isLocked, true, "KeychainLocked", "the OS keychain is locked"],
    ["User canceled the operation.", true, "KeychainLocked", "the unlock prompt was dismissed"],
    ["User interaction is not allowed.", true, "KeychainLocked", headless],
    [noReply, false, "KeychainUnavailable", "the OS keychain did not answer in 2 s"],
    [noAddress, false, "KeychainUnavailable", noDbus],
    [noBus, true, "KeychainUnavailable", noDbus],
    [
      noService,
      true,
      "KeychainUnavailable",
      "the OS keychain is not available: no Secret Service, such as gnome-keyring or KWallet, is installed",
    ],
    ["something new", true, "KeychainUnavailable", "the OS keychain is not available: it failed"],
  ])("%j, with a desktop: %s, is %s", (text, canAsk, code, message) => {
    const cause = new Error(text);
    const error = fromKeychainError(cause, canAsk);
    expect(error).toMatchObject({ code, message, hint: expect.any(String), cause });
    expect(`${error.message} ${error.hint}`).not.toContain(text);
  });

  it("leaves it to a person when to be asked again, where they said no", () => {
    for (const text of [dismissed, isLocked]) {
      expect(isPersonsTurn(fromKeychainError(new Error(text), true))).toBe(true);
      expect(isPersonsTurn(fromKeychainError(new Error(text), false))).toBe(false);
    }
  });

  it("lets a prompt that nobody answered come back after minutes, and a keychain without prompts soon", () => {
    expect(noAnswer(2, true).retryAfterSeconds).toBe(300);
    expect(noAnswer(2, false).retryAfterSeconds).toBeUndefined();
    expect(fromKeychainError(new Error(dismissed), false).retryAfterSeconds).toBe(1);
  });
});

describe("a desktop", () => {
  it("is there on macOS and Windows, and on Linux by its display", () => {
    expect(hasDesktop({}, "darwin")).toBe(true);
    expect(hasDesktop({}, "win32")).toBe(true);
    expect(hasDesktop({ DISPLAY: "" }, "linux")).toBe(false);
    expect(hasDesktop({ DISPLAY: ":0" }, "linux")).toBe(true);
    expect(hasDesktop({ WAYLAND_DISPLAY: "wayland-0" }, "linux")).toBe(true);
  });
});
