/**
 * Closes a run with one plain line, `12 passed, 0 failed` (`, 3 skipped` when there are some), which is the
 * last of the whole output, also when the run breaks off.
 *
 * A failed run never claims zero failures: a file that does not load, a hook or suite that throws and every
 * unhandled error count as one failure each, and so does whatever else makes the exit code non-zero.
 */
import type { Reporter, SerializedError, TestModule, TestSuite } from 'vitest/node';

export const closingLine = (seed: number): Reporter => {
  let counts = nothing;
  return {
    onInit: () => {
      process.stdout.write(`seed: ${seed}\n`);
      process.once('exit', (code) => {
        process.stdout.write(`${showCounts(honest(counts, code))}\n`);
      });
    },
    onTestRunEnd: (modules, unhandledErrors) => {
      counts = count(modules, unhandledErrors);
    },
  };
};

interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

const nothing: Counts = { passed: 0, failed: 0, skipped: 0 };

const honest = (counts: Counts, exitCode: number): Counts =>
  exitCode !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;

const showCounts = ({ passed, failed, skipped }: Counts): string =>
  `${passed} passed, ${failed} failed${skipped === 0 ? '' : `, ${skipped} skipped`}`;

const count = (modules: readonly TestModule[], unhandledErrors: readonly SerializedError[]): Counts => {
  const states = modules.flatMap((module) =>
    [...module.children.allTests()].map((test) => test.result().state),
  );
  const howMany = (state: (typeof states)[number]): number =>
    states.filter((other) => other === state).length;
  const brokenGroups = modules.flatMap(groupsOf).filter((group) => group.errors().length > 0).length;
  return {
    passed: howMany('passed'),
    failed: howMany('failed') + brokenGroups + unhandledErrors.length,
    skipped: howMany('skipped') + howMany('pending'),
  };
};

const groupsOf = (module: TestModule): readonly (TestModule | TestSuite)[] => [
  module,
  ...module.children.allSuites(),
];
