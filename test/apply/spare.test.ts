/** Reads that nobody waits for, and a conference whose failures must not keep others waiting. */
import * as O from 'fp-ts/lib/Option.js';
import { describe, expect, it } from 'vitest';
import type { SpareReads } from '../../src/apply/spare.js';
import type { ConferenceId } from '../../src/conference/id.js';
import { applied, conference, declare, recordOf } from '../plan/sides.js';
import { failure, gapsMs, limitedUntil, makeBench, shown } from './bench.js';

const a = conference('a');
const b = conference('b');

/** Each of them once, from a moment on. */
const once = (fromMs: number, ...conferences: readonly ConferenceId[]): SpareReads => {
  const left = [...conferences];
  return {
    next: (nowMs) => (nowMs < fromMs ? O.none : O.fromNullable(left.shift())),
    dueMs: () => (left.length === 0 ? O.none : O.some(fromMs)),
  };
};

describe('spare reads', () => {
  it('take every other turn at most, and record what they saw', async () => {
    const bench = await makeBench({ deps: { spare: once(0, a, b, conference('c')) } });
    bench.dispatcher.wake();
    await bench.clock.pass(20_000);
    expect(bench.sent.map(shown)).toStrictEqual(['GET a', 'GET b', 'GET c']);
    for (const gap of gapsMs(bench.sent)) expect(gap).toBeGreaterThanOrEqual(2_000);
    expect(bench.events.map(({ _tag }) => _tag)).toStrictEqual(['Sighted', 'Sighted', 'Sighted']);
    expect(bench.ledger.records.get(a)?.sighting).toMatchObject(O.some({ audience: O.some(0), drift: {} }));
  });

  it('come after everything that waits, and not before they are due', async () => {
    const bench = await makeBench({ deps: { spare: once(2_500, a) } });
    await bench.declare(declare({ tag: 't' }, {}, b), declare({ tag: 't' }, {}, conference('c')));
    await bench.clock.pass(20_000);
    expect(bench.sent.map(shown)).toStrictEqual(['POST b {"tag":"t"}', 'POST c {"tag":"t"}', 'GET a']);
    expect(bench.sent[2]?.leftMs).toBeGreaterThanOrEqual(2_500);
  });

  it('a change of the conference that is read waits for the answer, and then goes out', async () => {
    const bench = await makeBench({ deps: { spare: once(0, a) } });
    bench.answer = ({ method }) => ({ tookMs: method === 'GET' ? 3_000 : 20 });
    bench.dispatcher.wake();
    await bench.clock.pass(1_100);
    await bench.declare(declare({ mute: true }, {}, a));
    await bench.clock.pass(10_000);
    expect(bench.sent.map(shown)).toStrictEqual(['GET a', 'POST a {"mute":true}']);
    expect(bench.sent[1]?.leftMs).toBeGreaterThanOrEqual(3_000);
  });

  it('tells once that the API does not know a conference any more, until it does', async () => {
    const known = { ...recordOf({ tag: applied('t') }, {}, a) };
    const reads = { ...once(0, a, a, a) };
    const bench = await makeBench({ records: [known], deps: { spare: reads } });
    bench.answer = ({ nth }) => (nth < 3 ? { failure: failure('Missing') } : {});
    bench.dispatcher.wake();
    await bench.clock.pass(3_500);
    expect(bench.events).toMatchObject([
      { _tag: 'SightFailed', isNews: true },
      { _tag: 'SightFailed', isNews: false },
    ]);
    expect(bench.ledger.records.get(a)?.trouble).toMatchObject(O.some({ kind: 'missing' }));
    await bench.clock.pass(10_000);
    expect(bench.ledger.records.get(a)?.trouble).toStrictEqual(O.none);
  });

  it('one that fails leaves nothing behind; a refused account stops them', async () => {
    const bench = await makeBench({ deps: { spare: once(0, a, b) } });
    bench.answer = ({ conference: id }) => ({ failure: failure(id === a ? 'Missing' : 'Denied') });
    bench.dispatcher.wake();
    await bench.clock.pass(10_000);
    expect(bench.events.map(({ _tag }) => _tag)).toContain('Paused');
    expect(bench.ledger.records.get(a)).toBe(undefined);
  });
});

/** Somebody is always due a second later. */
const everySecond = (): SpareReads => {
  let dueMs = 0;
  let reads = 0;
  return {
    next: (nowMs) => {
      if (nowMs < dueMs) return O.none;
      dueMs = nowMs + 1_000;
      reads += 1;
      return O.some(conference(`s-${String(reads % 50)}`));
    },
    dueMs: () => O.some(dueMs),
  };
};

it.each(['Unsent', 'Denied', 'InDoubt'] as const)(
  'an outage that only reads notice (%s) is told once, probed ever more seldom, and over with an answer',
  async (tag) => {
    const bench = await makeBench({ deps: { spare: everySecond() } });
    let works = false;
    bench.answer = () => (works ? {} : { failure: failure(tag) });
    for (let minute = 0; minute < 60; minute += 1) {
      bench.dispatcher.wake();
      await bench.clock.pass(60_000);
    }
    const told = () => bench.events.map(({ _tag }) => _tag).filter((one) => !one.startsWith('Sight'));
    expect(told()).toStrictEqual(['Paused']);
    expect(bench.sent.length).toBeLessThan(150);
    works = true;
    const before = bench.sent.length;
    await bench.clock.pass(6 * 60_000);
    expect(told()).toStrictEqual(['Paused', 'Resumed']);
    expect(bench.sent.length - before).toBeGreaterThan(10);
  },
);

describe('conferences that always fail', () => {
  const many = Array.from({ length: 200 }, (_, index) => conference(`failing-${String(index)}`));

  it.each([
    ['with errors', () => ({ failure: failure('InDoubt'), tookMs: 50 })],
    ['without an answer', () => ({ failure: failure('InDoubt'), tookMs: 30_000 })],
    ['as missing', () => ({ failure: failure('Missing'), tookMs: 50 })],
    ['as rejected', () => ({ failure: failure('Rejected'), tookMs: 50 })],
  ])('%s: a healthy one leaves within two intervals', async (_what, fail) => {
    const bench = await makeBench();
    const healthy = conference('healthy');
    bench.answer = ({ conference: id }) => (id === healthy ? {} : fail());
    await bench.declare(declare({ mute: true }, {}, healthy));
    await bench.clock.pass(2_000);
    await bench.declare(...many.map((id) => declare({ tag: 't' }, {}, id)));
    await bench.clock.pass(30 * 60_000);
    for (let edit = 0; edit < 10; edit += 1) {
      const savedMs = bench.clock.elapsed();
      await bench.declare(declare({ mute: edit % 2 === 1 }, {}, healthy));
      await bench.clock.pass(37_000);
      const left = bench.sent.filter(({ conference: id, leftMs }) => id === healthy && leftMs >= savedMs);
      expect(left).toHaveLength(1);
      expect((left[0]?.leftMs ?? Infinity) - savedMs).toBeLessThan(2_100);
    }
  });
});

it.each([
  ['without a reset', O.none],
  ['until a moment that has passed', O.some(0)],
])(
  'one that is refused for the limit for ever, %s, neither delays the others nor teaches the budget',
  async (_, resetAtMs) => {
    const bench = await makeBench();
    const refused = conference('refused');
    bench.answer = ({ conference: id }) => (id === refused ? { failure: limitedUntil(resetAtMs) } : {});
    await bench.declare(declare({ mute: true }, {}, refused));
    await bench.clock.pass(10_000);
    for (let edit = 0; edit < 30; edit += 1) {
      await bench.declare(declare({ mute: edit % 2 === 0 }, {}, conference('healthy')));
      await bench.clock.pass(20_000);
      expect(bench.sent.filter(({ conference: id }) => id !== refused)).toHaveLength(edit + 1);
    }
    expect(bench.dispatcher.view().intervalMs).toBeLessThan(5_000);
  },
);

describe('an outage in which every call fails', () => {
  it('is told once, probed ever more seldom, and over with the first answer', async () => {
    const bench = await makeBench();
    let works = false;
    bench.answer = () => (works ? {} : { failure: failure('InDoubt'), tookMs: 50 });
    const all = Array.from({ length: 50 }, (_, index) => conference(`c-${String(index)}`));
    await bench.declare(...all.map((id) => declare({ tag: 't' }, {}, id)));
    await bench.clock.pass(10 * 60_000);
    expect(bench.sent.length).toBeLessThan(35);
    works = true;
    await bench.clock.pass(3 * 60_000);
    for (const id of all)
      expect(bench.ledger.records.get(id)?.settings.tag).toStrictEqual({ _tag: 'Applied', value: 't' });
    const told = bench.events.map(({ _tag }) => _tag).filter((tag) => tag !== 'Called');
    expect(told).toStrictEqual(['Paused', 'Resumed']);
  });
});
