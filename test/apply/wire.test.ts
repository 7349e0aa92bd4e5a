/** Room for requests: by itself, and as the dispatcher uses it. */
import * as O from 'fp-ts/lib/Option.js';
import { describe, expect, it } from 'vitest';
import { maxUnderWay } from '../../src/apply/account.js';
import { makeWire } from '../../src/apply/wire.js';
import type { LedgerError } from '../../src/ledger/store.js';
import { conference, declare } from '../plan/sides.js';
import { failure, isIntent, limitedUntil, makeBench, mostAtOnce, type Bench } from './bench.js';

describe('the wire', () => {
  /** Who has room, in the order in which they got it. */
  const makeCrowd = (most: number) => {
    const wire = makeWire(most);
    const inside: string[] = [];
    const enter = (name: string, isUrgent = false) => {
      const place = wire.place();
      const entered = place.take(isUrgent).then((hasWaited) => {
        inside.push(name);
        return hasWaited;
      });
      return { leave: place.leave, entered };
    };
    return { enter, inside };
  };

  it('is full when as many are on it as may be; who waits comes in order, the urgent first', async () => {
    const { enter, inside } = makeCrowd(2);
    const [a, b, c, d, e] = [enter('a'), enter('b'), enter('c'), enter('d'), enter('e', true)];
    expect(await Promise.all([a.entered, b.entered])).toEqual([false, false]);
    expect(inside).toEqual(['a', 'b']);
    a.leave();
    expect(await e.entered).toBe(true);
    b.leave();
    expect(await c.entered).toBe(true);
    expect(inside).toEqual(['a', 'b', 'e', 'c']);
    c.leave();
    await d.entered;
    expect(inside).toEqual(['a', 'b', 'e', 'c', 'd']);
  });

  it('gives room back once, and only what was taken', async () => {
    const { enter, inside } = makeCrowd(1);
    makeWire(1).place().leave();
    const [a, b, c] = [enter('a'), enter('b'), enter('c')];
    await a.entered;
    a.leave();
    a.leave();
    await b.entered;
    expect(inside).toEqual(['a', 'b']);
    b.leave();
    expect(await c.entered).toBe(true);
    c.leave();
    expect(await enter('d').entered).toBe(false);
  });
});

describe('calls without a limit', () => {
  const all = Array.from({ length: 100 }, (_, index) =>
    declare({ tag: 't' }, {}, conference(`m${String(index).padStart(3, '0')}`)),
  );
  const intents = (bench: Bench): number =>
    [...bench.ledger.records.values()].filter(({ intent }) => O.isSome(intent)).length;
  const leaseLost: LedgerError = { _tag: 'LeaseLost', location: 'memory' };

  it('are durable before there is room for them, and leave the moment there is, whatever a commit takes', async () => {
    const bench = await makeBench({ rate: 'unlimited' });
    await bench.declare(...all);
    expect(bench.sent).toHaveLength(maxUnderWay);
    expect(intents(bench)).toBe(2 * maxUnderWay);
    bench.commitTakesMs = () => 5;
    await bench.clock.pass(minute);
    expect(mostAtOnce(bench.sent)).toBe(maxUnderWay);
    // Neither the commit of an outcome nor that of an intent lies between an answer and the next request.
    expect([...new Set(bench.sent.map(({ leftMs }) => leftMs))]).toStrictEqual([0, 20, 40]);
    expect(intents(bench)).toBe(0);
  });

  it('that have no room yet are taken back when nothing may leave any more', async () => {
    const bench = await makeBench({ rate: 'unlimited' });
    await bench.declare(...all);
    await bench.clock.pass(1);
    const stopped = bench.dispatcher.stop();
    await bench.clock.pass(minute);
    await stopped;
    expect(bench.sent).toHaveLength(maxUnderWay);
    expect(intents(bench)).toBe(0);
    const inDoubt = [...bench.ledger.records.values()].filter(
      ({ settings }) => settings.tag?._tag === 'InDoubt',
    );
    expect(inDoubt).toEqual([]);
  });

  it.each([
    ['the limit', () => limitedUntil(O.some(1_700_000_000_000 + 5_000))],
    ['the account', () => failure('Unsent')],
  ] as const)('that have no room yet do not leave after an answer about %s', async (_what, answer) => {
    const bench = await makeBench({ rate: 'unlimited' });
    bench.answer = () => (bench.clock.elapsed() < 1_000 ? { failure: answer() } : {});
    await bench.declare(...all);
    await bench.clock.pass(300);
    expect(bench.sent).toHaveLength(maxUnderWay);
    await bench.clock.pass(30 * minute);
    expect(bench.sent).toHaveLength(maxUnderWay + all.length);
    expect(new Set(bench.sent.slice(maxUnderWay).map(({ conference: id }) => id)).size).toBe(all.length);
  });

  it('that have no room yet are not made by who has lost the state', async () => {
    const bench = await makeBench({ rate: 'unlimited' });
    await bench.declare(...all);
    bench.fails = (batch) => (isIntent(batch) ? undefined : leaseLost);
    await bench.clock.pass(minute);
    expect(bench.sent.length).toBeLessThanOrEqual(2 * maxUnderWay);
    expect(bench.dispatcher.view().stoppedBy).toStrictEqual(O.some(leaseLost));
  });
});

const minute = 60_000;
