import { fc, test } from '@fast-check/vitest';
import * as O from 'fp-ts/lib/Option.js';
import { describe, expect, it } from 'vitest';
import {
  backoffMs,
  forever,
  isAccountFailure,
  untilReported,
  type ConferenceFailure,
} from '../../src/apply/patience.js';
import type { Evidence, Failure } from '../../src/catapult/answer.js';

const evidence: Evidence = { status: O.none, code: O.none, message: '' };
const plain = (tag: Exclude<Failure['_tag'], 'Limited'>): Failure => ({ _tag: tag, evidence });
const limitedFailure: ConferenceFailure = { _tag: 'Limited', evidence, resetAtMs: O.none };
const tries = (attempts: number, backedOffMs = 0, limits = 0) => ({ attempts, backedOffMs, limits });
const random = fc.double({ min: 0, max: 1, noNaN: true });
const uncertain: fc.Arbitrary<ConferenceFailure> = fc.constantFrom(
  { _tag: 'InDoubt' as const, evidence },
  { _tag: 'Conflict' as const, evidence },
);
const minutesMs = 60_000;

describe('backoff', () => {
  it.each([
    [0, 0.5],
    [1, 0.5],
    [2, 1],
    [3, 2],
    [4, 4],
    [5, 4],
    [1_000, 4],
  ])('after %i attempts is %s s and up to twice that', (attempts, seconds) => {
    expect(backoffMs(attempts, 8_000, 0)).toBe(seconds * 1_000);
    expect(backoffMs(attempts, 8_000, 1)).toBe(seconds * 2_000);
  });

  test.prop([
    fc.nat({ max: 2_000 }),
    fc.nat({ max: 2_000 }),
    fc.integer({ min: 1_000, max: 1_000_000 }),
    random,
  ])('grows with the attempts, up to its cap', (few, more, capMs, jitter) => {
    const [less, most] = few < more ? [few, more] : [more, few];
    expect(backoffMs(less, capMs, jitter)).toBeLessThanOrEqual(backoffMs(most, capMs, jitter));
    expect(backoffMs(most, capMs, jitter)).toBeLessThanOrEqual(capMs);
    expect(backoffMs(less, capMs, jitter)).toBeGreaterThanOrEqual(500);
  });
});

describe('one apply', () => {
  const { retryAfterMs, probeAfterMs } = untilReported;

  test.prop([fc.array(random, { minLength: 10, maxLength: 10 }), uncertain])(
    'makes 5 attempts within 30 s of waiting, and no more',
    (jitters, failure) => {
      let attempts = 1;
      let waitedMs = 0;
      for (const jitter of jitters) {
        const delayMs = retryAfterMs(failure, tries(attempts, waitedMs), jitter);
        if (O.isNone(delayMs)) break;
        attempts += 1;
        waitedMs += delayMs.value;
      }
      expect(attempts).toBe(5);
      expect(waitedMs).toBeLessThanOrEqual(30_000);
    },
  );

  it.each([
    [1, 29_000, true],
    [1, 29_001, false],
    [4, 22_000, true],
    [4, 22_001, false],
    [5, 0, false],
  ])('after attempt %i and %i ms of waiting goes on: %s', (attempts, backedOffMs, goesOn) => {
    expect(O.isSome(retryAfterMs({ _tag: 'InDoubt', evidence }, tries(attempts, backedOffMs), 1))).toBe(
      goesOn,
    );
  });

  it.each(['Rejected', 'Ended', 'Missing'] as const)('does not try %s again', (tag) => {
    expect(retryAfterMs({ _tag: tag, evidence }, tries(1), 0.5)).toStrictEqual(O.none);
  });

  it('a 429 is no attempt: it goes on as soon as the budget lets it, but not for ever', () => {
    expect(retryAfterMs(limitedFailure, tries(5, 30_000, 1), 0.5)).toStrictEqual(O.some(0));
    expect(retryAfterMs(limitedFailure, tries(1, 0, 59), 0.5)).toStrictEqual(O.some(0));
    expect(retryAfterMs(limitedFailure, tries(1, 0, 60), 0.5)).toStrictEqual(O.none);
  });

  it('stops at once when the account is refused, and after 5 attempts when nobody is there', () => {
    expect(probeAfterMs({ _tag: 'Denied', evidence }, 1, 0.5)).toStrictEqual(O.none);
    expect(
      [1, 2, 3, 4, 5].map((probes) => O.isSome(probeAfterMs({ _tag: 'Unsent', evidence }, probes, 0.5))),
    ).toStrictEqual([true, true, true, true, false]);
  });

  it('looks once at who is there, and stops when the state cannot be written', () => {
    expect([untilReported.audiencePollMs, untilReported.ledgerRetryMs]).toStrictEqual([O.none, O.none]);
  });
});

describe('the daemon', () => {
  const { retryAfterMs, probeAfterMs } = forever;

  test.prop([fc.integer({ min: 1, max: 10_000 }), fc.nat(), random, uncertain])(
    'goes on for ever, at most every 5 minutes apart',
    (attempts, backedOffMs, jitter, failure) => {
      const delayMs = retryAfterMs(failure, tries(attempts, backedOffMs), jitter);
      expect(O.isSome(delayMs) && delayMs.value >= 500 && delayMs.value <= 5 * minutesMs).toBe(true);
      const later = retryAfterMs(failure, tries(attempts + 1, backedOffMs), jitter);
      expect(O.isSome(delayMs) && O.isSome(later) && delayMs.value <= later.value).toBe(true);
    },
  );

  test.prop([fc.integer({ min: 1, max: 100 }), random])(
    'asks for a missing one at most every 15 min',
    (attempts, jitter) => {
      const delayMs = retryAfterMs({ _tag: 'Missing', evidence }, tries(attempts), jitter);
      expect(O.isSome(delayMs) && delayMs.value >= 15 * minutesMs && delayMs.value <= 17 * minutesMs).toBe(
        true,
      );
    },
  );

  it.each(['Rejected', 'Ended'] as const)('does not try %s again', (tag) => {
    expect(retryAfterMs({ _tag: tag, evidence }, tries(1), 0.5)).toStrictEqual(O.none);
  });

  it('a 429 waits for nothing but the budget', () => {
    expect(retryAfterMs(limitedFailure, tries(1, 0, 5), 0.5)).toStrictEqual(O.some(0));
  });

  it('one that is refused for the limit again and again waits ever longer, up to a minute', () => {
    expect(retryAfterMs(limitedFailure, tries(1, 0, 6), 1)).toStrictEqual(O.some(1_000));
    expect(retryAfterMs(limitedFailure, tries(1, 0, 1_000), 1)).toStrictEqual(O.some(60_000));
  });

  test.prop([fc.integer({ min: 1, max: 100 }), random])(
    'probes at a growing, capped interval',
    (probes, jitter) => {
      for (const [tag, capMs] of [
        ['Denied', 5 * minutesMs],
        ['Unsent', 30_000],
      ] as const) {
        const now = probeAfterMs({ _tag: tag, evidence }, probes, jitter);
        const later = probeAfterMs({ _tag: tag, evidence }, probes + 1, jitter);
        expect(O.isSome(now) && O.isSome(later) && now.value <= later.value && later.value <= capMs).toBe(
          true,
        );
      }
    },
  );

  it('looks again at who is there and tries again to write', () => {
    expect([forever.audiencePollMs, forever.ledgerRetryMs]).toStrictEqual([O.some(15_000), O.some(1_000)]);
  });
});

it.each([
  [plain('Denied'), true],
  [plain('Unsent'), true],
  [plain('Rejected'), false],
  [plain('Ended'), false],
  [plain('Missing'), false],
  [plain('Conflict'), false],
  [plain('InDoubt'), false],
  [limitedFailure, false],
])('$_tag is about the account: %s', (failure, account) => {
  expect(isAccountFailure(failure)).toBe(account);
});
