/** The dispatcher with its queue, budget, calls and ledger, on a model of the API in virtual time. */
import * as O from 'fp-ts/lib/Option.js';
import { describe, expect, it } from 'vitest';
import { untilReported } from '../../src/apply/patience.js';
import type { Live } from '../../src/catapult/catapult.js';
import { declarationOf } from '../../src/plan/bookkeeping.js';
import { conference, declare, inDoubt, recordOf, type Values, type Words } from '../plan/sides.js';
import {
  failure,
  gapsMs,
  isIntent,
  isOutcome,
  leaseLost,
  limitedUntil,
  makeBench,
  mostAtOnce,
  shown,
  unavailable,
  type Bench,
  type Sent,
  empty,
} from './bench.js';

const [a, b, c, d] = [conference('a'), conference('b'), conference('c'), conference('d')];
const many = (count: number) =>
  Array.from({ length: count }, (_, index) => conference(`m${String(index).padStart(3, '0')}`));
const one = (id: typeof a, values: Values, words: Words = {}) => declare(values, words, id);
const tags = (ids: readonly (typeof a)[], tag = 't') => ids.map((id) => one(id, { tag }));
const ends = (id: typeof a) => one(id, { state: 'completed' }, { whenEmpty: true });

const calls = ({ sent }: Bench): readonly string[] => sent.map(shown);
const to = ({ sent }: Bench, id: typeof a): readonly Sent[] => sent.filter((call) => call.conference === id);
const told = ({ events }: Bench): readonly string[] => events.map(({ _tag }) => _tag);
const count = (bench: Bench, tag: string): number => told(bench).filter((found) => found === tag).length;
const minuteMs = 60_000;

/** Whether a promise has ended by now. */
const watch = (promise: Promise<void>): { readonly done: () => boolean } => {
  let done = false;
  void promise.then(() => {
    done = true;
  });
  return { done: () => done };
};

describe('the budget', () => {
  it('lets calls leave at its interval', async () => {
    const bench = await makeBench();
    await bench.declare(...tags(many(6)));
    await bench.clock.pass(10_000);
    expect(bench.sent).toHaveLength(6);
    expect(bench.sent[0]?.leftMs).toBe(0);
    for (const gap of gapsMs(bench.sent)) {
      expect(gap).toBeGreaterThanOrEqual(1_000);
      expect(gap).toBeLessThan(1_030);
    }
  });

  it('has at most 40 calls under way, also when it is unlimited', async () => {
    const bench = await makeBench({ rate: 'unlimited' });
    bench.answer = () => ({ tookMs: 1_000 });
    await bench.declare(...tags(many(100)));
    await bench.clock.pass(10_000);
    expect([bench.sent.length, mostAtOnce(bench.sent)]).toStrictEqual([100, 40]);
    expect(bench.dispatcher.view()).toMatchObject({ backlog: empty, underWay: 0 });
  });

  it('is spent on what is heard first, and on nothing that was withdrawn', async () => {
    const bench = await makeBench();
    await bench.declare(
      one(a, { tag: 't' }),
      one(b, { tag: 't' }),
      one(c, { tag: 't' }),
      one(d, { mute: true }),
    );
    await bench.declare(one(b, {}));
    await bench.clock.pass(10_000);
    expect(calls(bench)).toStrictEqual(['POST d {"mute":true}', 'POST a {"tag":"t"}', 'POST c {"tag":"t"}']);
  });

  it('is not spent where it turns out that nothing is to be done, which is over at once', async () => {
    const bench = await makeBench();
    bench.dispatcher.submit([{ conference: a, lane: 1, declaration: '', delayMs: 0, attempts: 0 }]);
    const idle = watch(bench.dispatcher.idle());
    await bench.clock.pass(0);
    expect([told(bench), idle.done()]).toStrictEqual([['Skipped'], true]);
    await bench.declare(one(a, { tag: 't' }));
    expect(calls(bench)).toStrictEqual(['POST a {"tag":"t"}']);
  });

  it('lets what comes later ride along, and overtake', async () => {
    const bench = await makeBench();
    await bench.declare(...tags([a, b, c]));
    await bench.declare(one(c, { tag: 't', mute: true }));
    await bench.clock.pass(10_000);
    expect(calls(bench)).toStrictEqual([
      'POST a {"tag":"t"}',
      'POST c {"mute":true,"tag":"t"}',
      'POST b {"tag":"t"}',
    ]);
  });

  it('puts what waits already in a better lane, when that is asked for', async () => {
    const bench = await makeBench();
    await bench.declare(...tags([a, b, c]));
    const declaration = declarationOf(O.some(one(c, { tag: 't' })));
    bench.dispatcher.submit([{ conference: c, lane: 1, declaration, delayMs: 0, attempts: 0 }]);
    await bench.clock.pass(10_000);
    expect(bench.sent.map(({ conference: id }) => id)).toStrictEqual([a, c, b]);
  });

  it('learns from the calls that were taken how seldom the API takes one', async () => {
    const bench = await makeBench();
    let takenMs = -Infinity;
    let refused = 0;
    bench.answer = () => {
      const resetMs = takenMs + 3_000 - bench.clock.elapsed();
      if (resetMs <= 0) takenMs = bench.clock.elapsed();
      else refused += 1;
      return resetMs <= 0 ? {} : { failure: limitedUntil(O.some(bench.clock.now() + resetMs)) };
    };
    await bench.declare(...tags(many(30)));
    await bench.clock.pass(3 * minuteMs);
    expect(bench.sent.length - refused).toBe(30);
    expect(refused).toBeLessThan(5);
  });

  it('learns from when an answer came, however long it takes to write that down', async () => {
    const bench = await makeBench();
    bench.answer = () =>
      bench.sent.length === 2 ? { failure: limitedUntil(O.some(bench.clock.now() + 1_000)) } : {};
    bench.fails = (batch) =>
      bench.sent.length === 2 && isOutcome(batch) && bench.clock.elapsed() < 9_000 ? unavailable : undefined;
    await bench.declare(...tags([a, b, c, d]));
    await bench.clock.pass(30_000);
    expect(bench.sent).toHaveLength(5);
    for (const gap of gapsMs(bench.sent.slice(-3))) expect(gap).toBeLessThan(2_500);
  });

  it('an apply that meets nothing but 429s gives up after sixty', async () => {
    const bench = await makeBench({ patience: untilReported });
    bench.answer = () => ({ failure: limitedUntil(O.none) });
    await bench.declare(one(a, { tag: 't' }));
    const idle = watch(bench.dispatcher.idle());
    await bench.clock.passUntil(idle.done);
    expect(bench.sent).toHaveLength(60);
  });

  it('waits for the moment that a 429 names, and the refused one keeps its place', async () => {
    const bench = await makeBench();
    bench.answer = ({ conference: id, nth }) =>
      id === a && nth <= 2 ? { failure: limitedUntil(O.some(bench.clock.now() + 5_000)) } : {};
    await bench.declare(...tags([a, b]));
    await bench.clock.pass(minuteMs);
    expect(calls(bench)).toStrictEqual([
      'POST a {"tag":"t"}',
      'POST a {"tag":"t"}',
      'POST a {"tag":"t"}',
      'POST b {"tag":"t"}',
    ]);
    for (const gap of gapsMs(bench.sent).slice(0, 2)) expect(gap).toBeGreaterThanOrEqual(5_000);
    expect(
      bench.events.map((event) => (event._tag === 'Called' ? event.settlement.call.attempt : 0)),
    ).toStrictEqual([1, 1, 1, 1]);
  });
});

describe('one conference', () => {
  it('never has two calls at once, and what it became meanwhile goes out after', async () => {
    const bench = await makeBench({ rate: 'unlimited' });
    bench.answer = () => ({ tookMs: 5_000 });
    await bench.declare(one(a, { tag: 'one' }));
    for (const tag of ['two', 'three']) {
      await bench.clock.pass(1_000);
      await bench.declare(one(a, { tag }));
    }
    await bench.declare(one(b, { tag: 't' }));
    expect(calls(bench)).toStrictEqual(['POST a {"tag":"one"}', 'POST b {"tag":"t"}']);
    await bench.clock.pass(minuteMs);
    expect(to(bench, a).map(shown)).toStrictEqual(['POST a {"tag":"one"}', 'POST a {"tag":"three"}']);
    expect(to(bench, a).map(({ leftMs }) => leftMs)).toStrictEqual([0, 5_000]);
  });

  it('that is handed over again while its call is under way is called once', async () => {
    const bench = await makeBench();
    bench.answer = () => ({ tookMs: 5_000 });
    await bench.declare(one(a, { tag: 't' }));
    await bench.handOver();
    await bench.clock.pass(minuteMs);
    expect(told(bench)).toStrictEqual(['Called']);
  });

  it('that fails is tried ever more seldom', async () => {
    const bench = await makeBench();
    bench.answer = () => ({ failure: failure('InDoubt') });
    await bench.declare(one(a, { tag: 't' }));
    await bench.clock.pass(10 * minuteMs);
    const gaps = gapsMs(bench.sent);
    expect(gaps.slice(0, 5).map((gap) => Math.round(gap / 1000))).toStrictEqual([1, 2, 4, 8, 16]);
    expect(Math.max(...gaps)).toBeLessThan(5 * minuteMs + 1_000);
  });

  it.each([
    ['failing', 'InDoubt'],
    ['in conflict', 'Conflict'],
    ['missing', 'Missing'],
  ] as const)('that is %s and is edited while it waits is tried at once', async (_, tag) => {
    const bench = await makeBench();
    bench.answer = ({ body }) => (body.tag === 'bad' ? { failure: failure(tag) } : {});
    await bench.declare(one(a, { tag: 'bad' }));
    await bench.clock.pass(10 * minuteMs);
    const before = bench.sent.length;
    await bench.declare(one(a, { tag: 'good' }));
    await bench.clock.pass(100);
    expect(calls(bench).slice(before)).toStrictEqual(['POST a {"tag":"good"}']);
    await bench.clock.pass(60 * minuteMs);
    expect(bench.sent).toHaveLength(before + 1);
  });

  it.each([
    ['rejected', 'Rejected'],
    ['failing', 'InDoubt'],
    ['missing', 'Missing'],
  ] as const)('that is %s and was edited while under way is tried at once', async (_, tag) => {
    const bench = await makeBench();
    bench.answer = ({ body, nth }) => {
      if (nth < 6) return { failure: failure('InDoubt') };
      return { tookMs: 2_000, ...(body.tag === 'bad' ? { failure: failure(tag) } : {}) };
    };
    await bench.declare(one(a, { tag: 'bad' }));
    await bench.clock.passUntil(() => bench.sent.length === 6);
    await bench.declare(one(a, { tag: 'good' }));
    await bench.clock.pass(10_000);
    expect(calls(bench).slice(6)).toStrictEqual(['POST a {"tag":"good"}']);
    const [sixth, seventh] = bench.sent.slice(5);
    expect((seventh?.leftMs ?? Infinity) - (sixth?.endedMs ?? 0)).toBeLessThan(1_100);
    expect(bench.ledger.records.get(a)).toMatchObject({
      trouble: O.none,
      settings: { tag: { value: 'good' } },
    });
  });

  it('that was rejected is left until it is declared otherwise', async () => {
    const bench = await makeBench();
    bench.answer = ({ body }) => (body.tag === 'bad' ? { failure: failure('Rejected') } : {});
    await bench.declare(one(a, { tag: 'bad' }));
    for (let pass = 0; pass < 60; pass += 1) {
      await bench.clock.pass(minuteMs);
      await bench.handOver();
    }
    expect(bench.sent).toHaveLength(1);
    await bench.declare(one(a, { tag: 'good' }));
    await bench.clock.pass(minuteMs);
    expect(calls(bench)).toStrictEqual(['POST a {"tag":"bad"}', 'POST a {"tag":"good"}']);
  });

  it('that was removed while its reset was under way is forgotten, and one that came back is not', async () => {
    const bench = await makeBench({ onRemove: 'reset' });
    await bench.declare(one(a, { mute: true }), one(b, { mute: true }));
    await bench.clock.pass(minuteMs);
    bench.answer = () => ({ tookMs: 2_000 });
    await bench.undeclare(a);
    await bench.undeclare(b);
    await bench.clock.passUntil(() => to(bench, b).length === 2);
    await bench.declare(one(b, { mute: true }));
    await bench.clock.pass(minuteMs);
    expect(to(bench, a).map(shown)).toStrictEqual(['POST a {"mute":true}', 'POST a {"mute":false}']);
    expect(to(bench, b).map(({ body }) => body.mute)).toStrictEqual([true, false, true]);
    expect([...bench.ledger.records.keys()]).toStrictEqual([b]);
  });

  it('of which it is in doubt whether it has ended costs one GET, after everything else', async () => {
    const doubtful = recordOf({ state: inDoubt('completed') }, {}, a);
    const bench = await makeBench({ records: [doubtful] });
    await bench.declare(one(a, {}), one(b, { tag: 't' }));
    await bench.clock.pass(minuteMs);
    expect(calls(bench)).toStrictEqual(['POST b {"tag":"t"}', 'GET a']);
    expect(bench.ledger.records.get(a)?.settings).toStrictEqual({});
  });
});

/** Something that happens while the first intent is written. */
const atFirstIntent = (happen: () => void): Bench['fails'] => {
  let isFirst = true;
  return (batch) => {
    if (isFirst && isIntent(batch)) {
      isFirst = false;
      happen();
    }
    return undefined;
  };
};

describe('between intent and request', () => {
  it('another declaration: the call does not leave, and the new one goes out', async () => {
    const bench = await makeBench();
    bench.fails = atFirstIntent(() => void bench.declare(one(a, { mute: false })));
    await bench.declare(one(a, { mute: true, tag: 't' }));
    await bench.clock.pass(10_000);
    expect(calls(bench)).toStrictEqual(['POST a {"mute":false}']);
    expect(bench.ledger.records.get(a)?.settings).toStrictEqual({ mute: { _tag: 'Applied', value: false } });
  });

  it('more is declared: what leaves is not held up by that', async () => {
    const bench = await makeBench();
    bench.fails = atFirstIntent(() => void bench.declare(one(a, { mute: true, tag: 't' })));
    await bench.declare(one(a, { mute: true }));
    await bench.clock.pass(10_000);
    expect(calls(bench)).toStrictEqual(['POST a {"mute":true}', 'POST a {"tag":"t"}']);
  });

  it.each([
    ['forward', -6_000],
    ['back', 6_000],
  ])(
    'the clock jumps %s, as after a long sleep: the intent is taken back and made anew',
    async (_way, byMs) => {
      const bench = await makeBench();
      const outcomes: unknown[] = [];
      bench.fails = ({ calls: written }) => {
        if (outcomes.length === 0) bench.clock.setBack(byMs);
        outcomes.push(...written.map(({ call, result }) => [call, O.isSome(result) && result.value.outcome]));
        return undefined;
      };
      await bench.declare(one(a, { mute: true }));
      await bench.clock.pass(10_000);
      expect(calls(bench)).toStrictEqual(['POST a {"mute":true}']);
      expect(outcomes).toStrictEqual([
        [1, false],
        [1, 'NotExecuted'],
        [2, false],
        [2, 'Applied'],
      ]);
    },
  );
});

describe('a state that takes longer to write than an intent counts', () => {
  it('nothing is sent, and an apply gives up after five tries', async () => {
    const bench = await makeBench({ patience: untilReported });
    bench.commitTakesMs = () => 6_000;
    const idle = watch(bench.dispatcher.idle());
    void bench.declare(one(a, { mute: true }));
    await bench.clock.pass(300_000);
    expect([calls(bench), count(bench, 'Called'), idle.done()]).toStrictEqual([[], 5, true]);
  });
});

describe('a call that may still be executed', () => {
  it('is waited for, also by what was declared after it', async () => {
    const bench = await makeBench({ rate: 'unlimited' });
    bench.answer = ({ nth }) => (nth === 1 ? { failure: failure('InDoubt') } : {});
    await bench.declare(one(a, { mute: true }), one(b, { mute: true }));
    await bench.clock.pass(100);
    await bench.declare(one(a, { mute: false }));
    await bench.clock.pass(10_000);
    const [lost, next] = to(bench, a);
    expect(next?.body).toStrictEqual({ mute: false });
    expect((next?.leftMs ?? 0) - (lost?.endedMs ?? 0)).toBe(1_000);
  });

  it.each([
    [
      'an intent',
      recordOf(
        { mute: inDoubt(true) },
        { intent: O.some({ call: 1, body: { mute: true }, before: {}, startedAtMs: 0 }) },
        a,
      ),
    ],
    ['a doubt', recordOf({ mute: inDoubt(true) }, {}, a)],
  ])('is waited for, when an earlier process left %s', async (_what, record) => {
    const bench = await makeBench({ records: [record] });
    await bench.declare(one(a, { mute: true }), one(b, { mute: true }));
    await bench.clock.pass(10_000);
    expect(bench.sent.map(({ conference: id, leftMs }) => [id, leftMs >= 1_000])).toStrictEqual([
      [b, false],
      [a, true],
    ]);
  });
});

describe('an end that waits for the last member', () => {
  const state = '{"state":"completed"}';
  const people = (members: number | undefined, found: Live['state'] = 'active'): Live => ({
    state: found,
    activeMembers: O.fromNullable(members),
    settings: {},
  });

  it.each<readonly [string, Live, readonly string[]]>([
    ['nobody is there', people(0), ['GET a', `POST a ${state}`]],
    ['it has not begun', people(undefined, 'created'), ['GET a', `POST a ${state}`]],
    ['it has ended', people(undefined, 'completed'), ['GET a']],
    ['people are there', people(2), ['GET a', 'GET a', 'GET a']],
    ['nobody tells', people(undefined), ['GET a', 'GET a', 'GET a']],
  ])('%s', async (_, live, expected) => {
    const bench = await makeBench();
    bench.remote.set(a, live);
    await bench.declare(ends(a));
    await bench.clock.pass(40_000);
    expect(calls(bench)).toStrictEqual(expected);
  });

  it('nobody is there: it overtakes what came meanwhile', async () => {
    const bench = await makeBench();
    await bench.declare(ends(a));
    await bench.declare(...tags([b, c]), one(d, { mute: true }));
    await bench.clock.pass(10_000);
    expect(bench.sent.slice(0, 2).map(shown)).toStrictEqual(['GET a', `POST a ${state}`]);
  });

  it('looks again until they have left, and completes then', async () => {
    const bench = await makeBench();
    bench.remote.set(a, people(2));
    await bench.declare(ends(a));
    await bench.clock.pass(20_000);
    bench.remote.set(a, people(0));
    await bench.clock.pass(20_000);
    expect(calls(bench)).toStrictEqual(['GET a', 'GET a', 'GET a', `POST a ${state}`]);
    expect(bench.remote.get(a)?.state).toBe('completed');
  });

  it('one look is enough for an apply', async () => {
    const bench = await makeBench({ patience: untilReported });
    bench.remote.set(a, people(2));
    await bench.declare(ends(a));
    await bench.clock.pass(10 * minuteMs);
    expect(calls(bench)).toStrictEqual(['GET a']);
    expect(bench.events).toMatchObject([{ _tag: 'Looked', audience: O.some(2) }]);
    expect(bench.dispatcher.view()).toMatchObject({ backlog: empty, underWay: 0 });
  });

  it('withdrawn and declared again needs a new look', async () => {
    const bench = await makeBench();
    bench.remote.set(a, people(0));
    await bench.declare(ends(a));
    await bench.clock.pass(500);
    bench.remote.set(a, people(3));
    await bench.declare(one(a, {}));
    await bench.declare(ends(a));
    await bench.clock.pass(minuteMs);
    expect(new Set(calls(bench))).toStrictEqual(new Set(['GET a']));
    expect(bench.sent.length).toBeGreaterThan(1);
  });

  it('every call has a look just before it', async () => {
    const bench = await makeBench();
    bench.remote.set(a, people(0));
    bench.answer = ({ method }) => (method === 'POST' ? { failure: failure('InDoubt') } : {});
    await bench.declare(ends(a));
    await bench.clock.pass(10 * minuteMs);
    const completing = bench.sent.filter(({ method }) => method === 'POST');
    expect(completing.length).toBeGreaterThan(3);
    for (const { leftMs } of completing) {
      const looked = bench.sent.filter(({ method, endedMs }) => method === 'GET' && endedMs <= leftMs).at(-1);
      expect(leftMs - (looked?.endedMs ?? -Infinity)).toBeLessThanOrEqual(1_005 + 250);
    }
  });

  it('people who came back meanwhile keep it open', async () => {
    const bench = await makeBench();
    bench.remote.set(a, people(0));
    bench.answer = ({ method, nth }) => (method === 'POST' && nth < 5 ? { failure: failure('Unsent') } : {});
    await bench.declare(ends(a));
    await bench.clock.passUntil(() => to(bench, a).length === 2);
    bench.remote.set(a, people(1));
    await bench.clock.pass(minuteMs);
    expect(calls(bench).slice(0, 2)).toStrictEqual(['GET a', `POST a ${state}`]);
    expect(new Set(calls(bench).slice(2))).toStrictEqual(new Set(['GET a']));
    expect(bench.remote.get(a)?.state).toBe('active');
  });

  it('a look that failed is remembered, and not repeated at the full budget', async () => {
    const bench = await makeBench();
    bench.answer = () => ({ failure: failure('InDoubt') });
    await bench.declare(ends(a));
    for (let second = 0; second < 60; second += 1) {
      await bench.clock.pass(1_000);
      await bench.handOver();
    }
    expect(gapsMs(bench.sent).map((gap) => Math.round(gap / 1000))).toStrictEqual([1, 2, 4, 8, 16]);
    expect(bench.ledger.records.get(a)?.trouble).toMatchObject(O.some({ kind: 'failing', attempts: 6 }));
    expect(count(bench, 'LookFailed')).toBe(6);

    // The next process goes on where this one has stopped.
    const next = await makeBench({ records: [...bench.ledger.records.values()] });
    next.clock.setBack(-bench.clock.elapsed());
    await next.declare(ends(a));
    await next.clock.pass(2_000);
    expect(next.sent).toStrictEqual([]);
    await next.clock.pass(2_000);
    expect(calls(next)).toStrictEqual(['GET a']);
  });

  it('a look that was answered clears what failed before', async () => {
    const bench = await makeBench();
    bench.remote.set(a, people(2));
    bench.answer = ({ nth }) => (nth === 1 ? { failure: failure('InDoubt') } : {});
    await bench.declare(ends(a));
    await bench.clock.pass(5_000);
    expect(calls(bench)).toStrictEqual(['GET a', 'GET a']);
    expect(bench.ledger.records.get(a)?.trouble).toStrictEqual(O.none);
  });
});

describe('an account that does not work', () => {
  it.each([
    ['Denied', 2_000],
    ['Unsent', 500],
  ] as const)('%s: many at once count once, then one probe at a time', async (tag, firstProbeMs) => {
    const bench = await makeBench({ rate: 'unlimited', random: () => 0 });
    bench.answer = () => ({ failure: failure(tag), tookMs: 100 });
    await bench.declare(...tags(many(100)));
    await bench.clock.pass(60 * minuteMs);
    const probes = bench.sent.slice(40);
    expect(mostAtOnce(bench.sent.slice(0, 40))).toBe(40);
    expect(mostAtOnce(probes)).toBe(1);
    expect(probes[0]?.leftMs).toBe(100 + firstProbeMs);
    expect((probes[1]?.leftMs ?? 0) - (probes[0]?.endedMs ?? 0)).toBe(2 * firstProbeMs);
    expect(told(bench).filter((event) => event !== 'Called')).toStrictEqual(['Paused']);
    expect(bench.dispatcher.view().paused).toMatchObject(O.some({ _tag: tag }));
  });

  it('each probe is for another conference', async () => {
    const bench = await makeBench();
    bench.answer = () => ({ failure: failure('Denied') });
    for (const id of [a, b, c, d]) {
      await bench.declare(...tags([id]));
      await bench.clock.pass(5);
    }
    await bench.clock.passUntil(() => bench.sent.length === 8);
    const asked = bench.sent.map(({ conference: id }) => id);
    expect(asked).toStrictEqual([a, b, c, d, a, b, c, d]);
  });

  it('goes on as soon as one call is answered, whatever the answer', async () => {
    const bench = await makeBench({ rate: 'unlimited' });
    let works = false;
    bench.answer = () => (works ? {} : { failure: failure('Unsent') });
    await bench.declare(...tags(many(20)));
    await bench.clock.pass(minuteMs);
    works = true;
    await bench.clock.pass(minuteMs);
    expect(bench.ledger.records.size).toBe(20);
    for (const record of bench.ledger.records.values())
      expect(record.settings.tag).toStrictEqual({ _tag: 'Applied', value: 't' });
    expect([count(bench, 'Paused'), count(bench, 'Resumed')]).toStrictEqual([1, 1]);
    expect(bench.dispatcher.view().paused).toStrictEqual(O.none);
  });

  it('those that alone are denied pause the account once, however many were asked', async () => {
    const bench = await makeBench();
    bench.answer = ({ conference: id }) => (id === a || id === b ? { failure: failure('Denied') } : {});
    await bench.declare(...tags([a, b, c, d]));
    await bench.clock.pass(60 * minuteMs);
    expect([to(bench, c).length, to(bench, d).length]).toStrictEqual([1, 1]);
    expect([count(bench, 'Paused'), count(bench, 'Resumed')]).toStrictEqual([1, 1]);
  });

  // What is known of `a` when it fails once more, alone.
  it.each<readonly [string, readonly ('Denied' | 'Unsent' | 'answered')[], number]>([
    ['denied while others were answered, then denied', ['Denied', 'Denied'], 1],
    ['denied while others were answered, then not reached', ['Denied', 'Unsent'], 2],
    ['not reached while others were answered, then denied', ['Unsent', 'Denied'], 2],
    ['denied while others were answered, then answered, then denied', ['Denied', 'answered', 'Denied'], 2],
  ])('%s', async (_, fates, pauses) => {
    const bench = await makeBench();
    bench.answer = ({ conference: id, nth }) => {
      const fate = id === a ? (fates[nth - 1] ?? 'answered') : 'answered';
      return fate === 'answered' ? {} : { failure: failure(fate) };
    };
    await bench.declare(...tags([a, b]));
    for (let edit = 0; edit < 3; edit += 1) {
      await bench.clock.pass(20 * minuteMs);
      await bench.declare(one(a, { tag: String(edit) }));
    }
    await bench.clock.pass(20 * minuteMs);
    expect(count(bench, 'Paused')).toBe(pauses);
    expect(count(bench, 'Resumed')).toBe(pauses);
  });

  it('one conference that alone is denied does not stop the others, and is tried ever more seldom', async () => {
    const bench = await makeBench();
    bench.answer = ({ conference: id }) => (id === a ? { failure: failure('Denied') } : {});
    await bench.declare(...tags([a, b, c]));
    for (let pass = 1; pass <= 120; pass += 1) {
      const start = bench.clock.elapsed();
      await bench.declare(one(b, { tag: String(pass) }));
      await bench.clock.pass(minuteMs);
      const [edited] = to(bench, b).filter(({ leftMs }) => leftMs >= start);
      if (pass > 1) expect((edited?.leftMs ?? Infinity) - start).toBeLessThan(2_500);
    }
    const gaps = gapsMs(to(bench, a));
    expect(gaps.length).toBeLessThan(40);
    expect(gaps.slice(-3).every((gap) => gap > 4 * minuteMs && gap < 6 * minuteMs)).toBe(true);
    expect([count(bench, 'Paused'), count(bench, 'Resumed')]).toStrictEqual([1, 1]);
  });

  it.each([
    ['Denied', 1],
    ['Unsent', 5],
  ] as const)('%s ends an apply after %i in a row', async (tag, calledTimes) => {
    const bench = await makeBench({ patience: untilReported });
    bench.answer = () => ({ failure: failure(tag) });
    await bench.declare(...tags(many(8)));
    const idle = watch(bench.dispatcher.idle());
    await bench.clock.pass(60 * minuteMs);
    expect([idle.done(), bench.sent.length]).toStrictEqual([true, calledTimes]);
    expect(bench.dispatcher.view().stoppedBy).toMatchObject(O.some({ _tag: tag }));
  });
});

describe('a state that cannot be written', () => {
  it('before a call: nothing is sent, and the daemon tries again', async () => {
    const bench = await makeBench({ rate: 'unlimited' });
    bench.fails = (batch) => (isIntent(batch) && bench.clock.elapsed() < 5_000 ? unavailable : undefined);
    await bench.declare(...tags([a, b]));
    await bench.clock.pass(4_900);
    expect(bench.sent).toStrictEqual([]);
    expect(count(bench, 'LedgerFailed')).toBeGreaterThan(3);
    expect(count(bench, 'LedgerFailed')).toBeLessThanOrEqual(10);
    await bench.clock.pass(10_000);
    expect(calls(bench)).toStrictEqual(['POST a {"tag":"t"}', 'POST b {"tag":"t"}']);
    expect(bench.dispatcher.view().stoppedBy).toStrictEqual(O.none);
  });

  it('before a call: an apply ends, nothing is sent', async () => {
    const bench = await makeBench({ patience: untilReported });
    bench.fails = (batch) => (isIntent(batch) ? unavailable : undefined);
    await bench.declare(...tags([a, b]));
    const idle = watch(bench.dispatcher.idle());
    await bench.clock.pass(minuteMs);
    expect([idle.done(), calls(bench)]).toStrictEqual([true, []]);
    expect(bench.dispatcher.view().stoppedBy).toStrictEqual(O.some(unavailable));
  });

  it('after a call: the outcome is written when that is possible, and nothing is sent twice', async () => {
    const bench = await makeBench({ rate: 'unlimited' });
    let works = false;
    bench.fails = (batch) => (isOutcome(batch) && !works ? unavailable : undefined);
    await bench.declare(one(a, { tag: 't' }));
    for (let pass = 0; pass < 10; pass += 1) {
      await bench.clock.pass(minuteMs);
      await bench.handOver();
    }
    expect([bench.sent.length, bench.dispatcher.view().underWay]).toStrictEqual([1, 1]);
    expect(bench.ledger.records.get(a)?.settings.tag).toMatchObject({ _tag: 'InDoubt' });
    expect(new Set(bench.stateErrors)).toStrictEqual(new Set([unavailable]));
    works = true;
    await bench.clock.pass(10_000);
    expect(bench.ledger.records.get(a)?.settings.tag).toStrictEqual({ _tag: 'Applied', value: 't' });
    expect([bench.sent.length, bench.dispatcher.view().underWay]).toStrictEqual([1, 0]);
  });

  it('after a call: an apply waits a while for it, says what was answered, and ends', async () => {
    const bench = await makeBench({ patience: untilReported });
    bench.fails = (batch) => (isOutcome(batch) ? unavailable : undefined);
    await bench.declare(...tags([a, b]));
    const idle = watch(bench.dispatcher.idle());
    await bench.clock.pass(15_000);
    expect(idle.done()).toBe(false);
    await bench.clock.pass(2 * minuteMs);
    expect(idle.done()).toBe(true);
    expect(count(bench, 'Called')).toBe(bench.sent.length);
    expect(bench.dispatcher.view().stoppedBy).toStrictEqual(O.some(unavailable));
  });

  it.each([
    ['an intent', isIntent, 0],
    ['an outcome', isOutcome, 1],
  ] as const)('because it is somebody else’s now (%s): it stops at once', async (_, which, calledTimes) => {
    const bench = await makeBench();
    bench.fails = (batch) => (which(batch) ? leaseLost : undefined);
    await bench.declare(...tags(many(5)));
    const idle = watch(bench.dispatcher.idle());
    await bench.clock.pass(60 * minuteMs);
    await bench.handOver();
    expect([idle.done(), bench.sent.length]).toStrictEqual([true, calledTimes]);
    expect(bench.dispatcher.view().stoppedBy).toStrictEqual(O.some(leaseLost));
    expect(count(bench, 'LedgerFailed')).toBe(1);
  });
});

describe('stopping', () => {
  it('waits for the calls under way, and starts none', async () => {
    const bench = await makeBench({ rate: 2 });
    bench.answer = () => ({ tookMs: 2_000 });
    await bench.declare(...tags(many(10)));
    await bench.clock.pass(1_200);
    expect(bench.dispatcher.view().underWay).toBe(3);
    const stopped = watch(bench.dispatcher.stop());
    await bench.declare(one(a, { mute: true }));
    await bench.clock.pass(1_700);
    expect(stopped.done()).toBe(false);
    await bench.clock.pass(1_000);
    expect(stopped.done()).toBe(true);
    await bench.clock.pass(60 * minuteMs);
    expect(bench.sent).toHaveLength(3);
    for (const { conference: id } of bench.sent)
      expect(bench.ledger.records.get(id)?.settings.tag).toMatchObject({ _tag: 'Applied' });
  });

  it('is over at once when nothing is under way', async () => {
    const bench = await makeBench();
    const idle = watch(bench.dispatcher.idle());
    const stopped = watch(bench.dispatcher.stop());
    await bench.clock.pass(0);
    expect([idle.done(), stopped.done()]).toStrictEqual([true, true]);
  });

  it('idle comes when the last call has ended, retries included', async () => {
    const bench = await makeBench({ patience: untilReported });
    bench.answer = ({ nth }) => (nth < 3 ? { failure: failure('InDoubt') } : {});
    await bench.declare(...tags([a, b]));
    const idle = watch(bench.dispatcher.idle());
    await bench.clock.passUntil(idle.done);
    expect([to(bench, a).length, to(bench, b).length]).toStrictEqual([3, 3]);
    expect(bench.dispatcher.view()).toMatchObject({ backlog: empty, underWay: 0, stoppedBy: O.none });
  });

  it('an apply tries five times, within half a minute', async () => {
    const bench = await makeBench({ patience: untilReported });
    bench.answer = () => ({ failure: failure('InDoubt') });
    await bench.declare(one(a, { tag: 't' }));
    const idle = watch(bench.dispatcher.idle());
    await bench.clock.passUntil(idle.done);
    expect(bench.sent).toHaveLength(5);
    expect(bench.clock.elapsed()).toBeLessThan(30_000);
  });
});

describe('a defect of ours', () => {
  it('in what is told of a call costs this conference its turn, and nobody else', async () => {
    const told: string[] = [];
    const bench = await makeBench({
      deps: {
        report: (event) => {
          told.push(event._tag);
          if (event._tag === 'Called' && event.change.conference === a) throw new Error('oh');
        },
      },
    });
    await bench.declare(...tags([a, b]));
    const idle = watch(bench.dispatcher.idle());
    await bench.clock.pass(minuteMs);
    expect(told).toStrictEqual(['Called', 'Broken', 'Called']);
    expect(calls(bench)).toStrictEqual(['POST a {"tag":"t"}', 'POST b {"tag":"t"}']);
    expect(idle.done()).toBe(true);
  });
});
