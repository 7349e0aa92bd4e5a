import * as nodePath from 'node:path';
import { fc, test } from '@fast-check/vitest';
import * as E from 'fp-ts/lib/Either.js';
import * as O from 'fp-ts/lib/Option.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { describe, expect, it } from 'vitest';
import { evolve, type Entry } from '../../src/ledger/entry.js';
import { openLedger, type Ledger } from '../../src/ledger/ledger.js';
import {
  noFacts,
  type Batch,
  type Facts,
  type LedgerError,
  type Store,
  type Stored,
} from '../../src/ledger/store.js';
import { aCall, aRecord, id, read, right, temporaryFolder, write } from './sqlite-state.js';

const full: LedgerError = { _tag: 'Unavailable', location: 'memory', detail: 'the disk is full' };

interface MemoryStore extends Store {
  readonly batches: readonly Batch[];
  /** The next commit that begins, once it has begun; the test lets it end. */
  readonly begun: () => Promise<(result: E.Either<LedgerError, void>) => void>;
  readonly failNext: () => void;
  readonly closed: () => boolean;
}

/** The port's own model. `held`: commits end when the test says so. */
const memoryStore = (stored: Partial<Stored> = {}, held = false): MemoryStore => {
  const batches: Batch[] = [];
  const starts: ((end: (result: E.Either<LedgerError, void>) => void) => void)[] = [];
  const begins = Array.from(
    { length: 10 },
    () => new Promise<(result: E.Either<LedgerError, void>) => void>((begin) => starts.push(begin)),
  );
  let failing = false;
  let asked = 0;
  let closed = false;
  return {
    batches,
    load: () =>
      Promise.resolve(
        E.right({ records: new Map(), facts: noFacts, lastCall: 0, writer: O.none, ...stored }),
      ),
    history: () => TE.right([]),
    forced: () => TE.right([]),
    close: () => {
      closed = true;
      return Promise.resolve();
    },
    lost: new Promise(() => undefined),
    commit: (batch) => () => {
      batches.push(batch);
      const result: E.Either<LedgerError, void> = failing ? E.left(full) : E.right(undefined);
      failing = false;
      return held ? new Promise((end) => starts.shift()?.(end)) : Promise.resolve(result);
    },
    begun: async () => {
      const begin = begins[asked++];
      if (begin === undefined) throw new Error('too many commits');
      return begin;
    },
    failNext: () => {
      failing = true;
    },
    closed: () => closed,
  };
};

const open = (store: Store): Promise<Ledger> => right(openLedger(store));

const guarded = (name: string, protects = true): Entry => ({
  _tag: 'Protected',
  conference: id(name),
  protected: protects,
});
const intended = (name: string, call: number): Entry => ({
  _tag: 'Intended',
  conference: id(name),
  call: aCall(call, { conference: id(name) }),
});
const facts = (account: string): Facts => ({ ...noFacts, account: O.some(account) });

describe('writing', () => {
  it('changes memory only when it is durable', async () => {
    const store = memoryStore({}, true);
    const ledger = await open(store);
    const writing = ledger.write([guarded('conf-1')])();
    const end = await store.begun();
    expect(ledger.records.size).toBe(0);
    end(E.right(undefined));
    await writing;
    expect(ledger.records.get(id('conf-1'))?.protected).toBe(true);
  });

  it('of one turn shares one commit, in order', async () => {
    const store = memoryStore();
    const ledger = await open(store);
    const results = await Promise.all([
      ledger.write([guarded('conf-1'), guarded('conf-2')])(),
      ledger.write([intended('conf-1', 1)])(),
      ledger.write([guarded('conf-1', false)])(),
      ledger.writeFacts(facts('one'))(),
      ledger.writeFacts(facts('two'))(),
      ledger.writeForced({ atMs: 1, revision: 'r', reason: 'why', conferences: [] })(),
    ]);
    expect(results.every(E.isRight)).toBe(true);
    expect(store.batches).toHaveLength(1);
    const [batch] = store.batches;
    expect([...(batch?.records.keys() ?? [])]).toStrictEqual(['conf-1', 'conf-2']);
    expect(batch?.calls.map(({ call }) => call)).toStrictEqual([1]);
    expect(batch?.facts).toStrictEqual(O.some(facts('two')));
    expect(batch?.forced).toHaveLength(1);
    expect(ledger.records.get(id('conf-1'))).toMatchObject({
      protected: false,
      settings: { mute: { _tag: 'InDoubt' } },
    });
    expect(ledger.facts()).toStrictEqual(facts('two'));
  });

  it('while a commit is under way waits for the next one, and shares that', async () => {
    const store = memoryStore({}, true);
    const ledger = await open(store);
    const first = ledger.write([guarded('conf-1')])();
    const endFirst = await store.begun();
    const rest = [ledger.write([guarded('conf-1', false)])(), ledger.write([guarded('conf-2')])()];
    expect(store.batches).toHaveLength(1);
    endFirst(E.right(undefined));
    await first;
    const endRest = await store.begun();
    expect(ledger.records.get(id('conf-1'))?.protected).toBe(true);
    expect(store.batches).toHaveLength(2);
    endRest(E.right(undefined));
    await Promise.all(rest);
    expect(ledger.records.get(id('conf-1'))?.protected).toBe(false);
    expect(ledger.records.get(id('conf-2'))?.protected).toBe(true);
  });

  it('that fails leaves everything as it was, for all that shared it, and works the next time', async () => {
    const store = memoryStore({ records: new Map([[id('conf-1'), aRecord('conf-1')]]), facts: facts('one') });
    const ledger = await open(store);
    const before = new Map(ledger.records);
    store.failNext();
    const results = await Promise.all([
      ledger.write([guarded('conf-1')])(),
      ledger.write([guarded('conf-2')])(),
      ledger.writeFacts(facts('two'))(),
    ]);
    expect(results).toStrictEqual([E.left(full), E.left(full), E.left(full)]);
    expect(new Map(ledger.records)).toStrictEqual(before);
    expect(ledger.facts()).toStrictEqual(facts('one'));
    expect(await ledger.write([guarded('conf-1')])()).toStrictEqual(E.right(undefined));
    expect(ledger.records.get(id('conf-1'))?.protected).toBe(true);
  });

  it('what changes nothing costs no commit', async () => {
    const store = memoryStore({ records: new Map([[id('conf-1'), aRecord('conf-1')]]), facts: facts('one') });
    const ledger = await open(store);
    await right(ledger.write([guarded('conf-1', false), { _tag: 'Released', conference: id('conf-2') }]));
    await right(ledger.write([]));
    await right(ledger.writeFacts(facts('one')));
    expect(store.batches).toStrictEqual([]);
    await right(ledger.writeFacts(facts('two')));
    await right(ledger.writeFacts(facts('two')));
    expect(store.batches).toHaveLength(1);
  });

  it('an outcome replaces its call in the history', async () => {
    const store = memoryStore();
    const ledger = await open(store);
    const call = aCall(1);
    const result = {
      outcome: 'Applied',
      status: O.some(200),
      code: O.none,
      message: '',
      durationMs: 3,
    } as const;
    await right(
      ledger.write([intended('conf-1', 1), { _tag: 'Removed', atMs: 7, conference: id('conf-1') }]),
    );
    await right(
      ledger.write([
        { _tag: 'Finished', conference: id('conf-1'), call, result, trouble: O.none, forget: true },
      ]),
    );
    expect(store.batches.map(({ calls }) => calls)).toStrictEqual([
      [call],
      [{ ...call, result: O.some(result) }],
    ]);
    expect(store.batches[1]?.records).toStrictEqual(new Map([[id('conf-1'), O.none]]));
    expect(ledger.records.size).toBe(0);
  });
});

describe('opening', () => {
  it('begins with what is stored, and numbers calls after the last one', async () => {
    const ledger = await open(
      memoryStore({ records: new Map([[id('conf-1'), aRecord('conf-1')]]), lastCall: 41 }),
    );
    expect([...ledger.records.keys()]).toStrictEqual(['conf-1']);
    expect([ledger.nextCall(), ledger.nextCall(), ledger.nextCall()]).toStrictEqual([42, 43, 44]);
  });

  it('says why it is not possible, and gives the state back', async () => {
    const memory = memoryStore();
    const store: Store = { ...memory, load: () => Promise.resolve(E.left(full)) };
    expect(await openLedger(store)()).toStrictEqual(E.left(full));
    expect(memory.closed()).toBe(true);
  });

  it('can be probed, which writes nothing', async () => {
    const memory = memoryStore();
    const ledger = await open(memory);
    await ledger.probe();
    expect(memory.batches).toHaveLength(1);
    memory.failNext();
    expect(await ledger.probe()).toStrictEqual(E.left(full));
  });
});

it('closing waits for what is being written', async () => {
  const store = memoryStore({}, true);
  const ledger = await open(store);
  const writing = ledger.write([guarded('conf-1')])();
  const end = await store.begun();
  const closing = ledger.close();
  await Promise.resolve();
  expect(store.closed()).toBe(false);
  end(E.right(undefined));
  await closing;
  expect(store.closed()).toBe(true);
  expect(await writing).toStrictEqual(E.right(undefined));
});

const entry: fc.Arbitrary<Entry> = fc
  .tuple(
    fc.constantFrom('conf-1', 'conf-2', 'conf-3'),
    fc.constantFrom('guard', 'lift', 'intend', 'release'),
    fc.nat(),
  )
  .map(([name, what, call]): Entry => {
    if (what === 'intend') return intended(name, call);
    return what === 'release' ? { _tag: 'Released', conference: id(name) } : guarded(name, what === 'guard');
  });

const foldAll = (entries: readonly Entry[]) => {
  const records = new Map<string, unknown>();
  const found = new Map<Entry['conference'], ReturnType<typeof evolve>>();
  for (const one of entries) found.set(one.conference, evolve(found.get(one.conference) ?? O.none, one));
  for (const [name, record] of found) if (O.isSome(record)) records.set(name, record.value);
  return records;
};

/** Writes of one group wait for the same commit. */
const writeAll = async (
  ledger: Ledger,
  groups: readonly (readonly (readonly Entry[])[])[],
): Promise<void> => {
  for (const group of groups) await Promise.all(group.map((entries) => right(ledger.write(entries))));
};

const groups = fc.array(fc.array(fc.array(entry, { maxLength: 3 }), { maxLength: 3 }), { maxLength: 4 });

test.prop([groups])('however writes are grouped, memory is the fold of the entries', async (written) => {
  const store = memoryStore();
  const ledger = await open(store);
  await writeAll(ledger, written);
  expect(new Map<string, unknown>(ledger.records)).toStrictEqual(foldAll(written.flat(2)));
  expect(store.batches.length).toBeLessThanOrEqual(written.length);
});

test.prop([groups], { numRuns: 10 })('and so is a real file, opened again', async (written) => {
  const file = nodePath.join(temporaryFolder(), 'state.db');
  const ledger = await open(await write(file));
  await writeAll(ledger, written);
  await ledger.close();
  const { records } = await right((await read(file)).load);
  expect(new Map<string, unknown>(records)).toStrictEqual(foldAll(written.flat(2)));
});
