import { chmodSync, chownSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { askWithEveryClient } from "../../support/every-client.ts";
import { startImpostor, type Impostor } from "../../support/impostor.ts";
import { temporaryDirectory } from "../../support/temporary.ts";
import { otherUid, requireRoot } from "./other-user.ts";

/** Another user's program that serves at the path. */
async function theirImpostor(path: string): Promise<Impostor> {
  const ids = [`--reuid=${otherUid}`, `--regid=${otherUid}`, "--clear-groups"];
  return startImpostor(path, ["setpriv", ...ids]);
}

describe("T4: no client sends anything to another user's program, nor takes keys from it", () => {
  it.each([
    ["where everybody may put a socket", 0o777, 0],
    ["in a sticky directory, such as /tmp", 0o1777, 0],
    ["in a directory of that user", 0o700, otherUid],
    ["in a directory of that user that is open to all", 0o755, otherUid],
  ])("%s", async (_name, mode, uid) => {
    requireRoot();
    const base = temporaryDirectory();
    chmodSync(base, 0o711);
    const directory = join(base, "role-agent");
    mkdirSync(directory);
    chmodSync(directory, mode);
    chownSync(directory, uid, uid);
    const path = join(directory, "agent.sock");
    const { heard } = await theirImpostor(path);
    for (const { client, got, told } of await askWithEveryClient(path, ["credentials deploy", "unlock"])) {
      expect({ client, got }).toEqual({ client, got: "" });
      if (client === "heldCredentials()") continue;
      expect(told).toMatch(/belongs to another user|is writable by others/);
    }
    expect(heard).toEqual([]);
  });
});
