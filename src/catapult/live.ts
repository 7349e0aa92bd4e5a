/**
 * Reads what a GET of the conference answers. The API's samples leave out what was never set, and write flags
 * and numbers now as JSON, now as text; both are understood. A value that the manifest would refuse is kept
 * when it has the right type: it is what the API has, and drift has to see it.
 */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as O from 'fp-ts/lib/Option.js';
import * as t from 'io-ts';
import {
  type Body,
  Flag,
  HttpMethod,
  type Setting,
  type SettingValue,
  toBody,
} from '../conference/settings.js';
import type { Live } from './catapult.js';
import { field, type JsonRecord, parseRecord } from './json-record.js';

/** Left: why the body is not a conference, in a few words. */
export const parseLive = (body: string): E.Either<string, Live> =>
  pipe(
    parseRecord(body),
    E.fromOption(() => 'the answer is not a JSON object'),
    E.bindTo('record'),
    E.bind('state', ({ record }) => liveState(record)),
    E.map(({ record, state }) => ({
      state,
      activeMembers: field(record, 'activeMembers', WholeNumber),
      settings: liveSettings(record),
    })),
  );

const liveState = (record: JsonRecord): E.Either<string, Live['state']> => {
  const text = O.toUndefined(field(record, 'state', t.string));
  if (text === undefined) return E.left('the answer has no state');
  const state = text.toLowerCase();
  return state === 'created' || state === 'active' || state === 'completed'
    ? E.right(state)
    : E.left(`the answer has an unknown state, '${text}'`);
};

// The API answers "" for a URL that was never set (its samples of calls do); an empty tag is a tag.
const liveSettings = (record: JsonRecord): Body => {
  const entries: (readonly [Setting, SettingValue])[] = [];
  for (const [name, codec] of codecs) {
    const found = field(record, name, codec);
    if (O.isSome(found) && (found.value !== '' || name === 'tag')) entries.push([name, found.value]);
  }
  return toBody(entries);
};

/** Also as text, the way the API's examples quote numbers. */
const WholeNumber = new t.Type<number, number, unknown>(
  'WholeNumber',
  isWholeNumber,
  (input, context) => {
    const value = typeof input === 'string' && /^[0-9]{1,15}$/.test(input) ? Number(input) : input;
    return isWholeNumber(value) ? t.success(value) : t.failure(input, context);
  },
  t.identity,
);

const codecs: readonly (readonly [Setting, t.Decoder<unknown, SettingValue>])[] = [
  ['hold', Flag],
  ['mute', Flag],
  ['callbackUrl', t.string],
  ['callbackHttpMethod', HttpMethod],
  ['callbackTimeout', WholeNumber],
  ['fallbackUrl', t.string],
  ['tag', t.string],
];

function isWholeNumber(input: unknown): input is number {
  return Number.isSafeInteger(input) && Number(input) >= 0;
}
