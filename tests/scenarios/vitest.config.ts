import { defineConfig } from 'vitest/config';

/** Started by `npm run test:scenarios`: every situation in every world, through the built bundle over HTTP. */
export default defineConfig({
  test: {
    root: new URL('../..', import.meta.url).pathname,
    include: ['tests/scenarios/**/*.test.ts'],
    // Much of the time is spent waiting for the pauses between repeated requests.
    maxWorkers: 4,
    isolate: false,
    // Seconds on a quiet machine, except for hundreds of keys and for weeks; minutes beside other work.
    testTimeout: 600_000,
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true', AWS_EC2_METADATA_DISABLED: 'true' },
  },
});
