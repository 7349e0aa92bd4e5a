import { fc, test } from '@fast-check/vitest';
import * as O from 'fp-ts/lib/Option.js';
import { describe, expect, it } from 'vitest';
import { answered, closedBreaker, failed, isOpen, type Breaker } from '../../src/apply/breaker.js';
import type { OutageFailure } from '../../src/apply/patience.js';
import { conference } from '../plan/sides.js';

const evidence = { status: O.none, code: O.none, message: '' };
const failure = (tag: OutageFailure['_tag']): OutageFailure => ({ _tag: tag, evidence });
const doubled = (_: OutageFailure, probes: number): O.Option<number> => O.some(1_000 * 2 ** probes);

/** `a` is answered; `a!` is in doubt, `a?` denied, `a-` not sent. One step a second. */
const heard = (steps: string): Breaker =>
  steps
    .split(' ')
    .filter((step) => step !== '')
    .reduce<Breaker>((breaker, step, index) => {
      const id = conference(step.slice(0, 1));
      const tag = ({ '!': 'InDoubt', '?': 'Denied', '-': 'Unsent' } as const)[step.slice(1)];
      if (tag === undefined) return answered(breaker, id);
      const times = { leftMs: index * 1_000, nowMs: index * 1_000 };
      return O.getOrElse(() => breaker)(failed(breaker, failure(tag), id, times, doubled));
    }, closedBreaker);

describe('the breaker', () => {
  it.each([
    ['two conferences in a row with errors', 'a! b!', false],
    ['three of them', 'a! b! c!', true],
    ['one of them three times', 'a! a! a!', false],
    ['three, and one is answered', 'a! b! c! d', false],
    ['errors while others are answered', 'a! b! d a! b! c!', false],
    ['once more when they had been answered themselves', 'a! b! d a b a! b! c!', true],
    ['one denied', 'a?', true],
    ['one denied while others are answered, again', 'a? b a?', false],
    ['nobody there', 'a-', true],
    ['nobody there while others are answered, again', 'a- b a-', true],
  ])('%s: %s', (_what, steps, expected) => {
    expect(isOpen(heard(steps))).toBe(expected);
  });

  it('a call that had left before the last failure says nothing new', () => {
    const open = heard('a?');
    const again = failed(open, failure('Denied'), conference('b'), { leftMs: -1, nowMs: 9 }, doubled);
    expect(O.map(({ outage }: Breaker) => outage)(again)).toStrictEqual(O.some(open.outage));
  });

  it('gives up when nobody wants to probe', () => {
    const times = { leftMs: 0, nowMs: 0 };
    expect(failed(closedBreaker, failure('Unsent'), conference('a'), times, () => O.none)).toStrictEqual(
      O.none,
    );
  });

  test.prop([fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'a!', 'b!', 'c!', 'd!', 'a?', 'b?', 'a-'))])(
    'an answer always closes it, and nobody who was answered is a suspect',
    (steps) => {
      const breaker = heard([...steps, 'd'].join(' '));
      expect(isOpen(breaker)).toBe(false);
      expect(breaker.suspects.has(conference('d'))).toBe(false);
      expect(breaker.failing.size).toBe(0);
    },
  );
});
