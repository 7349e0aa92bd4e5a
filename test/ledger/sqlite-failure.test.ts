import { expect, it } from 'vitest';
import { failureOf } from '../../src/ledger/sqlite-failure.js';

// Texts of sqlite3ErrStr and of node:fs. Those that a test can cause for real are caused in sqlite-open.test.ts.
it.each([
  ['database or disk is full', 'Unavailable', 'the disk is full'],
  ['disk I/O error', 'Unavailable', 'disk I/O error'],
  ['database table is locked: lease', 'Unavailable', 'another process keeps it locked'],
  ['ENOSPC: no space left on device, mkdir', 'Unavailable', 'ENOSPC: no space left on device, mkdir'],
  ["EACCES: permission denied, mkdir '/a/https:/u:pw@h'", 'Unavailable', 'EACCES: permission denied'],
  ['EROFS: read-only file system, open', 'Unavailable', 'EROFS: read-only file system, open'],
  ['malformed database schema (call)', 'Corrupt', 'the file is damaged (database disk image is malformed)'],
  ['no such column: record', 'Corrupt', 'tables of the state are missing'],
])('%s is %s', (text, _tag, detail) => {
  expect(failureOf('sqlite:a', new Error(text))).toStrictEqual({ _tag, location: 'sqlite:a', detail });
});

it('is said of whatever was thrown', () => {
  expect(failureOf('sqlite:a', 7)).toStrictEqual({ _tag: 'Unavailable', location: 'sqlite:a', detail: '7' });
});
