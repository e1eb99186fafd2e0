import { defineConfig } from 'vitest/config';

const shared = {
  pool: 'forks' as const,
  testTimeout: 60_000,
  hookTimeout: 120_000,
  // The log of a failing service belongs in the report of the test that failed, not above all of them.
  env: { LOG_LEVEL: 'error', AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
};

export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      { test: { ...shared, name: 'service', include: ['test/**/*.test.ts'], exclude: ['test/journeys/**'] } },
      // The journeys share one demo city, seeded once and copied for each file.
      { test: { ...shared, name: 'journeys', include: ['test/journeys/*.test.ts'], globalSetup: ['test/journeys/demo-city.ts'] } },
    ],
  },
});
