import { defineConfig } from "vitest/config";
import { retry, secondTries } from "../second-try.ts";

/** For `npm run test:interop`: `aws`, `python3` and `moto_server` are found by name on PATH. */
export default defineConfig({
  resolve: { conditions: ["source"] },
  ssr: { resolve: { conditions: ["source"] } },
  test: {
    include: ["test/interop/**/*.test.ts", "test/security/as-root/**/*.test.ts"],
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true" },
    retry,
    reporters: ["default", secondTries],
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
