/**
 * A codec of a manifest's values as JSON Schema: every spelling the codec takes, and `null`, which every value may
 * be. One flat schema each, because editors tell what is wrong with an alternative badly: keywords about texts say
 * nothing of numbers, and the other way round.
 */
import * as t from 'io-ts';
import {
  CallbackTimeoutMs,
  callbackTimeoutLimitsMs,
  CompletedState,
  Flag,
  HttpMethod,
  httpMethodPattern,
  mostTimeoutDigits,
} from '../conference/settings.js';
import { WebUrl, webUrlPattern } from '../conference/url.js';

export type JsonSchema = Readonly<Record<string, unknown>>;

export const valueSchema = (codec: t.Mixed): JsonSchema => {
  const schema = schemas.get(codec);
  if (schema === undefined) throw new Error(`the codec ${codec.name} has no JSON Schema`);
  return schema;
};

/**
 * Whole numbers from 1 to the given one, without leading zeros, as a regular expression without lookahead: not every
 * validator has that.
 */
export const upTo = (most: number): string => {
  const digits = Array.from(String(most), Number);
  const shorter = digits.length > 1 ? [`[1-9][0-9]{0,${digits.length - 2}}`] : [];
  const smaller = digits.flatMap((digit, index) => {
    const least = index === 0 ? 1 : 0;
    const same = digits.slice(0, index).join('');
    const after = digits.length - index - 1;
    return digit > least ? [`${same}[${least}-${digit - 1}][0-9]{${after}}`] : [];
  });
  return [...shorter, ...smaller, String(most)].join('|');
};

const { min, max } = callbackTimeoutLimitsMs;
// `upTo` begins at 1. Another limit must not compile.
const lowest: 1 = min;

const textOrNull = (pattern: RegExp): JsonSchema => ({ type: ['string', 'null'], pattern: pattern.source });

const schemas: ReadonlyMap<t.Mixed, JsonSchema> = new Map<t.Mixed, JsonSchema>([
  [CompletedState, { type: ['string', 'null'], enum: [CompletedState.value, null] }],
  [Flag, { type: ['boolean', 'string', 'null'], pattern: '^(?:true|false)$' }],
  [HttpMethod, textOrNull(httpMethodPattern)],
  [
    CallbackTimeoutMs,
    {
      type: ['integer', 'string', 'null'],
      minimum: lowest,
      maximum: max,
      pattern: `^0*(?:${upTo(max)})$`,
      maxLength: mostTimeoutDigits,
    },
  ],
  // No `format`: a validator that checks one refuses letters that the API's callers and holdfast take.
  [WebUrl, textOrNull(webUrlPattern)],
  [t.string, { type: ['string', 'null'] }],
]);
