import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { makeLookTimer, type LookTimer } from '../../src/reconcile/look-timer.js';
import { makeVirtualClock, type VirtualClock } from '../support/virtual-clock.js';

interface Watched {
  readonly clock: VirtualClock;
  readonly timer: LookTimer;
  /** When looks began. */
  readonly begun: readonly number[];
  /** When glimpses were enough. */
  readonly glimpses: readonly number[];
  readonly most: () => number;
}

/** `tookMs`: how long each look takes. */
const watched = (tookMs = 0, isEnough: () => boolean = () => false): Watched => {
  const clock = makeVirtualClock();
  const begun: number[] = [];
  const glimpses: number[] = [];
  let underWay = 0;
  let most = 0;
  const take = async (): Promise<void> => {
    underWay += 1;
    most = Math.max(most, underWay);
    if (tookMs > 0) await new Promise<void>((resolve) => void clock.after(tookMs, resolve));
    underWay -= 1;
  };
  const timer = makeLookTimer(clock, {
    look: () => {
      begun.push(clock.elapsed());
      return take();
    },
    glimpse: async () => {
      if (!isEnough()) return false;
      glimpses.push(clock.elapsed());
      await take();
      return true;
    },
  });
  return { clock, timer, begun, glimpses, most: () => most };
};

describe('a hint', () => {
  it('asks for a look soon, and for another one a little later', async () => {
    const { clock, timer, begun } = watched();
    timer.hint();
    await clock.pass(10_000);
    expect(begun).toStrictEqual([20, 140]);
  });

  it('and more of them ask for one look together, once they pause', async () => {
    const { clock, timer, begun } = watched();
    for (let save = 0; save < 5; save += 1) {
      timer.hint();
      await clock.pass(10);
    }
    await clock.pass(10_000);
    expect(begun).toStrictEqual([60, 180]);
  });

  it('without a pause is heard all the same', async () => {
    const { clock, timer, begun } = watched();
    for (let save = 0; save < 100; save += 1) {
      timer.hint();
      await clock.pass(10);
    }
    expect(begun.slice(0, 2)).toStrictEqual([200, 400]);
  });

  it('while a look is under way asks for another one after it', async () => {
    const { clock, timer, begun, most } = watched(1_000);
    timer.within(0);
    await clock.pass(500);
    timer.hint();
    await clock.pass(10_000);
    expect(begun[0]).toBe(0);
    expect(begun.length).toBeGreaterThan(1);
    expect(begun[1]).toBe(1_000);
    expect(most()).toBe(1);
  });
});

describe('a glimpse', () => {
  const always = (): boolean => true;

  it('is taken soon, and a look a little later', async () => {
    const { clock, timer, begun, glimpses } = watched(0, always);
    timer.hint();
    await clock.pass(10_000);
    expect([glimpses, begun]).toStrictEqual([[20], [140]]);
  });

  it('of every save lets the look wait for a pause, but not for long', async () => {
    const { clock, timer, begun, glimpses } = watched(0, always);
    for (let save = 0; save < 300; save += 1) {
      timer.hint();
      await clock.pass(50);
    }
    await clock.pass(10_000);
    expect(begun).toStrictEqual([10_020, 15_090]);
    expect(glimpses).toHaveLength(299);
  });

  it('does not take the place of a look that is due', async () => {
    const { clock, timer, begun, glimpses } = watched(0, always);
    timer.within(30);
    await clock.pass(20);
    timer.hint();
    await clock.pass(100);
    expect([glimpses, begun]).toStrictEqual([[], [40]]);
  });

  it('does not move a look that will be due', async () => {
    const { clock, timer, begun } = watched(0, always);
    timer.within(100);
    timer.hint();
    await clock.pass(110);
    expect(begun).toStrictEqual([100]);
  });
});

describe('within', () => {
  it('looks at the earliest moment that was asked for, once', async () => {
    const { clock, timer, begun } = watched();
    timer.within(60_000);
    timer.within(2_000);
    timer.within(5_000);
    await clock.pass(100_000);
    expect(begun).toStrictEqual([2_000]);
  });

  it('asked for while looking is not lost', async () => {
    const { clock, timer, begun } = watched(100);
    timer.within(0);
    await clock.pass(50);
    timer.within(500);
    await clock.pass(10_000);
    expect(begun).toStrictEqual([0, 550]);
  });

  it('a moment that has passed is now', async () => {
    const { clock, timer, begun } = watched();
    timer.within(-5_000);
    await clock.pass(0);
    expect(begun).toStrictEqual([0]);
  });
});

describe('stopping', () => {
  it('waits for the look under way, and none follows', async () => {
    const { clock, timer, begun } = watched(1_000);
    timer.hint();
    await clock.pass(500);
    let stopped = false;
    void timer.stop().then(() => {
      stopped = true;
    });
    timer.hint();
    timer.within(0);
    await clock.pass(400);
    expect(stopped).toBe(false);
    await clock.pass(10_000);
    expect([stopped, begun]).toStrictEqual([true, [20]]);
  });
});

const action = fc.record({
  what: fc.constantFrom('hint', 'within'),
  delayMs: fc.nat({ max: 300 }),
  thenMs: fc.nat({ max: 300 }),
});

test.prop([
  fc.array(action, { minLength: 1, maxLength: 30 }),
  fc.constantFrom(0, 5, 150, 1_000),
  fc.array(fc.boolean(), { minLength: 1 }),
])(
  'looks never overlap, and one follows whatever was asked and however much a glimpse saw',
  async (actions, tookMs, enough) => {
    let glimpse = 0;
    const { clock, timer, begun, most } = watched(tookMs, () => enough[glimpse++ % enough.length] === true);
    let askedMs = 0;
    for (const { what, delayMs, thenMs } of actions) {
      askedMs = clock.elapsed();
      if (what === 'hint') timer.hint();
      else timer.within(delayMs);
      await clock.pass(thenMs);
    }
    await clock.pass(20_000);
    expect(most()).toBe(1);
    expect(begun.at(-1)).toBeGreaterThanOrEqual(askedMs);
  },
);
