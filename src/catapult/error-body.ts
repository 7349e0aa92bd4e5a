/**
 * The body of an error answer: `{ category, code, message, details: [{ name, value }] }`. The API's own
 * samples leave `message` out of a 429, and a proxy on the way answers in its own words, so nothing is
 * required here.
 */
import { pipe } from 'fp-ts/lib/function.js';
import * as O from 'fp-ts/lib/Option.js';
import * as RA from 'fp-ts/lib/ReadonlyArray.js';
import * as t from 'io-ts';
import { asRecord, field, type JsonRecord, parseRecord } from './json-record.js';

export interface ErrorBody {
  /** Lower case. */
  readonly category: O.Option<string>;
  /** Lower case. */
  readonly code: O.Option<string>;
  readonly message: O.Option<string>;
  readonly details: readonly Detail[];
}

export interface Detail {
  readonly name: string;
  readonly value: string;
}

/** Total: a body that is no error of the API is one that says nothing. */
export const parseErrorBody = (body: string): ErrorBody =>
  pipe(
    parseRecord(body),
    O.match(() => silent, errorBody),
  );

/** The value of the first detail of this name. */
export const detail = (error: ErrorBody, name: string): O.Option<string> =>
  pipe(
    error.details,
    RA.findFirst((each) => each.name === name),
    O.map((each) => each.value),
  );

const silent: ErrorBody = { category: O.none, code: O.none, message: O.none, details: [] };

const errorBody = (record: JsonRecord): ErrorBody => ({
  category: word(record, 'category'),
  code: word(record, 'code'),
  message: pipe(
    field(record, 'message', t.string),
    O.filter((text) => text.trim() !== ''),
  ),
  details: pipe(
    field(record, 'details', t.readonlyArray(t.unknown)),
    O.match(() => [], RA.filterMap(parseDetail)),
  ),
});

const word = (record: JsonRecord, key: string): O.Option<string> =>
  pipe(
    field(record, key, t.string),
    O.map((text) => text.trim().toLowerCase()),
    O.filter((text) => text !== ''),
  );

const parseDetail = (value: unknown): O.Option<Detail> =>
  pipe(
    O.Do,
    O.bind('record', () => asRecord(value)),
    O.bind('name', ({ record }) => field(record, 'name', t.string)),
    O.bind('value', ({ record }) => field(record, 'value', t.union([t.string, t.number]))),
    O.map((found) => ({ name: found.name, value: String(found.value) })),
  );
