import { defineConfig } from 'vitest/config';

/** Started by `npm run test:package`: what npm would publish, installed elsewhere. */
export default defineConfig({
  test: {
    root: new URL('../..', import.meta.url).pathname,
    include: ['tests/package/**/*.test.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
