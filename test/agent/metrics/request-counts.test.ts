import { expect, test } from "vitest";
import { errorResponse } from "../../../packages/agent/src/endpoints/endpoint.ts";
import { refusal } from "../../../packages/agent/src/endpoints/guards.ts";
import { RequestCounts } from "../../../packages/agent/src/metrics/request-counts.ts";
import { RoleAgentError } from "../../../packages/provider/src/errors.ts";

test("a wrong token is unauthorized, though its connection ends as that of a refused request does", () => {
  const counts = new RequestCounts();
  counts.count({ ...errorResponse(new RoleAgentError("Unauthorized", "none")), close: true });
  counts.count(refusal(403, "a browser's"));
  counts.count(refusal(404, "no such route"));
  expect(counts).toMatchObject({ unauthorized: 1, refused: 2 });
});
