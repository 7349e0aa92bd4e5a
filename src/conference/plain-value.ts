/** A value within a sentence: texts in quotes, and no password of a URL. Whoever shows the sentence bounds its length. */
import * as O from 'fp-ts/lib/Option.js';
import type { SettingValue } from './settings.js';
import { maskPasswords } from './url.js';

export const plainValue = (value: SettingValue): string =>
  typeof value === 'string' ? JSON.stringify(maskPasswords(value)) : String(value);

/** What a GET showed. */
export const plainLive = (value: O.Option<SettingValue>): string =>
  O.isSome(value) ? plainValue(value.value) : 'not set';
