import { describe, expect, it } from "vitest";
import { createKeysWorld } from "../support/keys.ts";
import { onTerminal } from "./support/terminal.ts";

describe("keys add on a terminal", () => {
  it("shows the access key id, but neither the secret nor the passphrase", async () => {
    const world = await createKeysWorld();
    delete world.env["CREDENTIALS_DIRECTORY"];
    const [accessKeyId = ""] = world.keyLines.split("\n");
    const screen = await onTerminal(world.env, "keys add alice", [
      ["passphrase for the new file", "a good passphrase\r"],
      ["once more", "a good passphrase\r"],
      ["access key id", `${accessKeyId}\r`],
      ["secret access key", `${world.secret}\r`],
    ]);
    expect(screen).toContain(`access key id: ${accessKeyId}`);
    expect(screen).toContain(`alice: key ${accessKeyId} is kept`);
    expect(screen).not.toContain(world.secret);
    expect(screen).not.toContain("good");
  });

  it("ends with Ctrl-C, and keeps nothing", async () => {
    const world = await createKeysWorld();
    expect(await onTerminal(world.env, "keys add alice", [["access key id", "\u0003"]])).toContain(
      "cancelled",
    );
    expect((await world.keys(["list"])).stdout).toBe("NAME  KEY\n");
  });
});
