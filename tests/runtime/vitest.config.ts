import { defineConfig } from 'vitest/config';

/** Started by `npm run test:runtime`, which installs the runtime and names its parts. */
export default defineConfig({
  test: {
    root: new URL('../..', import.meta.url).pathname,
    include: ['tests/runtime/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Times are measured.
    fileParallelism: false,
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true', AWS_EC2_METADATA_DISABLED: 'true' },
  },
});
