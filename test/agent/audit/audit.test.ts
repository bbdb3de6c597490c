import { describe, expect, it } from "vitest";
import { Audit } from "../../../packages/agent/src/audit/audit.ts";
import { hold } from "../../../packages/agent/src/core/session.ts";
import type { PeerIdentity } from "../../../packages/agent/src/endpoints/peer-identity.ts";
import { refusal } from "../../../packages/agent/src/endpoints/guards.ts";
import { FakeClock } from "../../support/fake-clock.ts";
import { fakeSession } from "../../support/fake-session.ts";

const clock = new FakeClock();
const held = hold(fakeSession(1, clock.now().wall, 3_600_000), clock.now());
const terraform: PeerIdentity = { pid: 4711, uid: 1000, executable: "/usr/bin/terraform", id: "4711 88" };

function audited(act: (audit: Audit) => void): readonly unknown[] {
  const lines: unknown[] = [];
  act(new Audit({ clock, write: (line) => lines.push(JSON.parse(line)), roleOf: () => undefined }));
  return lines;
}

describe("where the system tells who asks, the audit log", () => {
  it("tells each process once, whichever of its connections it uses", () => {
    const lines = audited((audit) => {
      audit.used("agent", "deploy", held, terraform);
      audit.used("agent", "deploy", held, { ...terraform });
      audit.used("agent", "deploy", held, { pid: 4711, uid: 1000, id: "4711 99" });
    });
    expect(lines).toMatchObject([
      { event: "used", client: { pid: 4711, uid: 1000, executable: "/usr/bin/terraform" } },
      { event: "used", client: { pid: 4711, uid: 1000 } },
    ]);
  });

  it("tells whom it refused, and who reloaded the configuration", () => {
    const lines = audited((audit) => {
      audit.refused("socket", refusal(404, "this socket serves credentials alone"), terraform);
      audit.acted("reload", { peer: terraform });
    });
    expect(lines).toMatchObject([
      {
        event: "refused",
        door: "socket",
        client: { pid: 4711 },
        why: "this socket serves credentials alone",
      },
      { event: "reload", client: { pid: 4711 }, decision: "allow" },
    ]);
  });
});
