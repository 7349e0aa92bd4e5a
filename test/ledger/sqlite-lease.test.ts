import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import * as nodePath from 'node:path';
import * as E from 'fp-ts/lib/Either.js';
import * as O from 'fp-ts/lib/Option.js';
import { describe, expect, it, onTestFinished } from 'vitest';
import { decodeStored, encodeStored, storedHolder, type LeaseHolder } from '../../src/ledger/record-codec.js';
import type { Holder } from '../../src/ledger/store.js';
import {
  aBatch,
  aRecord,
  change,
  holder,
  manualClock,
  read,
  records,
  right,
  rowsIn,
  temporaryFolder,
  tryToWrite,
  write,
} from './sqlite-state.js';

const aFile = (): string => nodePath.join(temporaryFolder(), 'state.db');

const apply: Holder = { ...holder, command: 'apply', sinceMs: 6 };
const held = (file: string): unknown => E.left({ _tag: 'Held', location: `sqlite:${file}`, holder });
const lost = (file: string): unknown => E.left({ _tag: 'LeaseLost', location: `sqlite:${file}` });

describe('a second writer', () => {
  it('is refused, naming the holder, and changes nothing', async () => {
    const file = aFile();
    const store = await write(file);
    expect(await tryToWrite(file, { holder: apply })()).toStrictEqual(held(file));
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
  it.each([
    [0, 'Held'],
    [10_000, 'Held'],
    [10_001, 'Right'],
    [-10_000, 'Held'],
    [-10_001, 'Right'],
    [1e12, 'Right'],
    [-1e12, 'Right'],
  ])('of %d ms ago makes a second writer %s', async (ageMs, expected) => {
    const file = aFile();
    await write(file, { clock: manualClock(2e12) });
    const result = await tryToWrite(file, { holder: apply, clock: manualClock(2e12 + ageMs) })();
    expect(E.isLeft(result) ? result.left._tag : 'Right').toBe(expected);
    if (E.isRight(result)) await result.right.close();
  });

  it('comes every 3 s as long as the store is open', async () => {
    const file = aFile();
    const clock = manualClock();
    const store = await write(file, { clock });
    for (let beats = 0; beats < 5; beats += 1) {
      clock.pass(3_000);
      // Answers after the beat, because both use the one connection.
      await right(store.load);
      await Promise.resolve();
      expect(heartbeatIn(file)).toBe(clock.now());
    }
    expect(await tryToWrite(file, { holder: apply, clock })()).toStrictEqual(held(file));
    await store.close();
    const atClose = heartbeatIn(file);
    clock.pass(60_000);
    expect(heartbeatIn(file)).toBe(atClose);
  });

  it('comes with every commit, so that a busy writer is no dead one', async () => {
    const file = aFile();
    const clock = manualClock();
    const store = await write(file, { clock });
    clock.jump(20_000);
    await right(store.commit(aBatch({})));
    expect(await tryToWrite(file, { holder: apply, clock })()).toStrictEqual(held(file));
  });

  it('goes on after one that failed', async () => {
    const file = aFile();
    const clock = manualClock();
    const store = await write(file, { clock });
    change(file, 'alter table lease rename to elsewhere');
    clock.pass(3_000);
    await store.commit(aBatch({}))();
    change(file, 'alter table elsewhere rename to lease');
    clock.pass(3_000);
    await right(store.load);
    expect(heartbeatIn(file)).toBe(clock.now());
  });
});

describe('a writer that slept while another took over', () => {
  it('can neither write, nor renew, nor give back what is not its own', async () => {
    const file = aFile();
    const clock = manualClock();
    const stale = await write(file, { clock });
    await right(stale.commit(records(aRecord('conf-1'))));
    clock.jump(10_001);
    const laterClock = manualClock(clock.now());
    const fresh = await write(file, { holder: apply, clock: laterClock });

    expect(await stale.commit(records(aRecord('conf-2')))()).toStrictEqual(lost(file));
    clock.pass(3_000);
    await right(stale.load);
    expect(heartbeatIn(file)).toBe(laterClock.now());
    await stale.close();

    expect((await right(fresh.load)).writer).toStrictEqual(O.some(apply));
    expect([...(await right(fresh.load)).records.keys()]).toStrictEqual(['conf-1']);
    await right(fresh.commit(records(aRecord('conf-3'))));
    expect(await tryToWrite(file, { clock: laterClock })()).toMatchObject(
      E.left({ _tag: 'Held', holder: apply }),
    );
    expect(tokenIn(file)).toBe(2);
  });

  it('stays shut out after the other has closed', async () => {
    const file = aFile();
    const clock = manualClock();
    const stale = await write(file, { clock });
    clock.jump(10_001);
    await (await write(file, { holder: apply, clock })).close();
    expect(await stale.commit(aBatch({}))()).toStrictEqual(lost(file));
  });
});

describe.runIf(process.platform === 'linux')('a holder on this machine', () => {
  it('is replaced at once when its process has been killed, and only then', async () => {
    const file = aFile();
    const child = aProcess();
    const victim = { ...holder, pid: pidOf(child) };
    const store = await write(file, { holder: victim });
    await right(store.commit(records(aRecord('conf-1'))));
    expect(await tryToWrite(file)()).toMatchObject(E.left({ _tag: 'Held', holder: victim }));

    child.kill('SIGKILL');
    await once(child, 'exit');
    expect((await right((await read(file)).load)).writer).toStrictEqual(O.none);
    const next = await write(file);
    expect([...(await right(next.load)).records.keys()]).toStrictEqual(['conf-1']);
    expect(await store.commit(aBatch({}))()).toStrictEqual(lost(file));
  });

  it.each([
    ['a later process has its pid', { started: O.some('1') }, 'Right'],
    ['it ran on another machine', { machine: O.some('elsewhere'), started: O.some('1') }, 'Held'],
    ['its system does not tell machines apart', { machine: O.none, started: O.some('1') }, 'Held'],
    ['its system does not tell when it started', { started: O.none }, 'Held'],
    ['nothing changed', {}, 'Held'],
  ])('when %s: %s', async (_name, different, expected) => {
    const file = aFile();
    await write(file);
    changeHolder(file, different);
    const result = await tryToWrite(file, { holder: apply })();
    expect(E.isLeft(result) ? result.left._tag : 'Right').toBe(expected);
    if (E.isRight(result)) await result.right.close();
  });
});

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

const aProcess = (): ChildProcess => {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  return child;
};

const pidOf = ({ pid }: ChildProcess): number => {
  if (pid === undefined) throw new Error('the process did not start');
  return pid;
};
