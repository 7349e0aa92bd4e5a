import { fc, test } from '@fast-check/vitest';
import * as O from 'fp-ts/lib/Option.js';
import { describe, expect, it } from 'vitest';
import type { ConferenceId } from '../../src/conference/id.js';
import { makeQueue, type Queue } from '../../src/apply/queue.js';
import type { Lane } from '../../src/plan/lane.js';
import type { Waiting } from '../../src/apply/waiting.js';
import { conference } from '../plan/sides.js';

const waiting = (name: string, lane: Lane, more: Partial<Waiting> = {}): Waiting => ({
  conference: conference(name),
  lane,
  declaration: 'declared',
  sinceMs: 0,
  attempts: 0,
  dueMs: 0,
  backedOffMs: 0,
  limits: 0,
  untried: false,
  awaits: 'turn',
  permit: O.none,
  ...more,
});

const queueOf = (...all: readonly Waiting[]): Queue => {
  const queue = makeQueue();
  for (const one of all) queue.put(one);
  return queue;
};

const takeAll = (queue: Queue, nowMs = 0): readonly string[] => {
  const taken = queue.take(nowMs);
  return O.isSome(taken) ? [taken.value.conference, ...takeAll(queue, nowMs)] : [];
};

/** The lanes and kinds of so many turns, while more of the same always waits. */
const turns = (count: number, kinds: readonly Waiting[]): readonly Waiting[] => {
  const queue = queueOf(...kinds);
  return Array.from({ length: count }, (_, turn) => {
    const taken = queue.take(0);
    if (O.isNone(taken)) throw new Error('nothing waits');
    queue.release(taken.value.conference);
    queue.put({
      ...taken.value,
      conference: conference(`${taken.value.conference[0] ?? ''}${String(turn)}`),
    });
    return taken.value;
  });
};

/** The fewest of `what` in any `window` turns in a row. */
const fewest = (all: readonly Waiting[], window: number, what: (one: Waiting) => boolean): number =>
  Math.min(
    ...all
      .slice(0, all.length - window + 1)
      .map((_, from) => all.slice(from, from + window).filter(what).length),
  );

const permit = O.some({ content: '', untilMs: 0 });

describe('whose turn it is', () => {
  it.each<readonly [string, readonly Waiting[], readonly string[]]>([
    ['lane 1 first, reads last', [waiting('c', 3), waiting('b', 2), waiting('a', 1)], ['a', 'b', 'c']],
    ['the oldest first', [waiting('b', 1, { sinceMs: 2 }), waiting('a', 1, { sinceMs: 1 })], ['a', 'b']],
    [
      'first attempts before retries, however old',
      [waiting('b', 1, { attempts: 1, sinceMs: 1 }), waiting('a', 1, { sinceMs: 9 })],
      ['a', 'b'],
    ],
    [
      'untried first, however often tried before',
      [waiting('b', 1, { sinceMs: 1 }), waiting('a', 1, { untried: true, attempts: 3, sinceMs: 9 })],
      ['a', 'b'],
    ],
    ['not before it is due', [waiting('b', 1, { dueMs: 1 }), waiting('a', 2)], ['a']],
    [
      'a read waits for what is due, not for what is not',
      [waiting('b', 3), waiting('a', 1, { dueMs: 1 })],
      ['b'],
    ],
    [
      'what was permitted before everything, the oldest first',
      [
        waiting('c', 1, { untried: true }),
        waiting('b', 3, { permit, sinceMs: 9 }),
        waiting('a', 2, { permit, attempts: 3, sinceMs: 8 }),
      ],
      ['a', 'b', 'c'],
    ],
    ['nothing', [], []],
  ])('%s', (_, all, expected) => {
    expect(takeAll(queueOf(...all))).toStrictEqual(expected);
  });

  it('lane 2 keeps a tenth, and no more while lane 1 waits', () => {
    const all = turns(100, [waiting('a', 1), waiting('b', 2)]);
    expect(fewest(all, 10, ({ lane }) => lane === 2)).toBe(1);
    expect(all.filter(({ lane }) => lane === 2)).toHaveLength(10);
    expect(all[0]?.lane).toBe(1);
  });

  it('lane 2 keeps its tenth also of the turns that were permitted', () => {
    const queue = queueOf(waiting('b', 2), waiting('c', 1));
    const taken = Array.from({ length: 210 }, (_, turn): Waiting => {
      // As it goes with looks and calls: after each turn of lane 1 one is permitted.
      if (turn % 2 === 1) queue.put(waiting(`p${turn}`, 1, { permit }));
      const next = queue.take(0);
      if (O.isNone(next)) throw new Error('nothing waits');
      queue.release(next.value.conference);
      if (O.isNone(next.value.permit)) queue.put(next.value);
      return next.value;
    });
    expect(taken.filter(({ lane }) => lane === 2).length).toBeGreaterThanOrEqual(20);
    expect(fewest(taken, 11, ({ lane }) => lane === 2)).toBe(1);
  });

  it.each<Lane>([1, 2, 3])('retries keep a fifth of lane %i, and no more while others wait', (lane) => {
    const all = turns(100, [waiting('a', lane), waiting('b', lane, { attempts: 1 })]);
    expect(fewest(all, 5, ({ attempts }) => attempts > 0)).toBe(1);
    expect(all.filter(({ attempts }) => attempts > 0)).toHaveLength(20);
  });

  it('and also beside those that were handed back untried', () => {
    const all = turns(100, [waiting('a', 1, { untried: true }), waiting('b', 1, { attempts: 1 })]);
    expect(fewest(all, 5, ({ untried }) => !untried)).toBe(1);
  });

  it('each lane counts its own retries', () => {
    const all = turns(500, [
      waiting('a', 1),
      waiting('b', 1, { attempts: 1 }),
      waiting('c', 2),
      waiting('d', 2, { attempts: 1 }),
    ]);
    const second = all.filter(({ lane }) => lane === 2);
    expect(fewest(second, 5, ({ attempts }) => attempts > 0)).toBe(1);
    expect(fewest(all, 10, ({ lane }) => lane === 2)).toBe(1);
  });

  it('turns that nobody competed for earn nothing', () => {
    const queue = queueOf();
    const one = (lane: Lane, more: Partial<Waiting> = {}): void => {
      queue.put(waiting('x', lane, more));
      queue.take(0);
      queue.release(conference('x'));
    };
    for (let turn = 0; turn < 20; turn += 1) one(1);
    queue.put(waiting('a', 1));
    queue.put(waiting('b', 2));
    expect(takeAll(queue)).toStrictEqual(['a', 'b']);
  });
});

describe('a conference', () => {
  const a = conference('a');

  it('waits once, keeps its age, and goes where it was put last, at once', () => {
    const queue = queueOf(waiting('a', 2, { sinceMs: 1 }), waiting('b', 1, { sinceMs: 5 }), waiting('c', 2));
    queue.put(waiting('a', 1, { sinceMs: 9 }));
    expect(queue.waiting()).toHaveLength(3);
    expect(queue.waiting().find(({ conference: found }) => found === 'a')).toMatchObject({
      lane: 1,
      sinceMs: 1,
    });
    expect(takeAll(queue)).toStrictEqual(['a', 'b', 'c']);
  });

  it('is never handed out twice at once', () => {
    const queue = queueOf(waiting('a', 1));
    expect(takeAll(queue)).toStrictEqual(['a']);
    queue.put(waiting('a', 1));
    expect(takeAll(queue)).toStrictEqual([]);
    expect([queue.isBusy(a), queue.busy(), queue.get(a), queue.nextDueMs()]).toStrictEqual([
      true,
      1,
      O.some(waiting('a', 1)),
      O.none,
    ]);
    queue.release(a);
    expect(takeAll(queue)).toStrictEqual(['a']);
  });

  it('a busy one keeps nobody else from going', () => {
    const queue = queueOf(waiting('a', 1));
    queue.take(0);
    queue.put(waiting('a', 1));
    queue.put(waiting('b', 1, { sinceMs: 9 }));
    queue.put(waiting('c', 3));
    expect(takeAll(queue)).toStrictEqual(['b', 'c']);
  });

  it('can be taken back', () => {
    const queue = queueOf(waiting('a', 1), waiting('b', 2, { dueMs: 7 }));
    queue.remove(a);
    queue.remove(conference('unknown'));
    expect([queue.get(a), queue.nextDueMs()]).toStrictEqual([O.none, O.some(7)]);
    expect(takeAll(queue, 7)).toStrictEqual(['b']);
    expect(queue.nextDueMs()).toStrictEqual(O.none);
  });
});

type Operation =
  | { readonly _tag: 'Put'; readonly waiting: Waiting }
  | { readonly _tag: 'Remove' | 'Release'; readonly conference: ConferenceId }
  | { readonly _tag: 'Take' | 'Wait' };

const name = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h');
const operation: fc.Arbitrary<Operation> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .record({
        name,
        lane: fc.constantFrom<Lane[]>(1, 2, 3),
        sinceMs: fc.nat({ max: 50 }),
        dueMs: fc.nat({ max: 20 }),
        attempts: fc.nat({ max: 2 }),
        untried: fc.boolean(),
        permit: fc.oneof({ weight: 5, arbitrary: fc.constant(O.none) }, fc.constant(permit)),
      })
      .map(({ name: put, lane, ...more }): Operation => ({ _tag: 'Put', waiting: waiting(put, lane, more) })),
  },
  { weight: 4, arbitrary: fc.constant<Operation>({ _tag: 'Take' }) },
  {
    weight: 3,
    arbitrary: name.map((gone): Operation => ({ _tag: 'Release', conference: conference(gone) })),
  },
  name.map((gone): Operation => ({ _tag: 'Remove', conference: conference(gone) })),
  fc.constant<Operation>({ _tag: 'Wait' }),
);

const rank = ({ untried, attempts }: Waiting): number => (untried ? 0 : attempts === 0 ? 1 : 2);

/** A turn that lane and age alone do not explain must be one of the shares. */
const justified = (taken: Waiting, able: readonly Waiting[]): boolean => {
  if (!able.some(({ conference: found }) => found === taken.conference)) return false;
  const permitted = able.filter((one) => O.isSome(one.permit));
  if (permitted.length > 0)
    return O.isSome(taken.permit) && permitted.every(({ sinceMs }) => sinceMs >= taken.sinceMs);
  if (taken.lane === 3 && able.some(({ lane }) => lane < 3)) return false;
  const equals = able.filter((one) => one.lane === taken.lane && rank(one) === rank(taken));
  if (equals.some(({ sinceMs }) => sinceMs < taken.sinceMs)) return false;
  return rank(taken) === 2 || !able.some((one) => one.lane === taken.lane && rank(one) < rank(taken));
};

test.prop([fc.array(operation, { maxLength: 120 })], { numRuns: 300 })(
  'whatever happens, a turn is justified',
  (operations) => {
    const queue = makeQueue();
    const model = new Map<string, Waiting>();
    const busy = new Set<string>();
    let nowMs = 0;
    let overtaken = 0;
    let retriesOvertaken = { 1: 0, 2: 0, 3: 0 };
    for (const step of operations) {
      switch (step._tag) {
        case 'Put': {
          const known = model.get(step.waiting.conference);
          const sinceMs = Math.min(step.waiting.sinceMs, known?.sinceMs ?? Infinity);
          model.set(step.waiting.conference, { ...step.waiting, sinceMs });
          queue.put(step.waiting);
          break;
        }
        case 'Remove':
          model.delete(step.conference);
          queue.remove(step.conference);
          break;
        case 'Release':
          busy.delete(step.conference);
          queue.release(step.conference);
          break;
        case 'Wait':
          nowMs += 1;
          break;
        case 'Take': {
          const able = [...model.values()].filter((one) => one.dueMs <= nowMs && !busy.has(one.conference));
          const taken = queue.take(nowMs);
          expect(O.isSome(taken)).toBe(able.length > 0);
          if (O.isNone(taken)) break;
          expect(taken.value).toStrictEqual(model.get(taken.value.conference));
          expect(justified(taken.value, able)).toBe(true);
          const { lane } = taken.value;
          const isPermitted = O.isSome(taken.value.permit);
          const others = able.filter((one) => O.isNone(one.permit));
          const secondWaits = others.some((one) => one.lane === 2);
          if ((lane === 1 || isPermitted) && secondWaits) overtaken += 1;
          else if (lane === 2) overtaken = 0;
          expect(isPermitted || overtaken < 10).toBe(true);
          const retryWaits = others.some((one) => one.lane === lane && rank(one) === 2);
          const passed = rank(taken.value) < 2 && retryWaits ? retriesOvertaken[lane] + 1 : 0;
          retriesOvertaken = { ...retriesOvertaken, [lane]: passed };
          expect(isPermitted || passed < 5).toBe(true);
          model.delete(taken.value.conference);
          busy.add(taken.value.conference);
          break;
        }
      }
      const open = [...model.values()].filter((one) => !busy.has(one.conference)).map(({ dueMs }) => dueMs);
      expect(queue.nextDueMs()).toStrictEqual(open.length === 0 ? O.none : O.some(Math.min(...open)));
      expect(queue.busy()).toBe(busy.size);
      expect(queue.waiting()).toHaveLength(model.size);
    }
  },
);
