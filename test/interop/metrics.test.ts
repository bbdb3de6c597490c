import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { getOnSocket } from "../support/get-on-socket.ts";
import { createWorld } from "../support/world.ts";
import { answerOf, run } from "./support/run.ts";

const program = fileURLToPath(new URL("clients/read_metrics.py", import.meta.url));

describe("Prometheus's own parser", () => {
  it("reads the metrics that curl gets, with type and series of each", async () => {
    const world = await createWorld();
    world.configure(`[roles.'my "role" \\ {a="b"}']\nprofile = "sandbox"\n`);
    await world.startAgent();
    await world.client.credentials('my "role" \\ {a="b"}');
    const curl = `curl -sf --unix-socket ${world.socketPath} http://localhost/metrics`;
    const families = answerOf(await run(world, `${curl} | python3 ${program}`));
    expect(families).toMatchObject({
      role_agent_build_info: ["gauge", 1],
      role_agent_session_remaining_seconds: ["gauge", 1],
      role_agent_sessions_issued: ["counter", 1],
      role_agent_issue_duration_seconds: ["histogram", 11],
      role_agent_requests: ["counter", 5],
      process_resident_memory_bytes: ["gauge", 1],
    });
    const { body } = await getOnSocket(world, "/metrics");
    expect(Object.keys(Object(families))).toHaveLength(body.match(/^# TYPE /gm)?.length ?? 0);
  });
});
