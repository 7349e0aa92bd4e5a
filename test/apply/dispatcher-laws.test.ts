/** Whatever is declared and whatever is answered: what holds of the calls, and where it ends. */
import { fc, test } from '@fast-check/vitest';
import * as O from 'fp-ts/lib/Option.js';
import { describe, expect } from 'vitest';
import type { ConferenceId } from '../../src/conference/id.js';
import { bodyEntries, type Body } from '../../src/conference/settings.js';
import { conference, declare } from '../plan/sides.js';
import {
  failure,
  gapsMs,
  limitedUntil,
  makeBench,
  mostAtOnce,
  staleCalls,
  unavailable,
  type Bench,
  type Reply,
  type Sent,
} from './bench.js';

const names = ['a', 'b', 'c'].map(conference);
/** To be completed when the last member has left. */
const last = conference('last');
const maxAudience = 1;

type Step =
  | { readonly _tag: 'Edit'; readonly conference: ConferenceId; readonly settings: Body }
  /** So many people are in it from now on. */
  | { readonly _tag: 'People'; readonly conference: ConferenceId; readonly members: number }
  | { readonly _tag: 'Wait'; readonly byMs: number }
  | { readonly _tag: 'Pass' };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc
      .record({
        conference: fc.constantFrom(...names),
        settings: fc.record(
          { mute: fc.boolean(), hold: fc.boolean(), tag: fc.constantFrom('s', 't', 'u') },
          { requiredKeys: [] },
        ),
      })
      .map((edit): Step => ({ _tag: 'Edit', ...edit })),
  },
  {
    weight: 3,
    arbitrary: fc.integer({ min: 1, max: 6_000 }).map((byMs): Step => ({ _tag: 'Wait', byMs })),
  },
  {
    weight: 2,
    arbitrary: fc
      .record({ conference: fc.constantFrom(...names, last), members: fc.nat({ max: 2 }) })
      .map((people): Step => ({ _tag: 'People', ...people })),
  },
  fc.constant<Step>({ _tag: 'Pass' }),
);

type Fate = 'answered' | 'lost' | 'unheard' | 'limited' | 'conflict' | 'unsent' | 'denied' | 'unrecorded';
const trouble: readonly Fate[] = ['lost', 'unheard', 'limited', 'conflict', 'unsent', 'denied', 'unrecorded'];

interface Answer {
  readonly fate: Fate;
  readonly tookMs: number;
  readonly resetMs: number | null;
}

const answer: fc.Arbitrary<Answer> = fc.record({
  fate: fc.oneof(fc.constant<Fate>('answered'), fc.constantFrom(...trouble)),
  tookMs: fc.constantFrom(0, 30, 700, 4_000),
  resetMs: fc.option(fc.integer({ min: -500, max: 8_000 })),
});

const replyOf = ({ fate, tookMs, resetMs }: Answer, nowMs: number): Reply => {
  switch (fate) {
    case 'answered':
    case 'unrecorded':
      return { tookMs };
    case 'lost':
      return { tookMs, failure: failure('InDoubt'), executes: true };
    case 'unheard':
      return { tookMs, failure: failure('InDoubt') };
    case 'limited':
      return { tookMs, failure: limitedUntil(resetMs === null ? O.none : O.some(nowMs + resetMs)) };
    case 'conflict':
      return { tookMs, failure: failure('Conflict') };
    case 'unsent':
      return { tookMs, failure: failure('Unsent') };
    case 'denied':
      return { tookMs, failure: failure('Denied') };
  }
};

/** What was declared when each call left. */
const declaredThen = new WeakMap<Sent, Body>();

const run = async (steps: readonly Step[], script: readonly Answer[]): Promise<Bench> => {
  const bench = await makeBench({ maxAudience });
  const declared = new Map<ConferenceId, Body>();
  const left = [...script];
  bench.answer = ({ conference: id }) => {
    const sent = bench.sent.at(-1);
    if (sent !== undefined) declaredThen.set(sent, declared.get(id) ?? {});
    const next = left.shift();
    if (next?.fate === 'unrecorded') failCommits(bench, 3);
    return next === undefined ? {} : replyOf(next, bench.clock.now());
  };
  const setPeople = (id: ConferenceId, members: number): void => {
    const before = bench.remote.get(id) ?? { state: 'active', settings: {} };
    bench.remote.set(id, { ...before, activeMembers: O.some(members) });
  };
  setPeople(last, 1);
  await bench.declare(declare({ state: 'completed' }, { whenEmpty: true }, last));
  for (const one of steps) {
    if (one._tag === 'Wait') await bench.clock.pass(one.byMs);
    else if (one._tag === 'Pass') await bench.handOver();
    else if (one._tag === 'People') setPeople(one.conference, one.members);
    else {
      declared.set(one.conference, one.settings);
      await bench.declare(declare(one.settings, {}, one.conference));
    }
  }
  for (const id of [...names, last]) setPeople(id, 0);
  await bench.clock.passUntil(() => {
    const { waiting, underWay } = bench.dispatcher.view();
    return waiting().length === 0 && underWay === 0;
  });
  return bench;
};

/** The next so many commits fail. */
const failCommits = (bench: Bench, times: number): void => {
  let failures = times;
  bench.fails = () => {
    failures -= 1;
    return failures >= 0 ? unavailable : undefined;
  };
};

/** What is live, with the defaults that an answer leaves out. */
const liveIn = ({ remote }: Bench, id: ConferenceId): Body => ({
  mute: false,
  hold: false,
  ...remote.get(id)?.settings,
});

const only = (bench: Bench, id: ConferenceId): Bench => ({
  ...bench,
  sent: bench.sent.filter((sent) => sent.conference === id),
});

describe('whatever is declared and whatever is answered', () => {
  test.prop([fc.array(step, { maxLength: 25 }), fc.array(answer, { maxLength: 25 })], { numRuns: 300 })(
    'in the end everything is live as declared, and the calls were in order',
    async (steps, script) => {
      const bench = await run(steps, script);
      const finals = new Map(
        steps.flatMap((one) => (one._tag === 'Edit' ? [[one.conference, one.settings]] : [])),
      );
      for (const [id, settings] of finals) {
        const live = liveIn(bench, id);
        for (const [name, value] of bodyEntries({ mute: false, hold: false, ...settings }))
          expect(live[name]).toBe(value);
      }
      expect(bench.dispatcher.view()).toMatchObject({ paused: O.none, stoppedBy: O.none });
      for (const gap of gapsMs(bench.sent)) expect(gap).toBeGreaterThanOrEqual(1_000);
      for (const id of [...names, last])
        expect(mostAtOnce(bench.sent.filter((sent) => sent.conference === id))).toBeLessThanOrEqual(1);
      expect(bench.remote.get(last)?.state).toBe('completed');
      // A 429 lets the interval grow, and with it the time until the next turn.
      const withinMs = script.some(({ fate }) => fate === 'limited') ? Infinity : undefined;
      expect(staleCalls(bench, maxAudience, withinMs)).toStrictEqual([]);
      expect(staleCalls(only(bench, last), 0, withinMs)).toStrictEqual([]);
      // What has been superseded is never sent: a body says what was declared when it left, or takes it back.
      for (const sent of bench.sent.filter((call) => call.conference !== last)) {
        const declared = { mute: false, hold: false, ...declaredThen.get(sent) };
        for (const [name, value] of bodyEntries(sent.body)) expect(declared[name]).toBe(value);
      }
    },
  );
});
