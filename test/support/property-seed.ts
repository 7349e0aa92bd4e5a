/** One seed for every property of the run. It is printed first; `HOLDFAST_TEST_SEED=123 npm test` repeats it. */
import fc from 'fast-check';

fc.configureGlobal({ seed: Number(process.env['HOLDFAST_TEST_SEED']), numRuns: 100 });
