import { defineConfig } from 'vitest/config';

/** Started by `npm run test:report`: the report of a built command line in a real browser. */
export default defineConfig({
  test: {
    root: new URL('../..', import.meta.url).pathname,
    include: ['tests/report/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
