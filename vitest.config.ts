import { randomInt } from 'node:crypto';
import { defineConfig } from 'vitest/config';
import { closingLine } from './test/support/reporter.js';

const seed = Number(process.env['HOLDFAST_TEST_SEED'] ?? randomInt(2 ** 31));
if (!Number.isSafeInteger(seed)) throw new Error('HOLDFAST_TEST_SEED must be an integer');

// What runs the built program. Everything else runs the source, and needs no build.
const built = ['test/e2e/**/*.test.ts', 'test/package/**/*.test.ts'];

export default defineConfig({
  test: {
    reporters: ['default', closingLine(seed)],
    coverage: { provider: 'v8', include: ['src/**/*.ts'], exclude: ['src/index.ts', 'src/main.ts'] },
    pool: 'forks',
    // End-to-end tests wait more than they work.
    maxWorkers: 3,
    testTimeout: 15_000,
    hookTimeout: 30_000,
    env: { HOLDFAST_TEST_SEED: String(seed) },
    setupFiles: [
      'test/support/clean-environment.ts',
      'test/support/network-guard.ts',
      'test/support/property-seed.ts',
    ],
    projects: [
      {
        extends: true,
        // Nothing in src keeps state in a module, so the files may share one: importing takes longer than testing.
        test: { name: 'source', include: ['test/**/*.test.ts'], exclude: built, isolate: false },
      },
      { extends: true, test: { name: 'built', include: built, globalSetup: 'test/support/fresh-build.ts' } },
    ],
  },
});
