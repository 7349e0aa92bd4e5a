import { fc, test } from '@fast-check/vitest';
import * as O from 'fp-ts/lib/Option.js';
import { describe, expect, it } from 'vitest';
import type { Call, Forced } from '../../src/ledger/store.js';
import { historyOf, queryFor, type History } from '../../src/plan/history.js';
import { aCall, holder, id } from '../ledger/sqlite-state.js';
import { conference, recordOf, recordsOf, snapshot } from './sides.js';

const asked = { conference: O.none, sinceMs: O.none, limit: 100 };
const nobody = { records: new Map(), writer: O.none };

const force = (atMs: number): Forced => ({ atMs, revision: 'r', reason: 'because', conferences: [] });

/** Calls by their number, forces by their time. */
const told = ({ lines }: History): readonly string[] =>
  lines.map((line) => (line._tag === 'Call' ? `#${line.call.call}` : `!${line.forced.atMs}`));

describe('the history', () => {
  it('has what was forced in the order of time, before the calls of the same moment', () => {
    const calls = [aCall(4), aCall(3), aCall(2)];
    const forced = [force(5_000), force(3_500), force(3_000), force(1_000)];
    expect(told(historyOf(asked, calls, forced, nobody))).toEqual([
      '!5000',
      '#4',
      '!3500',
      '#3',
      '!3000',
      '#2',
      '!1000',
    ]);
  });

  it('ends where calls are left out, and says so', () => {
    const calls = [aCall(4), aCall(3), aCall(2)];
    const forced = [force(3_500), force(2_500)];
    const limited = { ...asked, limit: 2 };
    expect(queryFor(limited).limit).toBe(3);
    const cut = historyOf(limited, calls, forced, nobody);
    expect([told(cut), cut.more]).toEqual([['#4', '!3500', '#3'], true]);
    const whole = historyOf({ ...asked, limit: 3 }, calls, forced, nobody);
    expect([told(whole), whole.more]).toEqual([['#4', '!3500', '#3', '!2500', '#2'], false]);
  });

  const instant = fc.integer({ min: 0, max: 20 });
  test.prop([
    fc.array(instant, { maxLength: 8 }),
    fc.array(instant, { maxLength: 8 }),
    fc.integer({ min: 1, max: 9 }),
  ])('keeps the order of the numbers, and leaves nothing out but what is older', (starts, forces, limit) => {
    const calls: readonly Call[] = starts
      .map((startedAtMs, index) => aCall(index + 1, { startedAtMs }))
      .toReversed()
      .slice(0, limit + 1);
    const forced = forces.toSorted((left, right) => right - left).map(force);
    const { lines, more } = historyOf({ ...asked, limit }, calls, forced, nobody);
    const shown = lines.flatMap((line) => (line._tag === 'Call' ? [line.call] : []));
    expect(shown).toEqual(calls.slice(0, limit));
    expect(more).toBe(starts.length > limit);
    const left = lines.flatMap((line) => (line._tag === 'Force' ? [line.forced.atMs] : []));
    const oldestMs = more ? (shown.at(-1)?.startedAtMs ?? 0) : 0;
    expect(left).toEqual(forced.map(({ atMs }) => atMs).filter((atMs) => atMs >= oldestMs));
  });

  it('has the name of the last declaration', () => {
    const named = recordOf(
      {},
      { declared: O.some({ ...snapshot({}), name: O.some('Weekly') }) },
      conference('a'),
    );
    const unnamed = recordOf({}, { declared: O.some({ ...snapshot({}), name: O.none }) }, conference('b'));
    const calls = ['a', 'b', 'c'].map((text, index) => aCall(3 - index, { conference: id(text) }));
    const { lines } = historyOf(asked, calls, [], { ...nobody, records: recordsOf(named, unnamed) });
    expect(lines).toMatchObject([{ name: O.some('Weekly') }, { name: O.none }, { name: O.none }]);
  });

  it.each([
    ['of this writer is under way', O.some({ ...holder, sinceMs: 1_000 }), 'UnderWay'],
    ['of an earlier one is not known', O.some({ ...holder, sinceMs: 1_001 }), 'Unknown'],
    ['of nobody is not known', O.none, 'Unknown'],
  ])('a call without an answer %s', (_what, writer, end) => {
    expect(historyOf(asked, [aCall(1)], [], { ...nobody, writer }).lines).toMatchObject([{ end }]);
  });
});
