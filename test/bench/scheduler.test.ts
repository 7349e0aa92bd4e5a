/** What `npm run bench` promises of the scheduler, at workloads that take a second. Simulated time: no luck is involved. */
import { describe, expect, it } from 'vitest';
import { compare } from './scheduler/compare.js';
import { firstInFirstOut } from './scheduler/first-in-first-out.js';
import { fixedConcurrency } from './scheduler/fixed-concurrency.js';
import { verdictsOn } from './scheduler/targets.js';
import {
  bulkTagEdit,
  flappingEdits,
  limitLowered,
  partialOutage,
  permanentFailures,
  rollingMutes,
} from './scheduler/workloads.js';

const options = { seed: 5, jitter: 1 };

describe.each([1, 5])('at %d calls a second', (perSecond) => {
  it.each([
    { make: bulkTagEdit, size: 300, targets: 3 },
    { make: rollingMutes, size: 400, targets: 4 },
    { make: flappingEdits, size: 300, targets: 3 },
    { make: partialOutage, size: 400, targets: 3 },
    { make: permanentFailures, size: 1_000, targets: 3 },
  ])('$make.name: every target is met', { timeout: 30_000 }, async ({ make, size, targets }) => {
    const verdicts = verdictsOn(await compare(make({ perSecond, size, seed: options.seed }), options, []));
    expect(verdicts).toHaveLength(targets);
    expect(verdicts.filter(({ met }) => !met)).toEqual([]);
  });

  it('a limit that is lowered and raised again costs a few refused calls', async () => {
    const workload = limitLowered({ perSecond, size: 300, seed: 1 });
    const { oracle, others } = await compare(workload, options, []);
    const [own] = others;
    expect(own).toBeDefined();
    expect((own?.calls ?? 0) - (own?.limited ?? 0)).toBe(oracle.calls);
    expect(own?.limited).toBeLessThan(0.05 * oracle.calls);
  });

  it.each([{ make: bulkTagEdit }, { make: rollingMutes }, { make: flappingEdits }, { make: partialOutage }])(
    '$make.name: no strategy beats the oracle',
    async ({ make }) => {
      const workload = make({ perSecond, size: 60, seed: 2 });
      const { oracle, others } = await compare(workload, options, [firstInFirstOut, fixedConcurrency]);
      expect(others).toHaveLength(3);
      for (const { calls, totalSeconds } of others) {
        expect(calls).toBeGreaterThanOrEqual(oracle.calls);
        expect(totalSeconds).toBeGreaterThanOrEqual(oracle.totalSeconds);
        expect(totalSeconds).toBeLessThan(Infinity);
      }
    },
  );
});

it('the same seed gives the same figures', async () => {
  const workload = partialOutage({ perSecond: 5, size: 60, seed: 3 });
  expect(await compare(workload, options)).toEqual(await compare(workload, options));
});
