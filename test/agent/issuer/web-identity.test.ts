import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { webIdentitySession } from "../../../packages/agent/src/issuer/child/sources/web-identity.ts";
import type { WebIdentityRole } from "../../../packages/agent/src/core/role.ts";
import { temporaryDirectory } from "../../support/temporary.ts";

describe("a web identity session", () => {
  it("isn't tried once more with a new token when it is too late", async () => {
    const path = join(temporaryDirectory(), "token");
    writeFileSync(path, "no token");
    const role: WebIdentityRole = {
      type: "web-identity",
      name: "ci",
      definedIn: "test",
      roleArn: "arn:aws:iam::123456789012:role/Ci",
      token: { type: "file", path },
      roleSessionName: "test",
      durationSeconds: 3600,
      policyArns: [],
    };
    const deadline = new AbortController();
    const session = webIdentitySession(role, deadline.signal);
    deadline.abort();
    writeFileSync(path, "header.claims.signature");
    await expect(session).rejects.toMatchObject({
      code: "InvalidConfiguration",
      message: expect.stringContaining("white space"),
    });
  });
});
