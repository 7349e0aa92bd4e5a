import { fc, test } from '@fast-check/vitest';
import * as O from 'fp-ts/lib/Option.js';
import { describe, expect, it } from 'vitest';
import type { ConferenceId } from '../../src/conference/id.js';
import {
  hintedEveryMs,
  makeDriftRound,
  neverRead,
  type DriftRound,
  type Member,
} from '../../src/reconcile/drift-round.js';
import { conference } from '../plan/sides.js';

const everyMs = 60_000;
const ids = ['conf-a', 'conf-b', 'conf-c', 'conf-d', 'conf-e'].map((id) => conference(id));
const [a = conference('x'), b = conference('x'), c = conference('x')] = ids;

const roundOf = (
  members: readonly (readonly [ConferenceId, number])[],
  isFree: (id: ConferenceId) => boolean = () => true,
): DriftRound => {
  const round = makeDriftRound({ everyMs: O.some(everyMs), isFree });
  round.follow(members.map(([id, lastReadMs]) => ({ conference: id, lastReadMs })));
  return round;
};

/** Whoever is due at this moment, in their order. */
const allDue = (round: DriftRound, nowMs: number): readonly ConferenceId[] => {
  const all: ConferenceId[] = [];
  for (let one = round.next(nowMs); O.isSome(one); one = round.next(nowMs)) all.push(one.value);
  return all;
};

describe('the round', () => {
  it('begins with who was never read, then goes on with who was read longest ago', () => {
    const round = roundOf([
      [a, -70_000],
      [b, neverRead],
      [c, -90_000],
    ]);
    expect(round.dueMs()).toStrictEqual(O.some(0));
    expect(allDue(round, 0)).toStrictEqual([b, c, a]);
    expect(round.dueMs()).toStrictEqual(O.some(everyMs));
    expect(allDue(round, everyMs - 1)).toStrictEqual([]);
    expect(allDue(round, everyMs)).toStrictEqual([b, c, a]);
  });

  it('keeps what it knows of those who stay, and puts newcomers where they belong', () => {
    const round = roundOf([
      [a, 0],
      [b, 10],
    ]);
    round.follow([
      { conference: b, lastReadMs: neverRead },
      { conference: c, lastReadMs: 5 },
    ]);
    expect(round.dueMs()).toStrictEqual(O.some(everyMs + 5));
    expect(allDue(round, everyMs + 10)).toStrictEqual([c, b]);
  });

  it('passes over whoever has a call coming', () => {
    const round = roundOf(
      [
        [a, neverRead],
        [b, neverRead],
      ],
      (id) => id !== a,
    );
    expect(allDue(round, 0)).toStrictEqual([b]);
    expect(round.dueMs()).toStrictEqual(O.some(everyMs));
  });

  it('counts every read, whyever it was made', () => {
    const round = roundOf([
      [a, 0],
      [b, 1],
    ]);
    round.wasRead(a, 500);
    expect(allDue(round, everyMs + 499)).toStrictEqual([b]);
    round.wasRead(c, 500);
    expect(allDue(round, everyMs + 500)).toStrictEqual([a]);
  });

  it('is over when nobody is declared', () => {
    const round = roundOf([[a, neverRead]]);
    round.hint(a, 0);
    round.follow([]);
    expect(round.dueMs()).toStrictEqual(O.none);
    expect(allDue(round, everyMs)).toStrictEqual([]);
  });
});

describe('a hint', () => {
  it('makes a conference due at once, but 2 s after its last read', () => {
    const round = roundOf([[a, 0]]);
    round.hint(a, 5_000);
    expect(round.dueMs()).toStrictEqual(O.some(5_000));
    expect(allDue(round, 5_000)).toStrictEqual([a]);
    round.hint(a, 5_001);
    round.hint(a, 6_000);
    expect(allDue(round, 5_000 + hintedEveryMs - 1)).toStrictEqual([]);
    expect(allDue(round, 5_000 + hintedEveryMs)).toStrictEqual([a]);
    expect(round.dueMs()).toStrictEqual(O.some(5_000 + hintedEveryMs + everyMs));
  });

  it('is the only reason for a read where nobody looks for drift', () => {
    const round = makeDriftRound({ everyMs: O.none, isFree: () => true });
    round.follow([{ conference: a, lastReadMs: neverRead }]);
    expect(round.dueMs()).toStrictEqual(O.none);
    expect(allDue(round, 1e9)).toStrictEqual([]);
    round.hint(a, 1e9);
    expect(allDue(round, 1e9)).toStrictEqual([a]);
  });

  it('of somebody unknown means nothing', () => {
    const round = roundOf([[a, 0]]);
    round.hint(b, 1);
    expect(allDue(round, 1)).toStrictEqual([]);
  });

  it('never takes more than every other turn from those who wait for theirs', () => {
    const round = roundOf([
      [a, 0],
      [b, neverRead],
      [c, neverRead],
    ]);
    let nowMs = 1_000;
    const turns: ConferenceId[] = [];
    for (let turn = 0; turn < 4; turn += 1, nowMs += hintedEveryMs) {
      round.hint(a, nowMs);
      const next = round.next(nowMs);
      if (O.isSome(next)) turns.push(next.value);
    }
    expect(turns).toHaveLength(4);
    expect(turns.filter((id) => id !== a)).toStrictEqual([b, c]);
  });
});

type Step =
  | { readonly _tag: 'Pass'; readonly ms: number }
  | { readonly _tag: 'Next' }
  | { readonly _tag: 'Hint' | 'Toggle'; readonly id: ConferenceId };

const id = fc.constantFrom(...ids);
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ _tag: fc.constant('Pass' as const), ms: fc.integer({ min: 0, max: 40_000 }) }),
  { weight: 3, arbitrary: fc.constant<Step>({ _tag: 'Next' }) },
  fc.record({ _tag: fc.constantFrom('Hint' as const, 'Toggle' as const), id }),
);

/** Everything that is read when this happens: by whom, when, and whether after a hint. */
const readsIn = (steps: readonly Step[]): readonly { readonly id: ConferenceId; readonly atMs: number }[] => {
  let nowMs = 0;
  const followed = new Map<ConferenceId, Member>(
    ids.map((one) => [one, { conference: one, lastReadMs: neverRead }]),
  );
  const round = roundOf([...followed.keys()].map((one) => [one, neverRead]));
  const reads: { readonly id: ConferenceId; readonly atMs: number }[] = [];
  for (const one of steps) {
    if (one._tag === 'Pass') nowMs += one.ms;
    if (one._tag === 'Hint') round.hint(one.id, nowMs);
    if (one._tag === 'Toggle') {
      const read = reads.findLast((before) => before.id === one.id);
      if (!followed.delete(one.id))
        followed.set(one.id, { conference: one.id, lastReadMs: read?.atMs ?? neverRead });
      round.follow([...followed.values()]);
    }
    const next = one._tag === 'Next' ? round.next(nowMs) : O.none;
    if (O.isSome(next)) {
      expect(followed.has(next.value)).toBe(true);
      reads.push({ id: next.value, atMs: nowMs });
    }
  }
  return reads;
};

const steps = fc.array(step, { maxLength: 120 });
const gaps = (reads: ReturnType<typeof readsIn>): readonly number[] =>
  ids.flatMap((one) => {
    const times = reads.filter((read) => read.id === one).map(({ atMs }) => atMs);
    return times.slice(1).map((atMs, index) => atMs - (times[index] ?? 0));
  });

test.prop([steps.map((all) => all.filter(({ _tag }) => _tag !== 'Hint'))])(
  'nobody is read sooner than after the interval',
  (all) => {
    expect(gaps(readsIn(all)).filter((ms) => ms < everyMs)).toStrictEqual([]);
  },
);

test.prop([steps])('with hints, nobody is read sooner than after 2 s', (all) => {
  expect(gaps(readsIn(all)).filter((ms) => ms < hintedEveryMs)).toStrictEqual([]);
});

test.prop([fc.array(fc.integer({ min: 0, max: 200_000 }), { minLength: 1, maxLength: 60 })])(
  'nobody is read twice before everybody else who was due was read once',
  (waits) => {
    const round = roundOf(ids.map((one) => [one, neverRead]));
    const last = new Map(ids.map((one) => [one, neverRead]));
    let nowMs = 0;
    for (const waitMs of waits) {
      nowMs += waitMs;
      const next = round.next(nowMs);
      if (O.isNone(next)) continue;
      const longest = Math.min(...last.values());
      expect(last.get(next.value)).toBe(longest);
      last.set(next.value, nowMs);
    }
  },
);

it('a turn among ten thousand costs next to nothing', () => {
  const many = Array.from({ length: 10_000 }, (_, index) => conference(`conf-${index}`));
  const round = roundOf(many.map((one) => [one, neverRead]));
  const startMs = performance.now();
  let taken = 0;
  for (let nowMs = 0; nowMs < 3; nowMs += 1) taken += allDue(round, nowMs * everyMs).length;
  expect(taken).toBe(30_000);
  expect(performance.now() - startMs).toBeLessThan(3_000);
});
