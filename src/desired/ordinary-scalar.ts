/**
 * A word of an ordinary manifest to the scalar that `yaml` makes of it under the core schema of YAML 1.2.
 *
 * Where that is not certain there is none. A number that is not written as a plain whole one (`007`, `1.5`, `0x1f`)
 * fits no setting, and all that is left to do with it is to say so.
 */
import type { Scalar } from './tree.js';

/** `written`: as it stands in the text, with its quotes; what is in quotes holds no escape but `''`. */
export const ordinaryScalar = (written: string, start: number): Scalar | undefined => {
  const end = start + written.length;
  const first = written.charCodeAt(0);
  if (first === doubleQuote || first === singleQuote) {
    const inside = written.slice(1, -1);
    const source = first === singleQuote && inside.includes("'") ? inside.replaceAll("''", "'") : inside;
    return { _tag: 'Scalar', value: source, source, plain: false, start, end };
  }
  const value = first > lastDigit ? wordOrText(written) : numberOrText(written);
  return value === undefined
    ? undefined
    : { _tag: 'Scalar', value, source: written, plain: true, start, end };
};

/** Digits, signs and the point, of which one begins every number, come before the letters. */
const lastDigit = 0x39;

const wordOrText = (written: string): boolean | null | string => {
  const word = words.get(written);
  return word === undefined ? written : word;
};

const numberOrText = (written: string): number | string | undefined => {
  if (wholeNumber.test(written)) return Number(written);
  return number.test(written) ? undefined : written;
};

const doubleQuote = 0x22;
const singleQuote = 0x27;

const words: ReadonlyMap<string, boolean | null> = new Map([
  ...['~', 'null', 'Null', 'NULL'].map((word) => [word, null] as const),
  ...['true', 'True', 'TRUE'].map((word) => [word, true] as const),
  ...['false', 'False', 'FALSE'].map((word) => [word, false] as const),
]);

/** Everything that the core schema takes for a number (YAML 1.2, 10.3.2). */
const number =
  /^(?:[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?|0o[0-7]+|0x[0-9a-fA-F]+|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;

/** As many digits as every number can hold exactly. */
const wholeNumber = /^(?:0|[1-9][0-9]{0,14})$/;
