/** Calls that depend on the people in a conference: when they go, when they are held, and that nothing loses the guard. */
import * as O from 'fp-ts/lib/Option.js';
import { describe, expect, it } from 'vitest';
import { untilReported } from '../../src/apply/patience.js';
import type { Live } from '../../src/catapult/catapult.js';
import { conference, declare, diffBetween, nothing, type Values, type Words } from '../plan/sides.js';
import {
  failure,
  isIntent,
  limitedUntil,
  makeBench,
  shown,
  staleCalls,
  unavailable,
  type Bench,
  type BenchOptions,
  empty,
} from './bench.js';

const [a, b, c] = [conference('a'), conference('b'), conference('c')];
const one = (id: typeof a, values: Values, words: Words = {}) => declare(values, words, id);
const waitsForLast = one(a, { state: 'completed' }, { whenEmpty: true });
const ends = one(a, { state: 'completed' });

const people = (members: number | undefined, state: Live['state'] = 'active'): Live => ({
  state,
  activeMembers: O.fromNullable(members),
  settings: {},
});
const calls = ({ sent }: Bench): readonly string[] => sent.map(shown);
const told = ({ events }: Bench): readonly string[] => events.map(({ _tag }) => _tag);
const news = ({ events }: Bench): readonly string[] =>
  events.flatMap((event) => (event._tag === 'Refused' && event.isNews ? [event.refusal.message] : []));
const heldNow = ({ dispatcher }: Bench): readonly string[] =>
  dispatcher.view().refused.map((refusal) => refusal.conference);
const complete = 'POST a {"state":"completed"}';

/** At most five people, or nobody at all. */
const guarded: readonly (readonly [string, typeof ends, number, number])[] = [
  ['--max-audience', ends, 5, 6],
  ['whenEmpty', waitsForLast, 0, 1],
];
const benchWith = (options: BenchOptions = {}): Promise<Bench> => makeBench({ maxAudience: 5, ...options });

describe.each(guarded)('%s: the look', (_, declared, few, many) => {
  it('comes just before the call, which takes the very next turn', async () => {
    const bench = await benchWith();
    bench.remote.set(a, people(few));
    await bench.declare(declared);
    await bench.clock.pass(100);
    // More urgent than what is only looked at, and there first as well.
    await bench.declare(one(b, { mute: true }), one(c, { tag: 't' }));
    await bench.clock.pass(10_000);
    expect(calls(bench)).toStrictEqual(['GET a', complete, 'POST b {"mute":true}', 'POST c {"tag":"t"}']);
  });

  it('does not count when somebody joined before it', async () => {
    const bench = await benchWith();
    bench.remote.set(a, people(few));
    bench.answer = ({ nth }) => {
      if (nth === 1) bench.remote.set(a, people(many));
      return {};
    };
    await bench.declare(declared);
    await bench.clock.pass(10_000);
    expect(calls(bench)).toStrictEqual(['GET a']);
  });

  it('is taken again when a 429 delays the turn, and sees who joined meanwhile', async () => {
    const bench = await benchWith({ rate: 4 });
    bench.remote.set(a, people(few));
    bench.answer = ({ conference: id, nth }) =>
      id === b && nth === 1 ? { failure: limitedUntil(O.some(bench.clock.now() + 3_000)), tookMs: 400 } : {};
    await bench.declare(one(b, { mute: true }));
    await bench.declare(declared);
    await bench.clock.passUntil(() =>
      bench.sent.some(({ method, endedMs }) => method === 'GET' && endedMs < 1e9),
    );
    bench.remote.set(a, people(many));
    await bench.clock.pass(8_000);
    expect(calls(bench)).toStrictEqual(['POST b {"mute":true}', 'GET a', 'POST b {"mute":true}', 'GET a']);
  });

  it('is taken again when the account was paused meanwhile', async () => {
    const bench = await benchWith({ rate: 4 });
    bench.remote.set(a, people(few));
    bench.answer = ({ conference: id, nth }) =>
      id === b && nth === 1 ? { failure: failure('Unsent'), tookMs: 400 } : {};
    await bench.declare(one(b, { mute: true }));
    await bench.declare(declared);
    await bench.clock.pass(8_000);
    const looks = calls(bench).filter((call) => call === 'GET a');
    expect(looks).toHaveLength(2);
    expect(staleCalls(bench, few)).toStrictEqual([]);
  });

  it('is taken again when the state could not be written', async () => {
    const bench = await benchWith();
    bench.remote.set(a, people(few));
    let failures = 1;
    bench.fails = (batch) => {
      if (!isIntent(batch)) return undefined;
      failures -= 1;
      return failures >= 0 ? unavailable : undefined;
    };
    await bench.declare(declared);
    await bench.clock.passUntil(() => told(bench).includes('LedgerFailed'));
    bench.remote.set(a, people(many));
    await bench.clock.pass(8_000);
    expect(calls(bench)).toStrictEqual(['GET a', 'GET a']);
  });

  it('is too old when the state was slow to write: nothing is sent, and it is looked at again', async () => {
    const bench = await benchWith();
    bench.remote.set(a, people(few));
    let slow = true;
    bench.commitTakesMs = (batch) => {
      if (!isIntent(batch) || !slow) return 0;
      slow = false;
      return 1_500;
    };
    await bench.declare(declared);
    await bench.clock.passUntil(() => told(bench).includes('Called'));
    expect(bench.ledger.records.get(a)).toMatchObject({ settings: {}, intent: O.none });
    bench.remote.set(a, people(many));
    await bench.clock.pass(8_000);
    expect(calls(bench)).toStrictEqual(['GET a', 'GET a']);
    bench.remote.set(a, people(few));
    await bench.clock.pass(20_000);
    expect(calls(bench).slice(2)).toStrictEqual(['GET a', complete]);
  });

  it('and a state that stays slow ends an apply, without a call', async () => {
    const bench = await benchWith({ patience: untilReported });
    bench.remote.set(a, people(few));
    bench.commitTakesMs = (batch) => (isIntent(batch) ? 1_500 : 0);
    await bench.declare(declared);
    await bench.clock.pass(60_000);
    expect(new Set(calls(bench))).toStrictEqual(new Set(['GET a']));
    expect(bench.events.at(-1)).toMatchObject({ settlement: { _tag: 'Failed', retryAfterMs: O.none } });
  });

  it('is taken again for every attempt', async () => {
    const bench = await benchWith();
    bench.remote.set(a, people(few));
    bench.answer = ({ method, nth }) => (method === 'POST' && nth < 5 ? { failure: failure('InDoubt') } : {});
    await bench.declare(declared);
    await bench.clock.pass(30_000);
    expect(calls(bench)).toStrictEqual(['GET a', complete, 'GET a', complete, 'GET a', complete]);
    expect(staleCalls(bench, few)).toStrictEqual([]);
  });

  it('is taken again for an attempt that follows at once', async () => {
    const bench = await benchWith({ rate: 'unlimited' });
    bench.remote.set(a, people(few));
    bench.answer = ({ nth }) => (nth === 2 ? { failure: limitedUntil(O.some(bench.clock.now() + 50)) } : {});
    await bench.declare(declared);
    await bench.clock.pass(5_000);
    expect(calls(bench)).toStrictEqual(['GET a', complete, 'GET a', complete]);
  });

  it('finds that it has ended: nothing is left to do', async () => {
    const bench = await benchWith();
    bench.remote.set(a, people(undefined, 'completed'));
    await bench.declare(declared);
    await bench.clock.pass(60_000);
    expect(calls(bench)).toStrictEqual(['GET a']);
    expect(bench.ledger.records.get(a)?.settings.state).toMatchObject({ _tag: 'Applied' });
  });

  it('without a word of who is there: it is not sent', async () => {
    const bench = await benchWith();
    bench.remote.set(a, people(undefined));
    await bench.declare(declared);
    await bench.clock.pass(5_000);
    expect(calls(bench)).toStrictEqual(['GET a']);
  });

  it('is made when stopped meanwhile, and the call is not', async () => {
    const bench = await benchWith();
    bench.remote.set(a, people(few));
    await bench.declare(declared);
    await bench.clock.pass(500);
    await bench.dispatcher.stop();
    await bench.clock.pass(10_000);
    expect(calls(bench)).toStrictEqual(['GET a']);
  });

  describe('a pass of the daemon between look and call', () => {
    const looked = async (): Promise<Bench> => {
      const bench = await benchWith();
      bench.remote.set(a, people(few));
      await bench.declare(declared);
      await bench.clock.pass(500);
      bench.remote.set(a, people(many));
      return bench;
    };

    it('with nothing new neither loses the permit nor the guard', async () => {
      const bench = await looked();
      await bench.handOver();
      await bench.clock.pass(5_000);
      // The look was fresh: who joined half a second after it came too late.
      expect(calls(bench)).toStrictEqual(['GET a', complete]);
    });

    it('with another body needs another look', async () => {
      const bench = await looked();
      await bench.declare({
        ...declared,
        settings: { ...declared.settings, ...one(a, { tag: 't' }).settings },
      });
      await bench.clock.pass(5_000);
      expect(calls(bench)).toStrictEqual(['GET a', 'GET a']);
      bench.remote.set(a, people(few));
      await bench.clock.pass(30_000);
      expect(calls(bench).at(-1)).toBe('POST a {"state":"completed","tag":"t"}');
      expect(staleCalls(bench, few)).toStrictEqual([]);
    });

    it('that is still being written counts already', async () => {
      const bench = await looked();
      bench.commitTakesMs = ({ calls: made }) => (made.length === 0 ? 3_000 : 0);
      const edited = bench.declare({
        ...declared,
        settings: { ...declared.settings, ...one(a, { tag: 't' }).settings },
      });
      await bench.clock.pass(10_000);
      await edited;
      expect(new Set(calls(bench))).toStrictEqual(new Set(['GET a']));
    });

    it('without it sends nothing', async () => {
      const bench = await looked();
      await bench.declare(one(a, {}));
      await bench.clock.pass(30_000);
      expect(calls(bench)).toStrictEqual(['GET a']);
    });

    it('while the look is under way counts as well', async () => {
      const bench = await benchWith();
      bench.answer = ({ nth }) => (nth === 1 ? { tookMs: 3_000 } : {});
      bench.remote.set(a, people(few));
      await bench.declare(declared);
      await bench.clock.pass(2_000);
      bench.remote.set(a, people(many));
      await bench.declare({
        ...declared,
        settings: { ...declared.settings, ...one(a, { tag: 't' }).settings },
      });
      await bench.clock.pass(5_000);
      expect(calls(bench)).toStrictEqual(['GET a', 'GET a']);
    });
  });
});

describe('--max-audience', () => {
  it.each<readonly [string, Values, boolean]>([
    ['completes', { state: 'completed' }, true],
    ['holds', { hold: true, tag: 't' }, true],
    ['no longer holds', { hold: false }, false],
    ['mutes', { mute: true }, false],
    ['is not heard', { tag: 't' }, false],
  ])('what %s has a guard: %o', async (_, values, isGuarded) => {
    const bench = await benchWith();
    bench.remote.set(a, people(6));
    await bench.declare(one(a, values));
    await bench.clock.pass(5_000);
    expect(calls(bench).map((call) => call.slice(0, 4))).toStrictEqual([isGuarded ? 'GET ' : 'POST']);
  });

  it('looks in the lane of the change', async () => {
    const bench = await benchWith();
    await bench.declare(one(b, { tag: 't' }), one(c, { tag: 't' }), ends);
    await bench.clock.pass(10_000);
    expect(calls(bench).slice(0, 2)).toStrictEqual(['GET a', complete]);
  });

  it('in an apply: one look, and everything else goes out', async () => {
    const bench = await benchWith({ patience: untilReported });
    bench.remote.set(a, people(7));
    await bench.declare(ends, one(b, { mute: true }));
    await bench.clock.pass(60_000);
    expect(calls(bench)).toStrictEqual(['GET a', 'POST b {"mute":true}']);
    expect(news(bench)).toStrictEqual(['7 people are in it, more than the 5 that --max-audience allows']);
    expect(bench.events[0]).toMatchObject({
      refusal: { conference: a, audience: O.some(7), at: O.some(ends.at) },
    });
  });

  it('in the daemon: looks every 15 s, tells once, and sends it when they have left', async () => {
    const bench = await benchWith();
    bench.remote.set(a, people(7));
    await bench.declare(ends);
    await bench.clock.pass(1_000);
    expect(heldNow(bench)).toStrictEqual([a]);
    for (let pass = 0; pass < 3; pass += 1) {
      await bench.handOver();
      await bench.clock.pass(15_000);
    }
    bench.remote.set(a, people(5));
    expect(bench.sent.map(({ leftMs }) => Math.round(leftMs / 1_000))).toStrictEqual([0, 15, 30, 45]);
    expect(news(bench)).toHaveLength(1);
    await bench.clock.pass(17_000);
    expect(calls(bench).slice(4)).toStrictEqual(['GET a', complete]);
    expect(heldNow(bench)).toStrictEqual([]);
    expect(bench.remote.get(a)?.state).toBe('completed');
  });

  it('what was refused is looked at when nothing else could go, also after a pass', async () => {
    const bench = await benchWith();
    bench.remote.set(a, people(7));
    await bench.declare(ends);
    await bench.clock.pass(14_500);
    await bench.declare(...['d', 'e', 'f', 'g'].map((id) => one(conference(id), { tag: 't' })));
    await bench.clock.pass(5_000);
    expect(calls(bench).slice(1)).toStrictEqual([
      ...['d', 'e', 'f', 'g'].map((id) => `POST ${id} {"tag":"t"}`),
      'GET a',
    ]);
  });

  it('tells again when it is declared otherwise, and after it had been permitted', async () => {
    const bench = await benchWith();
    bench.remote.set(a, people(7));
    await bench.declare(ends);
    await bench.clock.pass(2_000);
    await bench.declare(one(a, { state: 'completed', tag: 't' }));
    await bench.clock.pass(2_000);
    expect(news(bench)).toHaveLength(2);
    bench.remote.set(a, people(2));
    bench.answer = ({ method }) => {
      if (method === 'GET') return {};
      bench.remote.set(a, people(9));
      return { failure: failure('InDoubt') };
    };
    await bench.clock.pass(40_000);
    expect(calls(bench).filter((call) => call.startsWith('POST'))).toHaveLength(1);
    expect(news(bench).slice(2)).toStrictEqual([
      '9 people are in it, more than the 5 that --max-audience allows',
    ]);
  });

  it('forgets the refusal of what is withdrawn, also while it is looked at', async () => {
    const bench = await benchWith();
    bench.remote.set(a, people(7));
    bench.answer = () => ({ tookMs: 1_000 });
    await bench.declare(ends);
    await bench.clock.pass(2_000);
    expect(heldNow(bench)).toStrictEqual([a]);
    await bench.clock.passUntil(() => bench.dispatcher.view().underWay === 1);
    await bench.declare(one(a, {}));
    await bench.clock.pass(5_000);
    expect(heldNow(bench)).toStrictEqual([]);
    expect(news(bench)).toHaveLength(1);
    expect(bench.dispatcher.view()).toMatchObject({ backlog: empty, underWay: 0 });
  });

  it('looks for the very body that is sent, whoever changed it', async () => {
    const [before, after] = ['s', 't'].map((tag) =>
      diffBetween({ ...ends, settings: one(a, { state: 'completed', tag }).settings }, undefined, {
        maxAudience: O.some(5),
      }),
    );
    let change = before;
    const decide = () => change ?? nothing();
    const bench = await benchWith({ patience: untilReported, deps: { decide } });
    bench.dispatcher.submit([{ conference: a, lane: 1, declaration: '', delayMs: 0, attempts: 0 }]);
    await bench.clock.pass(500);
    change = after;
    await bench.clock.pass(5_000);
    expect(calls(bench)).toStrictEqual(['GET a', 'GET a', 'POST a {"state":"completed","tag":"t"}']);
  });

  it('does not stand for whenEmpty that is declared while the intent is written', async () => {
    const bench = await benchWith();
    bench.remote.set(a, people(3));
    bench.commitTakesMs = (batch) => (isIntent(batch) ? 100 : 0);
    await bench.declare(ends);
    await bench.clock.passUntil(() => bench.clock.elapsed() > 1_020);
    expect(bench.dispatcher.view().underWay).toBe(1);
    const edited = bench.declare(waitsForLast);
    await bench.clock.pass(5_000);
    await edited;
    expect(new Set(calls(bench))).toStrictEqual(new Set(['GET a']));
  });

  it('yields to whenEmpty, which waits and refuses nothing', async () => {
    const bench = await benchWith();
    bench.remote.set(a, people(3));
    await bench.declare(waitsForLast);
    await bench.clock.pass(5_000);
    expect([calls(bench), news(bench), heldNow(bench)]).toStrictEqual([['GET a'], [], []]);
  });

  it('a newcomer is looked at, however many others are looked at again and again', async () => {
    const bench = await benchWith({});
    const busy = Array.from({ length: 20 }, (_, index) => conference(`m${index}`));
    for (const id of busy) bench.remote.set(id, people(3));
    await bench.declare(...busy.map((id) => one(id, { state: 'completed' }, { whenEmpty: true })));
    await bench.clock.pass(60_000);
    const late = conference('late');
    bench.remote.set(late, people(0));
    await bench.declare(one(late, { state: 'completed' }, { whenEmpty: true }));
    await bench.clock.pass(40_000);
    expect(bench.sent.filter(({ conference: id }) => id === late).map(({ method }) => method)).toStrictEqual([
      'GET',
      'POST',
    ]);
  });

  it('counts people also where nothing limits the calls', async () => {
    const bench = await benchWith({ rate: 'unlimited' });
    const ids = Array.from({ length: 40 }, (_, index) => conference(`m${index}`));
    for (const [index, id] of ids.entries()) bench.remote.set(id, people(index % 2 === 0 ? 5 : 6));
    await bench.declare(...ids.map((id) => one(id, { hold: true })));
    await bench.clock.pass(1_000);
    const held = bench.sent.flatMap(({ method, conference: id }) => (method === 'POST' ? [id] : []));
    expect(held.sort()).toStrictEqual(ids.filter((_, index) => index % 2 === 0).sort());
  });
});
