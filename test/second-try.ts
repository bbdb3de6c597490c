import type { Reporter } from "vitest/node";

/**
 * How often a test may be tried again. Thousands of tests start real processes on a machine that others share, and one
 * may be late by seconds; a second try tells that from a fault. Mutations get no second try.
 */
export const retry = 1;

/** Names the tests that passed at their second try only: whoever changed what they test should look at them. */
export const secondTries: Reporter = {
  onTestRunEnd(modules) {
    for (const module of modules) {
      for (const test of module.children.allTests())
        if (test.diagnostic()?.flaky === true)
          console.log(`passed at the second try only: ${module.relativeModuleId} > ${test.fullName}`);
    }
  },
};
