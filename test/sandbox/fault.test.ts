import { describe, expect, it } from 'vitest';
import { fc, test } from '@fast-check/vitest';
import * as E from 'fp-ts/lib/Either.js';
import * as O from 'fp-ts/lib/Option.js';
import { chooseFault, type Faults, parseFaults, showFaultError } from '../../src/sandbox/fault.js';
import { draw, makeId } from '../../src/sandbox/random.js';

const faultsOf = (text: string): Faults => {
  const faults = parseFaults(text);
  if (E.isLeft(faults)) throw new Error(showFaultError(faults.left));
  return faults.right;
};

const draws = (seed: number, count: number): readonly number[] => {
  const values: number[] = [];
  for (let state = seed; values.length < count; ) {
    const { value, next } = draw(state);
    values.push(value);
    state = next;
  }
  return values;
};

describe('a fault specification', () => {
  it('reads what the manual shows', () => {
    expect(faultsOf('500:0.05,timeout:0.02, reset:0.02 ,lost:.5')).toEqual([
      { fault: { _tag: 'Status', status: 500 }, probability: 0.05 },
      { fault: { _tag: 'Timeout' }, probability: 0.02 },
      { fault: { _tag: 'Reset' }, probability: 0.02 },
      { fault: { _tag: 'Lost' }, probability: 0.5 },
    ]);
  });

  it.each(['', '  '])('%j has no faults', (text) => {
    expect(faultsOf(text)).toEqual([]);
  });

  it.each(['lost:1', '500:0', '500:0.3,503:0.3,429:0.3,lost:0.1', Array(10).fill('500:0.1').join(',')])(
    '%s is within bounds',
    (text) => {
      expect(E.isRight(parseFaults(text))).toBe(true);
    },
  );

  it.each([
    ['500', "'500' is not a fault (write name:probability, as in 500:0.05)"],
    ['500:', "'500:' is not a fault (write name:probability, as in 500:0.05)"],
    ['500:0.1,', "'' is not a fault (write name:probability, as in 500:0.05)"],
    ['crash:0.1', "unknown fault 'crash' (known: timeout, reset, lost, or a status from 400 to 599)"],
    ['200:0.1', "unknown fault '200' (known: timeout, reset, lost, or a status from 400 to 599)"],
    ['toString:0.1', "unknown fault 'toString' (known: timeout, reset, lost, or a status from 400 to 599)"],
    ['lost:5%', "'5%' is not a probability (write a number from 0 to 1)"],
    ['lost:-0.1', "'-0.1' is not a probability (write a number from 0 to 1)"],
    ['lost:1.1', "'1.1' is not a probability (write a number from 0 to 1)"],
    ['lost:NaN', "'NaN' is not a probability (write a number from 0 to 1)"],
    ['lost:0.75,reset:0.5', 'the probabilities add up to 1.25 (at most 1)'],
  ])('%s is refused', (text, reason) => {
    const refused = parseFaults(text);
    expect(E.isLeft(refused) ? showFaultError(refused.left) : 'accepted').toBe(reason);
  });
});

describe('choosing', () => {
  const faults = faultsOf('500:0.25,lost:0.25');

  it.each<readonly [number, string]>([
    [0, 'Status'],
    [0.2499, 'Status'],
    [0.25, 'Lost'],
    [0.4999, 'Lost'],
    [0.5, 'none'],
    [0.9999, 'none'],
  ])('%d hits %s', (value, tag) => {
    const fault = chooseFault(faults, value);
    expect(O.isSome(fault) ? fault.value._tag : 'none').toBe(tag);
  });

  it('hits each fault about as often as it says', () => {
    const hits = draws(7, 20_000).map((value) => O.toUndefined(chooseFault(faults, value))?._tag ?? 'none');
    for (const [tag, share] of [
      ['Status', 0.25],
      ['Lost', 0.25],
      ['none', 0.5],
    ] as const) {
      expect(hits.filter((hit) => hit === tag).length / hits.length).toBeCloseTo(share, 1);
    }
  });
});

describe('randomness', () => {
  test.prop([fc.integer()])('is the same for the same seed, and from 0 to below 1', (seed) => {
    const values = draws(seed, 20);
    expect(draws(seed, 20)).toEqual(values);
    expect(values.every((value) => value >= 0 && value < 1)).toBe(true);
    expect(new Set(values).size).toBeGreaterThan(1);
  });

  test.prop([fc.integer(), fc.string(), fc.nat()])('gives ids like the API, one each', (seed, user, nth) => {
    const id = makeId('conf', seed, user, nth);
    expect(id).toMatch(/^conf-[a-z2-7]{23}$/);
    expect(makeId('conf', seed, user, nth)).toBe(id);
    expect(makeId('conf', seed, user, nth + 1)).not.toBe(id);
    expect(makeId('conf', seed + 1, user, nth)).not.toBe(id);
    expect(makeId('conf', seed, `${user}x`, nth)).not.toBe(id);
  });
});
