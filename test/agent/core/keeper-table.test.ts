import { expect, it } from "vitest";
import { KeeperTable } from "../../../packages/agent/src/core/keeper-table.ts";
import type { AssumeRole } from "../../../packages/agent/src/core/role.ts";
import type { RoleSession } from "../../../packages/agent/src/core/session.ts";
import { FakeClock, settle } from "../../support/fake-clock.ts";
import { fakeSession } from "../../support/fake-session.ts";

function deploy(durationSeconds: number): AssumeRole {
  return {
    type: "assume-role",
    name: "deploy",
    definedIn: "test",
    roleArn: "arn:aws:iam::123456789012:role/Deploy",
    source: { type: "profile", profile: "base" },
    roleSessionName: "test",
    durationSeconds,
    policyArns: [],
    tags: {},
    transitiveTagKeys: [],
  };
}

it("a role that a reload has changed is not heard of by what was under way for the old one", async () => {
  const clock = new FakeClock();
  const events: string[] = [];
  const answers: ((session: RoleSession) => void)[] = [];
  const table = new KeeperTable({
    clock,
    issue: () => new Promise((resolve) => answers.push(resolve)),
    onEvent: (type, { name }) => events.push(`${type} ${name}`),
    fileMark: () => "",
  });
  const plan = (role: AssumeRole): Parameters<typeof table.apply>[0] => ({
    roles: new Map([[role.name, role]]),
    prefetch: [],
    idleTimeoutMs: 3_600_000,
  });
  table.apply(plan(deploy(3600)));
  const old = table.get("deploy")?.session();
  table.apply(plan(deploy(900)));
  const current = table.get("deploy")?.session();
  for (const [index, answer] of answers.entries()) answer(fakeSession(index, clock.now().wall, 900_000));
  await Promise.all([old, current]);
  await settle();
  expect(answers).toHaveLength(2);
  expect(events).toEqual(["issued deploy"]);
});
