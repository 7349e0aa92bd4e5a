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
    maxWorkers: 4,
    // Nothing takes so long. It ends what hangs, and a machine that is busy must not come near it.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    // Nothing in src or test keeps state in a module that outlives a file, so the files of a worker may share them:
    // starting a worker and importing takes longer than most tests do.
    isolate: false,
    env: { HOLDFAST_TEST_SEED: String(seed) },
    setupFiles: [
      'test/support/clean-environment.ts',
      'test/support/network-guard.ts',
      'test/support/property-seed.ts',
    ],
    projects: [
      { extends: true, test: { name: 'source', include: ['test/**/*.test.ts'], exclude: built } },
      { extends: true, test: { name: 'built', include: built, globalSetup: 'test/support/fresh-build.ts' } },
    ],
  },
});
