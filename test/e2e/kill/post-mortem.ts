/**
 * What a process left on the disk, read from a copy: whoever comes next finds everything as it was. The copy has no
 * `-shm`, which is of no use to anybody once all processes are gone.
 */
import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as E from 'fp-ts/lib/Either.js';
import { openForReading } from '../../../src/ledger/open-store.js';
import type { ConferenceRecord } from '../../../src/ledger/record.js';

/** What the ledger says of each conference, by its id. Fails the test when it cannot be read. */
export const readLedger = async (file: string): Promise<ReadonlyMap<string, ConferenceRecord>> => {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-post-mortem-'));
  try {
    const copy = join(folder, 'state.db');
    for (const part of ['', '-wal', '-journal']) {
      if (existsSync(`${file}${part}`)) copyFileSync(`${file}${part}`, `${copy}${part}`);
    }
    return await recordsIn(copy);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

const recordsIn = async (path: string): Promise<ReadonlyMap<string, ConferenceRecord>> => {
  const opened = await openForReading({ _tag: 'Sqlite', path })();
  if (E.isLeft(opened)) throw new Error(`the state cannot be opened: ${JSON.stringify(opened.left)}`);
  const store = opened.right;
  const loaded = await store.load();
  await store.close();
  if (E.isLeft(loaded)) throw new Error(`the state cannot be read: ${JSON.stringify(loaded.left)}`);
  return loaded.right.records;
};
