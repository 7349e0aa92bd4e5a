import { DatabaseSync } from '@photostructure/sqlite';
import { fc, test } from '@fast-check/vitest';
import * as E from 'fp-ts/lib/Either.js';
import * as O from 'fp-ts/lib/Option.js';
import { describe, expect, it } from 'vitest';
import type { ConferenceId } from '../../src/conference/id.js';
import type { Entry } from '../../src/ledger/entry.js';
import { openLedger } from '../../src/ledger/ledger.js';
import type { ConferenceRecord } from '../../src/ledger/record.js';
import { decodeStored, storedForced } from '../../src/ledger/record-codec.js';
import { noFacts, type Batch, type Call, type Facts, type Forced } from '../../src/ledger/store.js';
import { batch } from '../arbitrary/record.js';
import {
  aBatch,
  aCall,
  aFile,
  aRecord,
  change,
  holder,
  id,
  matching,
  read,
  records,
  right,
  rowsIn,
  write,
} from './sqlite-state.js';

const everything = { conference: O.none, sinceMs: O.none, limit: 1_000 };

describe('what was committed', () => {
  test.prop([fc.array(batch, { maxLength: 5 }), fc.boolean()], { numRuns: 25 })(
    'is there after reopening: the fold of the batches, also when the writer was not closed',
    async (batches, closed) => {
      const file = aFile();
      const store = await write(file);
      for (const next of batches) await right(store.commit(next));
      if (closed) await store.close();

      const reader = await read(file);
      const expected = fold(batches);
      expect(await right(reader.load)).toStrictEqual({
        records: expected.records,
        facts: expected.facts,
        lastCall: Math.max(0, ...expected.calls.keys()),
        writer: closed ? O.none : O.some(holder),
      });
      expect(await right(reader.history(everything))).toStrictEqual(
        [...expected.calls.values()].sort((left, after) => after.call - left.call),
      );
      expect(forcedIn(file)).toStrictEqual(expected.forced.map((line) => E.right(line)));
      await reader.close();
      await store.close();
    },
  );

  it('is seen by its own writer and by a reader that was open before', async () => {
    const file = aFile();
    const store = await write(file);
    const reader = await read(file);
    await right(store.commit(records(aRecord('conf-1'))));
    expect([...(await right(store.load)).records.keys()]).toStrictEqual(['conf-1']);
    expect([...(await right(reader.load)).records.keys()]).toStrictEqual(['conf-1']);
  });

  it('keeps numbers that need more than 32 bits', async () => {
    const store = await write(aFile());
    const number = Number.MAX_SAFE_INTEGER;
    await right(store.commit(aBatch({ calls: [aCall(number, { startedAtMs: number })] })));
    expect((await right(store.load)).lastCall).toBe(number);
    expect(await right(store.history({ ...everything, sinceMs: O.some(number) }))).toHaveLength(1);
  });

  it('is written in the order of the commits, however many wait', async () => {
    const store = await write(aFile());
    const values = Array.from({ length: 50 }, (_, index) => index);
    await Promise.all(
      values.map((value) => store.commit(records(aRecord('conf-1', { tag: { _tag: 'Applied', value } })))()),
    );
    expect((await right(store.load)).records.get(id('conf-1'))?.settings.tag).toStrictEqual({
      _tag: 'Applied',
      value: 49,
    });
  });
});

describe('calls under way together', () => {
  /** Every commit moves the heartbeat, by one while the clock stands still. */
  const beats = (file: string): number =>
    Number(rowsIn(file, 'select heartbeat_ms from lease')[0]?.['heartbeat_ms']);

  it('share a commit', async () => {
    const file = aFile();
    const ledger = await right(openLedger(await write(file)));
    const intended = (number: number): Entry => {
      const conference = id(`conf-${number}`);
      return { _tag: 'Intended', conference, call: aCall(number, { conference }) };
    };
    const before = beats(file);
    const written = Array.from({ length: 2 }, (_, index) => right(ledger.write([intended(index + 1)])));
    await Promise.all(written);
    expect(beats(file) - before).toBe(1);
    expect(rowsIn(file, 'select count(*) as many from call')).toEqual([{ many: 2 }]);
  });
});

describe('a commit that fails', () => {
  const forced: Forced = { atMs: 1, revision: 'r', reason: 'because', conferences: [] };

  it('leaves nothing of its batch, and the next one works', async () => {
    const file = aFile();
    const store = await write(file);
    await right(store.commit(records(aRecord('conf-1'))));
    const before = await right(store.load);
    change(file, "create trigger no before insert on forced begin select raise(abort, 'no'); end");

    const result = await store.commit({
      records: new Map([
        [id('conf-1'), O.none],
        [id('conf-2'), O.some(aRecord('conf-2'))],
      ]),
      calls: [aCall(7)],
      facts: O.some({ ...noFacts, account: O.some('u-1') }),
      forced: [forced],
    })();
    expect(result).toMatchObject(E.left({ _tag: 'Unavailable', detail: 'no' }));
    expect(await right(store.load)).toStrictEqual(before);

    await right(store.commit(records(aRecord('conf-3'))));
    expect([...(await right(store.load)).records.keys()]).toStrictEqual(['conf-1', 'conf-3']);
  });

  it('waits for a lock at most some seconds; reading does not wait at all', async () => {
    const file = aFile();
    const store = await write(file);
    const reader = await read(file);
    const other = new DatabaseSync(file);
    other.exec('begin immediate');
    const result = await store.commit(records(aRecord('conf-1')))();
    const seen = await right(reader.load);
    other.exec('rollback');
    other.close();
    expect(seen.records.size).toBe(0);
    expect(result).toMatchObject(E.left({ _tag: 'Unavailable', detail: 'another process keeps it locked' }));
    await right(store.commit(records(aRecord('conf-1'))));
  });
});

describe('the history', () => {
  const calls = [
    aCall(1),
    aCall(2, { conference: id('conf-2') }),
    aCall(3),
    aCall(4, { conference: id('conf-2') }),
    aCall(10),
  ];

  it.each([
    ['everything, newest first', {}, [10, 4, 3, 2, 1]],
    ['one conference', { conference: O.some(id('conf-2')) }, [4, 2]],
    ['a conference nobody called', { conference: O.some(id('conf-3')) }, []],
    ['since, the moment included', { sinceMs: O.some(3_000) }, [10, 4, 3]],
    ['one conference since', { conference: O.some(id('conf-1')), sinceMs: O.some(2_000) }, [10, 3]],
    ['some of it', { limit: 2 }, [10, 4]],
    ['nothing of it', { limit: 0 }, []],
  ])('answers %s', async (_name, query, numbers) => {
    const store = await write(aFile());
    await right(store.commit(aBatch({ calls })));
    const found = await right(store.history({ ...everything, ...query }));
    expect(found.map(({ call }) => call)).toStrictEqual(numbers);
  });

  it('holds one line for a call, as it was last written', async () => {
    const store = await write(aFile());
    const answered = aCall(1, {
      result: O.some({ outcome: 'Applied', status: O.some(200), code: O.none, message: '', durationMs: 3 }),
    });
    await right(store.commit(aBatch({ calls: [aCall(1)] })));
    await right(store.commit(aBatch({ calls: [answered] })));
    expect(await right(store.history(everything))).toStrictEqual([answered]);
  });

  it.each([
    ['one conference', "select call from call where conference = 'x' order by number desc limit 5"],
    ['since', 'select call from call where started_at_ms >= 5'],
  ])('finds %s with an index', async (_name, query) => {
    const file = aFile();
    await write(file);
    const plan = JSON.stringify(rowsIn(file, `explain query plan ${query}`));
    expect(plan).toContain('USING INDEX call_by_');
    expect(plan).not.toContain('TEMP B-TREE');
  });
});

describe('what was forced', () => {
  const line = (atMs: number, ...conferences: readonly string[]): Forced => ({
    atMs,
    revision: 'r',
    reason: `because of ${atMs}`,
    conferences: conferences.map(id),
  });
  const [first, second, third] = [
    line(1_000, 'conf-1'),
    line(2_000, 'conf-1', 'conf-2'),
    line(3_000, 'conf-2'),
  ];

  it.each([
    ['everything, newest first', {}, [third, second, first]],
    ['one conference', { conference: O.some(id('conf-1')) }, [second, first]],
    ['a conference nobody forced', { conference: O.some(id('conf-3')) }, []],
    ['since, the moment included', { sinceMs: O.some(2_000) }, [third, second]],
    ['some of one conference', { conference: O.some(id('conf-1')), limit: 1 }, [second]],
  ])('answers %s, to a reader as to the writer', async (_name, query, lines) => {
    const file = aFile();
    const store = await write(file);
    await right(store.commit(aBatch({ forced: [first] })));
    await right(store.commit(aBatch({ forced: [third, second] })));
    for (const reader of [store, await read(file)])
      expect(await right(reader.forced({ ...everything, ...query }))).toStrictEqual(lines);
  });

  it('and cannot be read is told', async () => {
    const file = aFile();
    const store = await write(file);
    await right(store.commit(aBatch({ forced: [first] })));
    change(file, "update forced set forced = '{}'");
    expect(await store.forced(everything)()).toMatchObject(
      E.left({ _tag: 'Corrupt', detail: matching(/^forced at 1000: /) }),
    );
  });

  it('is nothing, where there is no state yet', async () => {
    expect(await right((await read(aFile())).forced(everything))).toStrictEqual([]);
  });
});

describe('a closed store', () => {
  it('can be closed again, and answers everything else with an error', async () => {
    const file = aFile();
    const store = await write(file);
    await Promise.all([store.close(), store.close()]);
    await store.close();
    const closed = E.left({ _tag: 'Unavailable', location: `sqlite:${file}`, detail: 'it has been closed' });
    expect(await store.load()).toStrictEqual(closed);
    expect(await store.history(everything)()).toStrictEqual(closed);
    expect(await store.forced(everything)()).toStrictEqual(closed);
    expect(await store.commit(records(aRecord('conf-1')))()).toStrictEqual(closed);
  });

  it('has finished what was being committed', async () => {
    const file = aFile();
    const store = await write(file);
    const committed = store.commit(records(aRecord('conf-1')))();
    await store.close();
    expect(await committed).toStrictEqual(E.right(undefined));
    expect((await right((await read(file)).load)).records.size).toBe(1);
  });
});

const fold = (batches: readonly Batch[]) => {
  const found = new Map<ConferenceId, ConferenceRecord>();
  const calls = new Map<number, Call>();
  let facts: Facts = noFacts;
  for (const next of batches) {
    for (const [conference, record] of next.records) {
      if (O.isSome(record)) found.set(conference, record.value);
      else found.delete(conference);
    }
    for (const call of next.calls) calls.set(call.call, call);
    facts = O.getOrElse(() => facts)(next.facts);
  }
  return { records: found, calls, facts, forced: batches.flatMap(({ forced }) => forced) };
};

const forcedIn = (file: string): readonly E.Either<string, Forced>[] =>
  rowsIn(file, 'select forced from forced order by rowid').map(({ forced }) =>
    decodeStored(storedForced, String(forced)),
  );
