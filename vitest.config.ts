import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: [
      'packages/**/src/**/*.test.ts',
      'packages/**/test/**/*.test.ts',
      'apps/**/src/**/*.test.ts',
      'apps/**/test/**/*.test.ts',
      'scripts/**/*.test.ts',
      'bench/**/*.test.ts',
    ],
    globalSetup: ['packages/testkit/src/global-setup.ts'],
    pool: 'forks',
    // Password hashing and the database share the cores with the tests.
    maxWorkers: 2,
    // Bounds for what hangs, not promises: a machine that does much else is slow.
    testTimeout: 90_000,
    hookTimeout: 180_000,
  },
});
