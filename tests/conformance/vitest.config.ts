import { defineConfig } from 'vitest/config';

/** Started by `npm run test:conformance`, which starts the stand-in and names its endpoint. */
export default defineConfig({
  test: {
    root: new URL('../..', import.meta.url).pathname,
    include: ['tests/conformance/**/*.test.ts'],
    // moto takes its time, and more of it on a machine that has other work.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    // One server, and tests that empty it.
    fileParallelism: false,
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true', AWS_EC2_METADATA_DISABLED: 'true' },
  },
});
