import * as O from 'fp-ts/lib/Option.js';
import { expect, test } from 'vitest';
import { didYouMean } from '../../src/desired/did-you-mean.js';
import { conferenceKeys } from '../../src/desired/known-keys.js';

test.each([
  ['mutee', 'mute'],
  ['Mute', 'mute'],
  ['muted', 'mute'],
  ['hodl', 'hold'],
  ['callbackURL', 'callbackUrl'],
  ['callback_url', 'callbackUrl'],
  ['callback-timeout', 'callbackTimeout'],
  ['CALLBACK_HTTP_METHOD', 'callbackHttpMethod'],
  ['callbackMethod', 'callbackHttpMethod'],
  ['fallback', 'fallbackUrl'],
  ['tags', 'tag'],
  ['when_empty', 'whenEmpty'],
  ['suspended', 'suspend'],
  ['protected', 'protect'],
  ['stat', 'state'],
])('%s is likely %s', (word, meant) => {
  expect(didYouMean(word, conferenceKeys.keys)).toEqual(O.some(meant));
});

test.each(['colour', 'from', 'profile', 'x', '', 'callbackUrl'.repeat(7)])('%s is like none', (word) => {
  expect(didYouMean(word, conferenceKeys.keys)).toEqual(O.none);
});
