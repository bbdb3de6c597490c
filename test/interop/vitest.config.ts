import { defineConfig } from "vitest/config";
import { retry, secondTries } from "../second-try.ts";

const all = ["test/interop/**/*.test.ts", "test/security/as-root/**/*.test.ts"];
/** Its clients give an agent that starts a second: less than it may take while other tests keep the machine busy. */
const alone = ["test/interop/compatibility/restart.test.ts"];

/** For `npm run test:interop`: `aws`, `python3` and `moto_server` are found by name on PATH. */
export default defineConfig({
  resolve: { conditions: ["source"] },
  ssr: { resolve: { conditions: ["source"] } },
  test: {
    projects: [
      { extends: true, test: { name: "alone", include: alone, sequence: { groupOrder: 0 } } },
      {
        extends: true,
        test: { name: "together", include: all, exclude: alone, sequence: { groupOrder: 1 } },
      },
    ],
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true" },
    retry,
    reporters: ["default", secondTries],
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
