import { defineConfig } from "vitest/config";

/** For `npm run test:soak`: what only time shows. The AWS clients of test/interop are found by name on PATH. */
export default defineConfig({
  resolve: { conditions: ["source"] },
  ssr: { resolve: { conditions: ["source"] } },
  test: {
    include: ["test/soak/**/*.test.ts"],
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true" },
    // What a long test says is for who waits for it, at once.
    disableConsoleIntercept: true,
    testTimeout: 2 * 60 * 60_000,
    hookTimeout: 60_000,
  },
});
