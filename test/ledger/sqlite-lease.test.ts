import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fc, test } from '@fast-check/vitest';
import * as E from 'fp-ts/lib/Either.js';
import * as O from 'fp-ts/lib/Option.js';
import { describe, expect, it, onTestFinished } from 'vitest';
import { release, renew, take, type Lease } from '../../src/ledger/lease.js';
import { decodeStored, encodeStored, storedHolder, type LeaseHolder } from '../../src/ledger/record-codec.js';
import { openDatabase } from '../../src/ledger/sqlite-database.js';
import { readLease, releaseLease, renewLease, takeLease } from '../../src/ledger/sqlite-lease.js';
import { markHolder } from '../../src/ledger/sqlite-process.js';
import type { WriterOptions } from '../../src/ledger/sqlite.js';
import type { Holder, LedgerError, Store } from '../../src/ledger/store.js';
import type { Clock } from '../../src/time/clock.js';
import { patienceMs } from '../support/patience.js';
import { makeVirtualClock, type VirtualClock } from '../support/virtual-clock.js';
import {
  aBatch,
  aFile,
  aRecord,
  change,
  holder,
  read,
  records,
  right,
  rowsIn,
  tryToWrite,
  write,
} from './sqlite-state.js';

const apply: Holder = { ...holder, command: 'apply', sinceMs: 6 };
const held = (file: string, by: Holder = holder): unknown =>
  E.left({ _tag: 'Held', location: `sqlite:${file}`, holder: by });
const lost = (file: string): unknown => E.left({ _tag: 'LeaseLost', location: `sqlite:${file}` });

describe('a second writer', () => {
  it('is refused at once, naming the holder, and changes nothing', async () => {
    const file = aFile();
    const store = await write(file);
    expect(await tryToWrite(file, { holder: apply, onWait: mustNotWait })()).toStrictEqual(held(file));
    await right(store.commit(records(aRecord('conf-1'))));
    expect((await right(store.load)).writer).toStrictEqual(O.some(holder));
  });

  it('may begin when the first has closed', async () => {
    const file = aFile();
    const first = await write(file);
    await first.close();
    expect((await right((await read(file)).load)).writer).toStrictEqual(O.none);
    const second = await write(file, { holder: apply });
    expect((await right(second.load)).writer).toStrictEqual(O.some(apply));
    expect(tokenIn(file)).toBe(2);
  });
});

describe('the heartbeat', () => {
  it('comes every 3 s as long as the store is open', async () => {
    const file = aFile();
    const clock = makeVirtualClock();
    const store = await write(file, { clock });
    for (let beats = 0; beats < 5; beats += 1) {
      await clock.pass(3_000);
      expect(heartbeatIn(file)).toBe(clock.now());
    }
    await store.close();
    const atClose = heartbeatIn(file);
    await clock.pass(60_000);
    expect(heartbeatIn(file)).toBe(atClose);
  });

  it('comes with every commit, so that a busy writer is no dead one', async () => {
    const file = aFile();
    const clock = makeVirtualClock();
    const store = await write(file, { clock: asleep(clock) });
    await clock.pass(20_000);
    await right(store.commit(aBatch({})));
    expect(await tryToWrite(file, { holder: apply, clock, onWait: mustNotWait })()).toStrictEqual(held(file));
  });

  it('goes on after one that failed', async () => {
    const file = aFile();
    const clock = makeVirtualClock();
    await write(file, { clock });
    change(file, 'alter table lease rename to elsewhere');
    await clock.pass(3_000);
    change(file, 'alter table elsewhere rename to lease');
    await clock.pass(3_000);
    expect(heartbeatIn(file)).toBe(clock.now());
  });

  it('moves even when the clock stands still or is set back', async () => {
    const file = aFile();
    const clock = makeVirtualClock();
    const store = await write(file, { clock: { ...clock, now: () => 5_000 } });
    const seen = [];
    for (let beats = 0; beats < 3; beats += 1) {
      await right(store.commit(aBatch({})));
      seen.push(heartbeatIn(file));
    }
    expect(seen).toStrictEqual([5_001, 5_002, 5_003]);
  });
});

const skews = [0, -11_000, 11_000, -1e12, 1e12];

describe('a holder of which nothing is certain', () => {
  it.each(skews)(
    'holds the state while its heart beats, with a clock that differs by %d ms',
    async (skewMs) => {
      const file = aFile();
      const clock = makeVirtualClock();
      await write(file, { clock });
      makeUncertain(file);
      const waits: Holder[] = [];
      const second = opening(file, skewed(clock, skewMs), (who) => waits.push(who));
      expect(await outcome(second, clock)).toStrictEqual(held(file));
      expect(clock.elapsed()).toBeLessThanOrEqual(3_500);
      expect(waits).toStrictEqual([holder]);
      expect(tokenIn(file)).toBe(1);
    },
  );

  it.each(skews)('is replaced after 10 s of silence, with a clock that differs by %d ms', async (skewMs) => {
    const file = aFile();
    const clock = makeVirtualClock();
    const first = await write(file, { clock: asleep(clock) });
    await right(first.commit(records(aRecord('conf-1'))));
    makeUncertain(file);
    const second = opening(file, skewed(clock, skewMs), () => undefined);
    const store = rightOf(await outcome(second, clock));
    expect(clock.elapsed()).toBeGreaterThan(10_000);
    expect(clock.elapsed()).toBeLessThanOrEqual(10_500);
    expect((await right(store.load)).records.size).toBe(1);
    expect(await first.commit(aBatch({}))()).toStrictEqual(lost(file));
    expect(tokenIn(file)).toBe(2);
  });

  it.each([-3_600_000, -1_000, 1_000, 3_600_000])(
    'holds the state although its clock is set by %d ms with every beat',
    async (byMs) => {
      const file = aFile();
      const clock = makeVirtualClock();
      let beats = 0;
      const jumping: Clock = { ...clock, now: () => clock.now() + (beats += 1) * byMs };
      await write(file, { clock: jumping });
      for (let tries = 0; tries < 5; tries += 1) {
        makeUncertain(file);
        expect(
          await outcome(
            opening(file, clock, () => undefined),
            clock,
          ),
        ).toStrictEqual(held(file));
      }
    },
  );

  it('is not believed dead by a watcher that was itself asleep', async () => {
    const file = aFile();
    const clock = makeVirtualClock();
    await write(file, { clock });
    makeUncertain(file);
    const slow: Clock = { ...clock, after: (_delayMs, run) => clock.after(60_000, run) };
    expect(
      await outcome(
        opening(file, slow, () => undefined),
        clock,
      ),
    ).toStrictEqual(held(file));
  });

  it('may close while it is watched: then the state is free', async () => {
    const file = aFile();
    const clock = makeVirtualClock();
    const first = await write(file, { clock: asleep(clock) });
    makeUncertain(file);
    const second = opening(file, clock, () => void clock.after(2_100, () => void first.close()));
    rightOf(await outcome(second, clock));
    expect(clock.elapsed()).toBeLessThanOrEqual(2_600);
  });

  it('is replaced by one of those who watch; the others are told who', async () => {
    const file = aFile();
    const clock = makeVirtualClock();
    await write(file, { clock: asleep(clock) });
    makeUncertain(file);
    const starts = [101, 102, 103];
    const others: Opening[] = [];
    for (const sinceMs of starts) {
      others.push(opening(file, clock, () => undefined, { ...apply, sinceMs }));
      // In one process a connection that waits for another's lock stops both.
      await clock.pass(1);
    }
    await clock.passUntil(() => others.every((one) => one.result() !== undefined));
    const results = await Promise.all(others.map((one) => outcome(one, clock)));
    const winner = results.findIndex(E.isRight);
    const losers = results.filter((_result, index) => index !== winner);
    expect(losers).toStrictEqual([1, 2].map(() => held(file, { ...apply, sinceMs: starts[winner] ?? 0 })));
    expect(tokenIn(file)).toBe(2);
  });

  it('need not be waited for: giving up ends it at once and leaves no timer', async () => {
    const file = aFile();
    const clock = makeVirtualClock();
    await write(file, { clock: asleep(clock) });
    makeUncertain(file);
    let giveUp = (): void => undefined;
    const second = opening(file, clock, (_who, end) => {
      giveUp = end;
    });
    await clock.pass(2_000);
    expect(second.result()).toBeUndefined();
    giveUp();
    expect(await second.done).toStrictEqual(held(file));
    expect(clock.elapsed()).toBe(2_000);
    await expect(clock.passUntil(() => false)).rejects.toThrow('it never becomes so');
    expect(clock.elapsed()).toBe(2_000);
  });
});

describe('a writer that slept while another took over', () => {
  it('can neither write, nor renew, nor give back what is not its own, and notices', async () => {
    const file = aFile();
    const clock = makeVirtualClock();
    const frozen = freezer(clock);
    const stale = await write(file, { clock: frozen.clock });
    await right(stale.commit(records(aRecord('conf-1'))));
    makeUncertain(file);
    const fresh = rightOf(
      await outcome(
        opening(file, clock, () => undefined),
        clock,
      ),
    );

    const heartbeatMs = heartbeatIn(file);
    frozen.thaw();
    await clock.pass(1);
    expect(E.left(await stale.lost)).toStrictEqual(lost(file));
    expect(await stale.commit(records(aRecord('conf-2')))()).toStrictEqual(lost(file));
    expect(heartbeatIn(file)).toBe(heartbeatMs);
    await stale.close();

    expect((await right(fresh.load)).writer).toStrictEqual(O.some(apply));
    expect([...(await right(fresh.load)).records.keys()]).toStrictEqual(['conf-1']);
    await right(fresh.commit(records(aRecord('conf-3'))));
    expect(await tryToWrite(file, { clock })()).toStrictEqual(held(file, apply));
    expect(tokenIn(file)).toBe(2);
  });

  it('stays shut out after the other has closed', async () => {
    const file = aFile();
    const clock = makeVirtualClock();
    const stale = await write(file, { clock: asleep(clock) });
    makeUncertain(file);
    await rightOf(
      await outcome(
        opening(file, clock, () => undefined),
        clock,
      ),
    ).close();
    expect(await stale.commit(aBatch({}))()).toStrictEqual(lost(file));
  });

  it('goes on when nobody took over', async () => {
    const file = aFile();
    const clock = makeVirtualClock();
    const store = await write(file, { clock: asleep(clock) });
    await clock.pass(60_000);
    await right(store.commit(aBatch({})));
    expect(tokenIn(file)).toBe(1);
  });
});

describe.runIf(process.platform === 'linux')('a holder on this machine', () => {
  it('is replaced at once when its process has been killed, and only then', async () => {
    const file = aFile();
    const child = await aProcess();
    const victim = { ...holder, pid: pidOf(child) };
    const store = await write(file, { holder: victim });
    await right(store.commit(records(aRecord('conf-1'))));
    expect(await decided(file)).toBe('Held');

    child.kill('SIGKILL');
    await once(child, 'exit');
    expect((await right((await read(file)).load)).writer).toStrictEqual(O.none);
    expect(await decided(file)).toBe('Right');
    expect(await store.commit(aBatch({}))()).toStrictEqual(lost(file));
  });

  it('is watched when its process is stopped: it may never be continued', async () => {
    const file = aFile();
    const child = await aProcess();
    await write(file, { holder: { ...holder, pid: pidOf(child) } });
    child.kill('SIGSTOP');
    await expect.poll(() => decided(file), { timeout: patienceMs }).toBe('waits');
    child.kill('SIGCONT');
    await expect.poll(() => decided(file), { timeout: patienceMs }).toBe('Held');
  });

  it.each([
    ['a later process has its pid', { started: O.some('1') }, 'Right'],
    ['it ran on another machine', { machine: O.some('elsewhere'), started: O.some('1') }, 'waits'],
    ['its system does not tell machines apart', { machine: O.none, started: O.some('1') }, 'waits'],
    ['its system does not tell when it started', { started: O.none }, 'waits'],
    ['nothing changed', {}, 'Held'],
  ])('when %s: %s', async (_name, different, expected) => {
    const file = aFile();
    await write(file);
    changeHolder(file, different);
    expect(await decided(file)).toBe(expected);
  });

  it('that lives but is stuck is replaced after 10 s of watching', async () => {
    const file = aFile();
    const clock = makeVirtualClock();
    await write(file, { clock: asleep(clock) });
    await clock.pass(10_000);
    expect(await tryToWrite(file, { clock, onWait: mustNotWait })()).toStrictEqual(held(file));
    await clock.pass(1);
    rightOf(
      await outcome(
        opening(file, clock, () => undefined),
        clock,
      ),
    );
    expect(clock.elapsed()).toBeGreaterThan(20_001);
    expect(clock.elapsed()).toBeLessThanOrEqual(20_501);
  });
});

const aToken = fc.integer({ min: 0, max: 4 });
const aTime = fc.integer({ min: 0, max: 30 });
const step = fc.oneof(
  fc.record({ _tag: fc.constant('take' as const), atMs: aTime }),
  fc.record({ _tag: fc.constant('renew' as const), token: aToken, atMs: aTime }),
  fc.record({ _tag: fc.constant('release' as const), token: aToken }),
);

describe('the row', () => {
  test.prop([fc.array(step, { maxLength: 12 })], { numRuns: 30 })('follows the rules', async (steps) => {
    const file = aFile();
    await (await write(file)).close();
    const { queries, prepare, close } = openDatabase(file, { readOnly: false });
    const mine = { ...markHolder(holder), machine: O.some('elsewhere') };
    const row = async (): Promise<Lease> => rightOf(await readLease(queries, ''));
    let model = await row();
    try {
      for (const next of steps) {
        if (next._tag === 'take') {
          change(file, 'update lease set holder = null');
          const clock = { now: () => next.atMs, elapsed: () => 0 };
          model = take(model, mine, next.atMs);
          expect(await takeLease(queries, '', holder, clock, O.none)).toStrictEqual(E.right(model.token));
          changeHolder(file, { machine: O.some('elsewhere') });
        } else if (next._tag === 'renew') {
          const renewed = renew(model, next.token, next.atMs);
          expect(renewLease(prepare, next.token, next.atMs)).toBe(O.isSome(renewed));
          model = O.getOrElse(() => model)(renewed);
        } else {
          expect(await releaseLease(queries, next.token)).toBe(next.token === model.token);
          model = release(model, next.token);
        }
        expect(await row()).toStrictEqual(model);
      }
    } finally {
      close();
    }
  });
});

/** A process that sleeps: its clock goes on, its timers do not run. */
const asleep = (clock: VirtualClock): Clock => ({ ...clock, after: () => () => undefined });

/** A process that sleeps until it is thawed: then everything runs that has become due. */
const freezer = (clock: VirtualClock): { readonly clock: Clock; readonly thaw: () => void } => {
  let due: readonly (() => void)[] = [];
  return {
    clock: {
      ...clock,
      after: (_delayMs, run) => {
        due = [...due, run];
        return () => undefined;
      },
    },
    thaw: () => {
      const runs = due;
      due = [];
      for (const run of runs) run();
    },
  };
};

const skewed = (clock: VirtualClock, byMs: number): Clock => ({ ...clock, now: () => clock.now() + byMs });

interface Opening {
  readonly result: () => E.Either<LedgerError, Store> | undefined;
  readonly done: Promise<E.Either<LedgerError, Store>>;
}

const opening = (
  file: string,
  clock: Clock,
  onWait: WriterOptions['onWait'],
  who: Holder = apply,
): Opening => {
  let result: E.Either<LedgerError, Store> | undefined;
  const done = tryToWrite(file, { holder: who, clock, onWait })().then((opened) => {
    result = opened;
    return opened;
  });
  onTestFinished(async () => {
    if (result !== undefined && E.isRight(result)) await result.right.close();
  });
  return { result: () => result, done };
};

/** Lets time pass until it has been decided. */
const outcome = async ({ result, done }: Opening, clock: VirtualClock) => {
  await clock.passUntil(() => result() !== undefined);
  return done;
};

/** What a second writer meets at once. */
const decided = async (file: string): Promise<string> => {
  const waits: Holder[] = [];
  const result = await tryToWrite(file, {
    holder: apply,
    onWait: (who, giveUp) => {
      waits.push(who);
      giveUp();
    },
  })();
  if (E.isRight(result)) await result.right.close();
  if (waits.length > 0) return 'waits';
  return E.isLeft(result) ? result.left._tag : 'Right';
};

const mustNotWait = (): void => {
  throw new Error('nothing is uncertain here');
};

/** Nobody can tell from here whether this process lives. */
const makeUncertain = (file: string): void => changeHolder(file, { machine: O.some('elsewhere') });

const rightOf = <A>(result: E.Either<LedgerError, A>): A => {
  if (E.isLeft(result)) throw new Error(JSON.stringify(result.left));
  return result.right;
};

const tokenIn = (file: string): unknown => rowsIn(file, 'select token from lease')[0]?.['token'];

const heartbeatIn = (file: string): unknown =>
  rowsIn(file, 'select heartbeat_ms from lease')[0]?.['heartbeat_ms'];

const changeHolder = (file: string, different: Partial<LeaseHolder>): void => {
  const stored = decodeStored(storedHolder, String(rowsIn(file, 'select holder from lease')[0]?.['holder']));
  if (E.isLeft(stored)) throw new Error(stored.left);
  change(
    file,
    `update lease set holder = '${encodeStored(storedHolder, { ...stored.right, ...different })}'`,
  );
};

const aProcess = async (): Promise<ChildProcess> => {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  await once(child, 'spawn');
  return child;
};

const pidOf = ({ pid }: ChildProcess): number => {
  if (pid === undefined) throw new Error('the process did not start');
  return pid;
};
