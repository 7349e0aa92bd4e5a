import * as E from 'fp-ts/lib/Either.js';
import * as O from 'fp-ts/lib/Option.js';
import { describe, expect, it } from 'vitest';
import type { ConferenceId } from '../../src/conference/id.js';
import { evolve, type Entry } from '../../src/ledger/entry.js';
import type { ConferenceRecord, Sighting } from '../../src/ledger/record.js';
import type { LedgerError } from '../../src/ledger/store.js';
import { nothingAccepted } from '../../src/reconcile/accept.js';
import { makeHearing } from '../../src/reconcile/hearing.js';
import { inForceWith } from '../../src/reconcile/in-force.js';
import { applied, conf, conference, declare, desiredOf, inputOf, recordOf } from '../plan/sides.js';
import { makeVirtualClock } from '../support/virtual-clock.js';

const unavailable: LedgerError = { _tag: 'Unavailable', location: 'x', detail: 'full' };

const ear = (...known: readonly ConferenceRecord[]) => {
  const clock = makeVirtualClock();
  const records = new Map(known.map((record) => [record.id, record]));
  const said: string[] = [];
  const writes: (readonly Entry[])[] = [];
  let isFull = false;
  const inForce = inForceWith(
    nothingAccepted,
    inputOf({ desired: desiredOf(...known.map(({ id }) => declare({}, {}, id))), records }),
  );
  const hearing = makeHearing({
    ledger: {
      records,
      write: (entries) => () => {
        if (isFull) return Promise.resolve(E.left(unavailable));
        writes.push(entries);
        for (const entry of entries) {
          const next = evolve(O.fromNullable(records.get(entry.conference)), entry);
          if (O.isSome(next)) records.set(entry.conference, next.value);
        }
        return Promise.resolve(E.right(undefined));
      },
    },
    clock,
    inForce: () => inForce,
    hint: (id, what) => said.push(`hint ${id} ${what}`),
    work: (id) =>
      id === rejected
        ? O.none
        : O.some({ conference: id, lane: 3, declaration: '', delayMs: 0, attempts: 0 }),
    dispatcher: {
      submit: (all) => said.push(...all.map((one) => `submit ${one.conference}`)),
      nudge: (id) => said.push(`nudge ${id}`),
      wake: () => said.push('wake'),
    },
    onError: ({ _tag }) => said.push(_tag),
  });
  const disk = (full: boolean): void => {
    isFull = full;
  };
  return { clock, hearing, said, writes, records, disk };
};

const seen = (atMs: number): O.Option<Sighting> =>
  O.some({ atMs, audience: O.none, drift: {}, healedAtMs: [] });
const other = conference('conf-2');
const rejected = conference('conf-rejected');
const tell = (hearing: ReturnType<typeof ear>['hearing'], ...ids: readonly ConferenceId[]): void => {
  for (const id of ids) hearing.hear({ _tag: 'Ended', conference: id });
};

describe('an end that is reported', () => {
  it('is written, then one GET decides', async () => {
    const { clock, hearing, said, writes, records } = ear(recordOf({}));
    tell(hearing, conf);
    await clock.pass(1);
    expect(writes).toHaveLength(1);
    expect(records.get(conf)?.endReportedAtMs._tag).toBe('Some');
    expect(said).toStrictEqual(['wake', `submit ${conf}`]);
    tell(hearing, conf);
    await clock.pass(1);
    expect(writes).toHaveLength(1);
  });

  it('of one that was rejected is looked at like a hint: nothing is to be done for it', async () => {
    const { clock, hearing, said } = ear(recordOf({}, {}, rejected));
    tell(hearing, rejected);
    await clock.pass(1);
    expect(said).toStrictEqual(['wake', `hint ${rejected} ended`]);
  });

  it('ten thousand times at once is one write', async () => {
    const { clock, hearing, writes } = ear(recordOf({}), recordOf({}, {}, other));
    for (let times = 0; times < 5_000; times += 1) tell(hearing, conf, other);
    await clock.pass(1);
    expect(writes.map((entries) => entries.map(({ _tag }) => _tag))).toStrictEqual([
      ['EndReported', 'EndReported'],
    ]);
  });

  it('just after a look holds nothing up: it is looked at again soon', async () => {
    const { clock, hearing, said, writes, records } = ear(recordOf({}));
    records.set(conf, recordOf({}, { sighting: seen(clock.now()) }));
    await clock.pass(1_999);
    tell(hearing, conf);
    await clock.pass(0);
    expect(writes).toStrictEqual([]);
    expect(said).toContain(`hint ${conf} ended`);
    await clock.pass(1);
    tell(hearing, conf);
    await clock.pass(1);
    expect(writes).toHaveLength(1);
  });

  it('that could not be written is tried again', async () => {
    const { clock, hearing, said, writes, disk } = ear(recordOf({}));
    disk(true);
    tell(hearing, conf);
    await clock.pass(1);
    expect(said).toStrictEqual(['wake', 'Unavailable']);
    disk(false);
    hearing.again();
    await clock.pass(1);
    expect(writes).toHaveLength(1);
  });

  it.each<[string, readonly ConferenceRecord[]]>([
    ['of somebody unknown', []],
    ['of one that has ended', [recordOf({ state: applied('completed') })]],
    ['that was reported before', [recordOf({}, { endReportedAtMs: O.some(1) })]],
  ])('%s means nothing', async (_what, known) => {
    const { clock, hearing, said, writes } = ear(...known);
    tell(hearing, conf);
    await clock.pass(1);
    expect(writes).toStrictEqual([]);
    expect(said.filter((word) => word !== 'wake')).toStrictEqual([]);
  });
});

it('people who come or leave are worth a look to whoever waits for them, and any change is worth one', async () => {
  const { clock, hearing, said } = ear(recordOf({}), recordOf({}, {}, other));
  hearing.hear({ _tag: 'Audience', conference: conf });
  hearing.hear({ _tag: 'Audience', conference: conf });
  hearing.hear({ _tag: 'Changed', conference: other });
  await clock.pass(1);
  expect(said).toStrictEqual([
    `hint ${conf} changed`,
    `hint ${conf} changed`,
    `hint ${other} changed`,
    `nudge ${conf}`,
    'wake',
  ]);
});

it('nothing is heard after the end', async () => {
  const { clock, hearing, said, writes } = ear(recordOf({}));
  tell(hearing, conf);
  hearing.stop();
  await clock.pass(1);
  expect([said, writes]).toStrictEqual([[], []]);
});
