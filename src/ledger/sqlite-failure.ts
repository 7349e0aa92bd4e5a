/**
 * What an exception of SQLite or of the file system means.
 *
 * The text decides, not the code: the driver puts `errcode` on what `prepare`, `run` and `get` throw but not
 * on what `all` throws. The texts are those of `sqlite3ErrStr`, which have not changed in two decades.
 */
import * as E from 'fp-ts/lib/Either.js';
import type { LedgerError } from './store.js';

/** Every exception becomes one of two: it may work later, or it never will. */
export const failureOf = (location: string, error: unknown): LedgerError => {
  const text = error instanceof Error ? error.message : String(error);
  const [, _tag, detail] = meanings.find(([pattern]) => pattern.test(text)) ?? [
    /^/,
    'Unavailable',
    withoutPath(text),
  ];
  return { _tag, location, detail };
};

/**
 * Node ends with the path as it normalises it (`mkdir '/a/b'`), where a password in it cannot be told any more: of
 * `https://` one slash is left. The location says it already.
 */
const withoutPath = (text: string): string => text.replace(/, [a-z]+ '.*'$/s, '');

export const corrupt = (location: string, detail: string): E.Either<LedgerError, never> =>
  E.left({ _tag: 'Corrupt', location, detail });

/** How SQLite says that it may not write: the files it shares with a writer, or a change that was cut short. */
export const mayNotWrite = (error: unknown): boolean =>
  error instanceof Error &&
  /attempt to write a readonly database|unable to open database file/.test(error.message);

export const isLocked = (error: unknown): boolean => error instanceof Error && locked.test(error.message);

const locked = /database( table)? is locked/;

const meanings: readonly (readonly [RegExp, 'Corrupt' | 'Unavailable', string])[] = [
  [/file is not a database/, 'Corrupt', 'it is not a SQLite database'],
  [/malformed/, 'Corrupt', 'the file is damaged (database disk image is malformed)'],
  [/unsupported file format/, 'Corrupt', 'it is a SQLite database of a format this version does not read'],
  [/no such (table|column)|no result/, 'Corrupt', 'tables of the state are missing'],
  [locked, 'Unavailable', 'another process keeps it locked'],
  [/database or disk is full/, 'Unavailable', 'the disk is full'],
  [/attempt to write a readonly database/, 'Unavailable', 'no permission to write the file or its folder'],
  [
    /unable to open database file/,
    'Unavailable',
    'the file cannot be opened: no permission, or no such folder',
  ],
  [/database (is not open|connection is closed)/i, 'Unavailable', 'it has been closed'],
];
