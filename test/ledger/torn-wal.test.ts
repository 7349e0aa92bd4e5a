/**
 * A machine that loses power leaves the log of SQLite cut off anywhere, or with bytes in it that were never
 * written, and the database itself somewhere between two checkpoints. What is loaded then is what some commit left
 * behind: the last one whose bytes are all there. Nobody has to mend anything.
 */
import * as fs from 'node:fs';
import * as nodePath from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { fc } from '@fast-check/vitest';
import * as O from 'fp-ts/lib/Option.js';
import { describe, expect, it } from 'vitest';
import { noFacts, type Batch, type Stored } from '../../src/ledger/store.js';
import {
  aBatch,
  aCall,
  aFile,
  aRecord,
  change,
  read,
  records,
  right,
  rowsIn,
  write,
} from './sqlite-state.js';

/** What a writer left on the disk, commit by commit. */
interface Film {
  /** The database before the first commit, and after all of them were worked in. */
  readonly first: Buffer;
  readonly last: Buffer;
  /** The whole log, and the index of it that processes share. */
  readonly log: Buffer;
  readonly index: Buffer;
  /** After each commit: how long the log was, and what was loaded. The first is before any. */
  readonly scenes: readonly Scene[];
}

interface Scene {
  readonly logBytes: number;
  readonly stored: Omit<Stored, 'writer'>;
}

const commits = 6;

/** A new record, a changed one, sometimes one that is forgotten; a call, and the facts: all of it or nothing. */
const batchOf = (number: number): Batch => {
  const { records: changed } = records(
    aRecord(`conf-${number}`, { tag: { _tag: 'Applied', value: `${number} `.repeat(1_500 * (number % 2)) } }),
    aRecord('conf-all', { callbackTimeout: { _tag: 'Applied', value: number } }),
  );
  return aBatch({
    records: number % 3 === 0 ? new Map([...changed, [aRecord(`conf-${number - 1}`).id, O.none]]) : changed,
    calls: [aCall(number)],
    facts: O.some({
      ...noFacts,
      revision: O.some({ revision: `revision-${number}`, commit: O.none, sinceMs: number }),
    }),
  });
};

const record = async (): Promise<Film> => {
  const file = aFile();
  const store = await write(file);
  const scenes: Scene[] = [];
  const shoot = async (): Promise<void> => {
    const stored = withoutWriter(await right(store.load));
    scenes.push({ logBytes: fs.statSync(`${file}-wal`).size, stored });
  };
  const first = fs.readFileSync(file);
  await shoot();
  for (let number = 1; number <= commits; number += 1) {
    await right(store.commit(batchOf(number)));
    await shoot();
  }
  const [log, index] = [fs.readFileSync(`${file}-wal`), fs.readFileSync(`${file}-shm`)];
  await store.close();
  return { first, last: fs.readFileSync(file), log, index, scenes };
};

const withoutWriter = ({ records: known, facts, lastCall }: Stored): Scene['stored'] => ({
  records: known,
  facts,
  lastCall,
});

/** What has to be loaded when only so many bytes of the log are there. */
const sceneAt = ({ scenes }: Film, bytes: number): Scene['stored'] | undefined =>
  scenes.findLast(({ logBytes }) => logBytes <= bytes)?.stored;

/** Around the end of every frame, and anywhere. SQLite's log: a header of 32 bytes, frames of 24 bytes and a page. */
const offsets = ({ log }: Film): readonly number[] => {
  const frames = Array.from({ length: (log.length - 32) / (24 + 4096) + 1 }, (_, frame) => 32 + frame * 4120);
  const around = [0, ...frames].flatMap((end) => [end - 1, end, end + 1]);
  return [...around, ...fc.sample(fc.nat(log.length), 20)].filter(
    (offset) => offset >= 0 && offset <= log.length,
  );
};

interface Disk {
  readonly database: Buffer;
  readonly log: Buffer;
  /** An index that outlived its processes: a kill leaves it, a loss of power may. */
  readonly index: O.Option<Buffer>;
  /** Whether a writer goes on with it, and not only a reader looks. */
  readonly goesOn: boolean;
}

/** Reading is enough to see it; so is writing, and then everything goes on. */
const expectLoaded = async (
  disk: Disk,
  expected: Scene['stored'] | undefined,
  what: string,
): Promise<void> => {
  const file = aFile();
  fs.writeFileSync(file, disk.database);
  fs.writeFileSync(`${file}-wal`, disk.log);
  if (O.isSome(disk.index)) fs.writeFileSync(`${file}-shm`, disk.index.value);
  const reader = await read(file);
  expect(withoutWriter(await right(reader.load)), what).toStrictEqual(expected);
  await reader.close();
  if (disk.goesOn) await expectToGoOn(file, expected, what);
  fs.rmSync(nodePath.dirname(file), { recursive: true });
};

const expectToGoOn = async (
  file: string,
  expected: Scene['stored'] | undefined,
  what: string,
): Promise<void> => {
  // The writer that was cut off is this very process, and lives.
  change(file, 'update lease set holder = null');
  const writer = await write(file);
  expect(withoutWriter(await right(writer.load)), what).toStrictEqual(expected);
  await right(writer.commit(records(aRecord('conf-next'))));
  expect([...(await right(writer.load)).records.keys()], what).toContain('conf-next');
  await writer.close();
};

describe('a log', () => {
  it('of several commits is what the following cuts apart', async () => {
    const { scenes, log, first, last } = await record();
    expect(new Set(scenes.map(({ logBytes }) => logBytes)).size).toBe(commits + 1);
    expect(scenes.at(-1)?.logBytes).toBe(log.length);
    expect(last.length).toBeGreaterThan(first.length);
  });

  it('cut off anywhere gives the last commit that is whole', async () => {
    const film = await record();
    for (const [number, offset] of offsets(film).entries()) {
      const index = number % 2 === 0 ? O.some(film.index) : O.none;
      const log = film.log.subarray(0, offset);
      const disk = { database: film.first, log, index, goesOn: number % 3 === 0 };
      await expectLoaded(disk, sceneAt(film, offset), `cut at ${offset}`);
    }
  });

  it('with bytes that nobody wrote gives the last commit before them', async () => {
    const film = await record();
    // Every other one: cut off, the log has been seen to tell all of them apart.
    const some = offsets(film).filter((_offset, index) => index % 2 === 0);
    for (const [number, offset] of some.entries()) {
      const log = Buffer.from(film.log);
      const end = number % 3 === 0 ? log.length : Math.min(log.length, offset + 1 + (number % 50));
      for (let at = offset; at < end; at += 1) log[at] = (log[at] ?? 0) ^ (1 + ((at + number) % 255));
      const index = number % 2 === 0 ? O.some(film.index) : O.none;
      await expectLoaded(
        { database: film.first, log, index, goesOn: number % 4 === 0 },
        sceneAt(film, offset),
        `garbled from ${offset}`,
      );
    }
  });

  it('of zeros where it was made longer, but not written, gives the last commit before them', async () => {
    const film = await record();
    for (const { logBytes, stored } of film.scenes) {
      const log = Buffer.concat([film.log.subarray(0, logBytes), Buffer.alloc(film.log.length - logBytes)]);
      await expectLoaded(
        { database: film.first, log, index: O.none, goesOn: true },
        stored,
        `zeros from ${logBytes}`,
      );
    }
  });
});

it('a database in the middle of a checkpoint gives the last commit, by the log', async () => {
  const film = await record();
  const pages = film.last.length / 4096;
  await fc.assert(
    fc.asyncProperty(fc.array(fc.boolean(), { minLength: pages, maxLength: pages }), async (written) => {
      const database = Buffer.concat(
        written.map((isWritten, page) => {
          const [from, to] = [page * 4096, (page + 1) * 4096];
          const old = film.first.subarray(from, to);
          return isWritten || old.length === 0 ? film.last.subarray(from, to) : old;
        }),
      );
      await expectLoaded(
        { database, log: film.log, index: O.none, goesOn: true },
        film.scenes.at(-1)?.stored,
        `pages written: ${written.join()}`,
      );
    }),
    { numRuns: 25 },
  );
});

it('a change that was cut short before there was a log is undone, by whoever reads', async () => {
  const state = aFile();
  const store = await write(state);
  await right(store.commit(records(aRecord('conf-1'))));
  await store.close();
  const [file, copy] = [`${state}.before`, `${state}.after`];
  fs.copyFileSync(state, file);
  change(file, 'pragma journal_mode = delete');
  const writer = new DatabaseSync(file);
  // With room for few pages, a change goes to the disk before it is committed.
  writer.exec('pragma cache_size = 2; begin');
  writer.exec(
    'with recursive many (n) as (select 1 union all select n + 1 from many where n < 2000) insert into forced select n, hex(randomblob(99)) from many',
  );
  for (const part of ['', '-journal']) fs.copyFileSync(`${file}${part}`, `${copy}${part}`);
  writer.exec('rollback');
  writer.close();
  expect(fs.statSync(copy).size).toBeGreaterThan(fs.statSync(file).size);
  const reader = await read(copy);
  expect([...(await right(reader.load)).records.keys()]).toStrictEqual(['conf-1']);
  expect(rowsIn(copy, 'select * from forced')).toStrictEqual([]);
  expect(fs.existsSync(`${copy}-journal`)).toBe(false);
});
