import * as E from 'fp-ts/lib/Either.js';
import { expect, it } from 'vitest';
import { parseStateLocation, showStateLocation } from '../../src/ledger/sqlite-location.js';

it.each([
  ['sqlite:.holdfast/state.db', '.holdfast/state.db'],
  ['sqlite:/var/lib/holdfast/state.db', '/var/lib/holdfast/state.db'],
  ['sqlite:///var/lib/state.db', '///var/lib/state.db'],
  ['sqlite:with space?and=more#x', 'with space?and=more#x'],
])('%s is the file %s', (text, path) => {
  const location = parseStateLocation(text);
  expect(location).toStrictEqual(E.right({ _tag: 'Sqlite', path }));
  expect(E.map(showStateLocation)(location)).toStrictEqual(E.right(text));
});

it.each([
  ['', '"" is no place for a state: write sqlite:PATH'],
  ['sqlite:', '"sqlite:" is no place for a state: write sqlite:PATH'],
  ['state.db', '"state.db" is no place for a state: write sqlite:PATH'],
  ['SQLITE:a', '"SQLITE:a" is no place for a state: write sqlite:PATH'],
  [
    'postgres://me:secret@db.example.com/holdfast',
    '"postgres://me:***@db.example.com/holdfast" is no place for a state: write sqlite:PATH',
  ],
  [
    'sqlite://me:secret@example.com/state.db',
    '"sqlite://me:***@example.com/state.db" has a host: write sqlite:PATH or sqlite:///PATH',
  ],
  ['sqlite::memory:', '"sqlite::memory:" would not outlive the process: name a file'],
  ['sqlite:a\0b', '"sqlite:a\\u0000b" is not a path'],
])('%j is refused', (text, message) => {
  expect(parseStateLocation(text)).toStrictEqual(E.left(message));
});
