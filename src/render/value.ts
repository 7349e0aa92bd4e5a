/**
 * How the value of a setting is shown: `true`, `10000`, `"all-hands"`. Texts are in quotes, safe for a
 * terminal, and cut when they are long; the password of a URL is never seen.
 */
import { bodyEntries, sameValue, toBody, type Body, type SettingValue } from '../conference/settings.js';
import { maskPasswords } from '../conference/url.js';
import { quote } from './safe-text.js';

export const showValue = (value: SettingValue): string => showFrom(maskValue(value), 0);

/**
 * A value and the one that takes its place. Where both would look the same (a long text that differs late, a
 * URL that differs in its password), the second or both are shown so that one can see that they differ.
 */
export const showStep = (from: SettingValue, to: SettingValue): readonly [string, string] => {
  const [masked, maskedTo] = [maskValue(from), maskValue(to)];
  const [left, right] = [showFrom(masked, 0), showFrom(maskedTo, 0)];
  if (left !== right || sameValue(from, to)) return [left, right];
  if (masked === maskedTo) return [left, `${right} (another password)`];
  const start = Math.max(0, sharedLength(String(masked), String(maskedTo)) - 10);
  return [showFrom(masked, start), showFrom(maskedTo, start)];
};

/** `mute=true tag="all-hands"`. */
export const showBody = (body: Body): string =>
  bodyEntries(body)
    .map(([setting, value]) => `${setting}=${showValue(value)}`)
    .join(' ');

/** A body as it may be seen, in the order of the settings. */
export const maskBody = (body: Body): Body =>
  toBody(bodyEntries(body).map(([setting, value]) => [setting, maskValue(value)] as const));

/** The value as it may be seen: a URL without its password. */
export const maskValue = (value: SettingValue): SettingValue =>
  typeof value === 'string' ? maskPasswords(value) : value;

/** Columns of a text before it is cut. */
export const textLimit = 60;

const showFrom = (value: SettingValue, start: number): string =>
  typeof value === 'string' ? quote(value, textLimit, start) : String(value);

/** How many characters (not code units) both texts begin with. */
const sharedLength = (left: string, right: string): number => {
  const other = Array.from(right);
  const difference = Array.from(left).findIndex((character, index) => character !== other[index]);
  return difference === -1 ? Array.from(left).length : difference;
};
