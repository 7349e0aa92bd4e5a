import { describe, expect, it } from 'vitest';
import { test } from '@fast-check/vitest';
import * as E from 'fp-ts/lib/Either.js';
import * as O from 'fp-ts/lib/Option.js';
import {
  decodeStored,
  encodeStored,
  storedCall,
  storedFacts,
  storedForced,
  storedHolder,
  storedRecord,
} from '../../src/ledger/record-codec.js';
import { call, conferenceRecord, facts, forced } from '../arbitrary/record.js';

describe('what is stored comes back', () => {
  test.prop([conferenceRecord])('records', (record) => {
    expect(decodeStored(storedRecord, encodeStored(storedRecord, record))).toStrictEqual(E.right(record));
  });

  test.prop([call])('calls', (line) => {
    expect(decodeStored(storedCall, encodeStored(storedCall, line))).toStrictEqual(E.right(line));
  });

  test.prop([facts])('facts', (page) => {
    expect(decodeStored(storedFacts, encodeStored(storedFacts, page))).toStrictEqual(E.right(page));
  });

  test.prop([forced])('forced', (line) => {
    expect(decodeStored(storedForced, encodeStored(storedForced, line))).toStrictEqual(E.right(line));
  });

  test.prop([conferenceRecord])('what is encoded is of the codec, and says so', (record) => {
    expect(storedRecord.is(record)).toBe(true);
    expect(storedRecord.is({ ...record, trouble: { _tag: 'Some', value: 1 } })).toBe(false);
  });
});

it('stores none as an absent key', () => {
  const holder = { pid: 1, host: 'h', command: 'watch', sinceMs: 2, machine: O.none, started: O.some('3') };
  expect(encodeStored(storedHolder, holder)).toBe(
    '{"pid":1,"host":"h","command":"watch","sinceMs":2,"started":"3"}',
  );
});

const record = {
  id: 'conf-1',
  settings: { mute: { _tag: 'InDoubt', value: true } },
  protected: false,
  presence: 'declared',
};

it.each([
  ['{', 'not JSON'],
  ['null', 'expected ConferenceRecord'],
  [JSON.stringify({ ...record, id: 'no id' }), 'id: expected ConferenceId'],
  [JSON.stringify({ ...record, protected: 'no' }), 'protected: expected boolean'],
  [JSON.stringify({ ...record, settings: [] }), 'settings: expected BySetting<Condition>'],
  [
    JSON.stringify({ ...record, settings: { mute: { _tag: 'InDoubt', value: null } } }),
    'settings.mute.value: expected SettingValue',
  ],
  [JSON.stringify({ ...record, settings: { mute: { _tag: 'Sure' } } }), 'settings.mute: expected Condition'],
  [
    JSON.stringify({ ...record, trouble: { kind: 'failing', evidence: { status: '200', message: '' } } }),
    'trouble.evidence.status: expected number',
  ],
])('says where %s is wrong', (text, message) => {
  expect(decodeStored(storedRecord, text)).toStrictEqual(E.left(message));
});

it('reads the record that the table of errors starts from', () => {
  expect(E.isRight(decodeStored(storedRecord, JSON.stringify(record)))).toBe(true);
});
