import { defineConfig } from "vitest/config";
import { retry, secondTries } from "./test/second-try.ts";

export default defineConfig({
  resolve: { conditions: ["source"] },
  ssr: { resolve: { conditions: ["source"] } },
  test: {
    include: ["test/**/*.test.ts"],
    exclude: ["test/interop/**", "test/soak/**", "test/security/as-root/**"],
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true" },
    maxWorkers: 2,
    retry,
    reporters: ["default", secondTries],
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
