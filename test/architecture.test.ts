import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { temporaryDirectory } from "./support/temporary.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const oxlint = join(dirname(createRequire(import.meta.url).resolve("oxlint/package.json")), "bin/oxlint");

/** What the project's lint rules say of one more file. */
function lint(path: string, code: string): string {
  const directory = temporaryDirectory();
  copyFileSync(join(root, ".oxlintrc.json"), join(directory, ".oxlintrc.json"));
  mkdirSync(dirname(join(directory, path)), { recursive: true });
  writeFileSync(join(directory, path), code);
  return spawnSync(process.execPath, [oxlint, "--deny-warnings", path], { cwd: directory, encoding: "utf8" })
    .stdout;
}

const agent = "packages/agent/src";
const rule = "no-restricted-imports";

describe("npm run check fails", () => {
  it.each([
    [`${agent}/agent.ts`, "@aws-sdk/client-sts"],
    [`${agent}/agent.ts`, "@smithy/core/config"],
    [`${agent}/agent.ts`, "undici"],
    [`${agent}/agent.ts`, "fast-xml-parser"],
    [`${agent}/cli/keys.ts`, "@napi-rs/keyring"],
    [`${agent}/issuer/errand.ts`, "age-encryption"],
    [`${agent}/agent.ts`, "./issuer/child/outbound.ts"],
    [`${agent}/issuer/issuer.ts`, "@aws-sdk/client-sts"],
    [`${agent}/issuer/issuer.ts`, "./child/outbound.ts"],
    [`${agent}/cli/credentials.ts`, "undici"],
    [`${agent}/endpoints/agent-api.ts`, "@aws-sdk/credential-providers"],
    [`${agent}/core/keeper.ts`, "node:fs"],
    [`${agent}/core/keeper.ts`, "valibot"],
    [`${agent}/core/keeper.ts`, "../config/load.ts"],
    [`${agent}/core/keeper.ts`, "@role-agent/provider"],
    [`${agent}/issuer/child/main.ts`, "../../agent.ts"],
    [`${agent}/issuer/child/main.ts`, "../../endpoints/guards.ts"],
    ["packages/provider/src/client.ts", "@smithy/types"],
    ["packages/provider/src/client.ts", "undici"],
    ["packages/provider/src/client.ts", "role-agent"],
    ["packages/sandbox/src/sandbox.ts", "@role-agent/provider"],
    ["packages/sandbox/src/sandbox.ts", "../../agent/src/agent.ts"],
    ["packages/sandbox/src/sandbox.ts", "@aws-sdk/client-sts"],
  ])("when %s imports %s", (path, module) => {
    expect(lint(path, `import * as thing from "${module}";\nconsole.log(thing);\n`)).toContain(rule);
  });

  it.each([
    [`${agent}/issuer/child/sts-client.ts`, "@aws-sdk/client-sts"],
    [`${agent}/issuer/child/outbound.ts`, "undici"],
    [`${agent}/issuer/child/saml/look-into.ts`, "fast-xml-parser"],
    [`${agent}/issuer/child/secret-store/os-keychain.ts`, "@napi-rs/keyring"],
    [`${agent}/core/keeper.ts`, "@role-agent/provider/errors"],
    [`${agent}/core/keeper.ts`, "./clock.ts"],
    [`${agent}/agent.ts`, "valibot"],
    ["packages/provider/src/client.ts", "node:http"],
    ["packages/sandbox/src/sigv4.ts", "@smithy/signature-v4"],
  ])("but not when %s imports %s", (path, module) => {
    expect(lint(path, `import * as thing from "${module}";\nconsole.log(thing);\n`)).not.toContain(rule);
  });

  it("when the agent loads the AWS SDK by a dynamic import", () => {
    expect(lint(`${agent}/agent.ts`, 'console.log(await import("@aws-sdk/client-sts"));\n')).toContain(rule);
  });
});
