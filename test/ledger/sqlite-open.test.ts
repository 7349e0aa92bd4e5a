import * as fs from 'node:fs';
import * as os from 'node:os';
import * as nodePath from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import * as E from 'fp-ts/lib/Either.js';
import * as O from 'fp-ts/lib/Option.js';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openForReading } from '../../src/ledger/open-store.js';
import { withSnapshot } from '../../src/ledger/sqlite-some.js';
import { noFacts } from '../../src/ledger/store.js';
import { makeVirtualClock } from '../support/virtual-clock.js';
import {
  aBatch,
  aCall,
  aFile,
  aRecord,
  at,
  change,
  matching,
  read,
  records,
  right,
  temporaryFolder,
  tryToWrite,
  write,
} from './sqlite-state.js';

const nothing = { records: new Map(), facts: noFacts, lastCall: 0, writer: O.none };
const everything = { conference: O.none, sinceMs: O.none, limit: 10 };

describe('a state that has not begun', () => {
  it.each(['state.db', 'a/b/state.db'])('is empty to read, and %s is not made', async (path) => {
    const folder = temporaryFolder();
    const reader = await read(nodePath.join(folder, path));
    expect(await right(reader.load)).toStrictEqual(nothing);
    expect(await right(reader.history(everything))).toStrictEqual([]);
    expect(fs.readdirSync(folder)).toStrictEqual([]);
  });

  it.each([
    ['an empty file', (file: string) => fs.writeFileSync(file, '')],
    ['a database without content', (file: string) => change(file, 'vacuum')],
  ])('may be %s', async (_name, make) => {
    const file = aFile();
    make(file);
    expect(await right((await read(file)).load)).toStrictEqual(nothing);
    const store = await write(file);
    await right(store.commit(records(aRecord('conf-1'))));
    expect((await right(store.load)).records.size).toBe(1);
  });
});

describe('permissions', () => {
  it.each([0o000, 0o022, 0o077, 0o277])('are ours alone, under umask %o', async (umask) => {
    const folder = temporaryFolder();
    withUmask(umask);
    const store = await write(nodePath.join(folder, 'state', 'state.db'));
    await right(store.commit(records(aRecord('conf-1'))));
    expect(modesIn(nodePath.join(folder, 'state'))).toStrictEqual({
      '.': '700',
      'state.db': '600',
      'state.db-shm': '600',
      'state.db-wal': '600',
    });
  });

  it('of a folder that was there stay; files that were open to others are closed to them', async () => {
    const folder = temporaryFolder();
    const file = nodePath.join(folder, 'state.db');
    const first = await write(file);
    fs.chmodSync(folder, 0o755);
    for (const name of fs.readdirSync(folder)) fs.chmodSync(nodePath.join(folder, name), 0o666);
    await first.close();
    await write(file);
    expect(modesIn(folder)).toStrictEqual({
      '.': '755',
      'state.db': '600',
      'state.db-shm': '600',
      'state.db-wal': '600',
    });
  });

  it('that are missing are said, and nothing is thrown', async () => {
    const folder = temporaryFolder();
    const file = nodePath.join(folder, 'state.db');
    await (await write(file)).close();
    fs.chmodSync(folder, 0o000);
    await asNobody(async () => {
      const unavailable = E.left({
        _tag: 'Unavailable',
        location: `sqlite:${file}`,
        detail: matching(/^EACCES: permission denied/),
      });
      expect(await openForReading(at(file))()).toStrictEqual(unavailable);
      expect(await tryToWrite(file)()).toStrictEqual(unavailable);
    });
  });

  it('that do not let us make the folder are said', async () => {
    const folder = temporaryFolder();
    const file = nodePath.join(folder, 'file');
    fs.writeFileSync(file, 'x');
    const result = await tryToWrite(nodePath.join(file, 'deeper', 'state.db'))();
    expect(result).toMatchObject(E.left({ _tag: 'Unavailable', detail: matching(/^(ENOTDIR|EEXIST)/) }));
  });
});

describe('a folder that may not be written', () => {
  const aStateIn = async (folder: string, name: string): Promise<string> => {
    const file = nodePath.join(folder, name);
    const store = await write(file);
    await right(store.commit({ ...records(aRecord('conf-1')), calls: [aCall(1)] }));
    await store.close();
    return file;
  };

  it('can be read, and stays as it is', async () => {
    const folder = temporaryFolder();
    const file = await aStateIn(folder, 'with space?and=more#100%.db');
    for (const besides of ['-wal', '-shm']) fs.rmSync(`${file}${besides}`, { force: true });
    giveToNobody(folder, 0o500);
    await asNobody(async () => {
      const reader = await read(file);
      expect([...(await right(reader.load)).records.keys()]).toStrictEqual(['conf-1']);
      expect(await right(reader.history(everything))).toHaveLength(1);
      await reader.close();
      expect(await tryToWrite(file)()).toMatchObject(
        E.left({ _tag: 'Unavailable', detail: 'no permission to write the file or its folder' }),
      );
    });
    expect(fs.readdirSync(folder)).toStrictEqual([nodePath.basename(file)]);
  });

  it('is read with what a killed writer left to work in', async () => {
    const folder = temporaryFolder();
    const file = nodePath.join(folder, 'state.db');
    await leaveUnfinished(file);
    await expectReadAndLeft(folder, file);
  });

  it('is read without a change that was cut short before there was a log', async () => {
    const folder = temporaryFolder();
    const file = await aStateIn(folder, 'state.db');
    for (const besides of ['-wal', '-shm']) fs.rmSync(`${file}${besides}`, { force: true });
    cutShort(file);
    await expectReadAndLeft(folder, file);
  });

  it('holds a file that may not be written either, and is read all the same', async () => {
    const folder = temporaryFolder();
    const file = await aStateIn(folder, 'state.db');
    for (const besides of ['-wal', '-shm']) fs.rmSync(`${file}${besides}`, { force: true });
    fs.chmodSync(file, 0o400);
    await expectReadAndLeft(folder, file);
  });

  const expectReadAndLeft = async (folder: string, file: string): Promise<void> => {
    const copies = copiesLeft();
    giveToNobody(folder, 0o500);
    const before = snapshot(folder);
    await asNobody(async () => {
      const reader = await read(file);
      expect([...(await right(reader.load)).records.keys()]).toStrictEqual(['conf-1']);
      await reader.close();
    });
    expect(snapshot(folder)).toStrictEqual(before);
    expect(copiesLeft()).toStrictEqual(copies);
  };
});

describe('a process that was killed', () => {
  it('leaves a state that goes on where it was', async () => {
    const file = aFile();
    await leaveUnfinished(file);
    expect((await right((await read(file)).load)).records.size).toBe(1);
    expect(await tryToWrite(file)()).toMatchObject(E.left({ _tag: 'Held' }));
    // Its process is this one, and lives: the heartbeat alone says that it does not.
    change(file, 'update lease set heartbeat_ms = 0');
    const clock = makeVirtualClock();
    const next = write(file, { clock });
    await clock.pass(11_000);
    expect((await right((await next).load)).records.size).toBe(1);
  });
});

describe('what is no state of ours', () => {
  it.each([
    ['text', (file: string) => fs.writeFileSync(file, 'my notes'), 'it is not a SQLite database'],
    [
      'bytes',
      (file: string) => fs.writeFileSync(file, Buffer.alloc(9_000, 'garbage ')),
      'it is not a SQLite database',
    ],
    ['a directory', (file: string) => fs.mkdirSync(file), 'it is a directory'],
    ['a link to a device', (file: string) => fs.symlinkSync('/dev/full', file), 'it is not a regular file'],
    [
      'a database of another program',
      (file: string) => change(file, 'create table notes (id integer)'),
      'it is a SQLite database of another program',
    ],
    [
      'an empty database of another program',
      (file: string) => change(file, 'pragma application_id = 7'),
      'it is a SQLite database of another program',
    ],
  ])('as %s is said to be so, and left alone', async (_name, make, detail) => {
    const folder = temporaryFolder();
    const file = nodePath.join(folder, 'state.db');
    make(file);
    const before = snapshot(folder);
    const corrupt = E.left({ _tag: 'Corrupt', location: `sqlite:${file}`, detail });
    expect(await openForReading(at(file))()).toStrictEqual(corrupt);
    expect(await tryToWrite(file)()).toStrictEqual(corrupt);
    expect(snapshot(folder)).toStrictEqual(before);
  });
});

describe('a damaged state', () => {
  const aState = async (): Promise<string> => {
    const file = aFile();
    const store = await write(file);
    await right(store.commit({ ...records(aRecord('conf-1'), aRecord('conf-2')), calls: [aCall(3)] }));
    await store.close();
    for (const besides of ['-wal', '-shm']) fs.rmSync(`${file}${besides}`, { force: true });
    return file;
  };

  it.each([
    ['cut short', (file: string) => fs.truncateSync(file, 8_192), /damaged/],
    ['cut within a page', (file: string) => fs.truncateSync(file, 1_000), /damaged/],
    ['overwritten', (file: string) => overwrite(file, 4_096), /damaged|not a SQLite/],
    ['robbed of its tables', (file: string) => change(file, 'drop table facts; drop table lease'), /missing/],
  ])('%s is corrupt', async (_name, damage, detail) => {
    const file = await aState();
    damage(file);
    const reader = await openForReading(at(file))();
    const loaded = E.isRight(reader) ? await reader.right.load() : reader;
    expect(loaded).toMatchObject(E.left({ _tag: 'Corrupt', detail: matching(detail) }));
    if (E.isRight(reader)) await reader.right.close();
    const writer = await tryToWrite(file)();
    expect(E.isRight(writer) ? await writer.right.load() : writer).toMatchObject(E.left({ _tag: 'Corrupt' }));
    if (E.isRight(writer)) await writer.right.close();
  });

  it.each([
    [
      'a record',
      "update conference set record = '{}' where id = 'conf-2'",
      'conference conf-2: id: expected ConferenceId',
    ],
    ['the facts', "insert into facts values (1, '{')", 'facts: not JSON'],
    ['the lease', "update lease set holder = '{}'", 'lease: pid: expected number'],
  ])('names %s that cannot be read', async (_name, sql, detail) => {
    const file = await aState();
    change(file, sql);
    expect(await (await read(file)).load()).toMatchObject(E.left({ _tag: 'Corrupt', detail }));
  });

  it('names a call that cannot be read', async () => {
    const file = await aState();
    change(file, "update call set call = 'x'");
    expect(await (await read(file)).history(everything)()).toMatchObject(
      E.left({ _tag: 'Corrupt', detail: 'call 3: not JSON' }),
    );
  });

  it('is not opened for writing when its facts cannot be read', async () => {
    const file = await aState();
    change(file, "insert into facts values (1, '{}')");
    expect(await tryToWrite(file)()).toMatchObject(
      E.left({ _tag: 'Corrupt', detail: 'facts: alerts: expected ReadonlyArray<Alert>' }),
    );
  });
});

it('of a newer holdfast is neither read nor written', async () => {
  const file = aFile();
  await (await write(file)).close();
  change(file, 'pragma user_version = 3');
  const tooNew = E.left({ _tag: 'TooNew', location: `sqlite:${file}`, version: '3' });
  expect(await openForReading(at(file))()).toStrictEqual(tooNew);
  expect(await tryToWrite(file)()).toStrictEqual(tooNew);
});

describe('the mark of the content', () => {
  const markIn = async (file: string): Promise<string> =>
    O.getOrElse(() => '?')(await withSnapshot(at(file), ({ mark }) => Promise.resolve(mark())));

  it('changes with records and facts, and with nothing else', async () => {
    const file = aFile();
    expect(await markIn(file)).toBe('');
    const store = await write(file);
    const seen = [await markIn(file)];
    for (const batch of [
      records(aRecord('conf-1')),
      records(aRecord('conf-2')),
      aBatch({ facts: O.some({ ...noFacts, account: O.some('u-1') }) }),
      aBatch({ records: new Map([[aRecord('conf-1').id, O.none]]) }),
    ]) {
      await right(store.commit(batch));
      seen.push(await markIn(file));
    }
    expect(new Set(seen).size).toBe(5);
    await right(store.commit(aBatch({ calls: [aCall(1)] })));
    await store.close();
    expect(await markIn(file)).toBe(seen.at(-1));
  });

  it('is given to a state that was made without', async () => {
    const file = aFile();
    const store = await write(file);
    await right(store.commit(records(aRecord('conf-1'))));
    await store.close();
    for (const table of ['conference', 'facts'])
      for (const cause of ['insert', 'update', 'delete'])
        change(file, `drop trigger ${table}_${cause}_marks`);
    change(file, 'drop table content');
    change(file, 'pragma user_version = 1');
    expect(await markIn(file)).toBe('?');
    expect((await right((await read(file)).load)).records.size).toBe(1);
    expect((await right((await write(file)).load)).records.size).toBe(1);
    expect(await markIn(file)).toMatch(/^[0-9A-F]{32}$/);
  });
});

describe('the account', () => {
  const speakingOf = async (account: string): Promise<string> => {
    const file = aFile();
    const store = await write(file, { account });
    await right(store.commit(aBatch({ facts: O.some({ ...noFacts, account: O.some(account) }) })));
    await store.close();
    return file;
  };

  it('is kept to, and a refusal takes no lease', async () => {
    const file = await speakingOf('u-1');
    expect(await tryToWrite(file, { account: 'u-2' })()).toStrictEqual(
      E.left({ _tag: 'OtherAccount', location: `sqlite:${file}`, known: 'u-1', asked: 'u-2' }),
    );
    expect((await right((await write(file, { account: 'u-1' })).load)).facts.account).toStrictEqual(
      O.some('u-1'),
    );
  });

  it('is any, as long as none is recorded', async () => {
    const file = aFile();
    await (await write(file, { account: 'u-1' })).close();
    await write(file, { account: 'u-2' });
  });
});

it('keeps reading the same state while it is being written and closed', async () => {
  const file = aFile();
  const store = await write(file);
  const reader = await read(file);
  for (let round = 1; round <= 5; round += 1) {
    await right(store.commit(records(aRecord(`conf-${String(round)}`))));
    expect((await right(reader.load)).records.size).toBe(round);
  }
  await store.close();
  expect((await right(reader.load)).records.size).toBe(5);
});

/** What a kill leaves on the disk: the log is not worked in, the lease is not given back. */
const leaveUnfinished = async (file: string): Promise<void> => {
  const original = aFile();
  const store = await write(original);
  await right(store.commit(records(aRecord('conf-1'))));
  for (const part of ['', '-wal']) fs.copyFileSync(`${original}${part}`, `${file}${part}`);
  expect(fs.statSync(`${file}-wal`).size).toBeGreaterThan(0);
};

/** A journal from the middle of a change, as SQLite keeps one without a log. */
const cutShort = (file: string): void => {
  const working = aFile();
  fs.copyFileSync(file, working);
  change(working, 'pragma journal_mode = delete');
  const database = new DatabaseSync(working);
  database.exec(
    "pragma cache_size = 1; begin; update conference set record = '{}'; create table t as select zeroblob(100000) z",
  );
  for (const part of ['', '-journal']) fs.copyFileSync(`${working}${part}`, `${file}${part}`);
  database.exec('rollback');
  database.close();
  expect(fs.statSync(`${file}-journal`).size).toBeGreaterThan(0);
};

/** Nobody else here reads a state by a copy at the same time. */
const copiesLeft = (): readonly string[] =>
  fs.readdirSync(os.tmpdir()).filter((name) => name.startsWith('holdfast-copy-'));

const modesIn = (folder: string): Record<string, string> =>
  Object.fromEntries(
    ['.', ...fs.readdirSync(folder)].map((name) => [
      name,
      (fs.statSync(nodePath.join(folder, name)).mode & 0o777).toString(8),
    ]),
  );

const snapshot = (folder: string): Record<string, string> =>
  Object.fromEntries(
    fs.readdirSync(folder, { withFileTypes: true }).map((entry) => {
      const path = nodePath.join(folder, entry.name);
      const { mode } = fs.statSync(path);
      return [entry.name, `${mode.toString(8)} ${entry.isFile() ? fs.readFileSync(path, 'hex') : ''}`];
    }),
  );

const withUmask = (umask: number): void => {
  const before = process.umask(umask);
  onTestFinished(() => {
    process.umask(before);
  });
};

const overwrite = (file: string, fromByte: number): void => {
  const bytes = fs.readFileSync(file);
  fs.writeFileSync(file, bytes.fill('garbage ', fromByte));
};

const nobody = 65_534;

/** Root may do anything: it gives the folder away, so that permissions count for who reads it. */
const giveToNobody = (folder: string, mode: number): void => {
  if (process.getuid?.() === 0) {
    for (const name of fs.readdirSync(folder)) fs.chownSync(nodePath.join(folder, name), nobody, nobody);
    fs.chownSync(folder, nobody, nobody);
  }
  fs.chmodSync(folder, mode);
  onTestFinished(() => fs.chmodSync(folder, 0o700));
};

const asNobody = async (work: () => Promise<void>): Promise<void> => {
  if (process.getuid?.() !== 0) return work();
  process.seteuid?.(nobody);
  try {
    await work();
  } finally {
    process.seteuid?.(0);
  }
};
