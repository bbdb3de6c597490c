import { defineConfig } from "vitest/config";

/** For `npm run fuzz`: the tests of this folder with as much time as they are given. */
export default defineConfig({
  resolve: { conditions: ["source"] },
  ssr: { resolve: { conditions: ["source"] } },
  test: {
    include: ["test/fuzz/**/*.test.ts"],
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true" },
    fileParallelism: false,
    disableConsoleIntercept: true,
    testTimeout: 24 * 60 * 60_000,
    hookTimeout: 60_000,
  },
});
