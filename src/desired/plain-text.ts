/**
 * Whether a text can stand in a manifest without quotes, and how it is quoted where it cannot.
 *
 * Careful on purpose: what a reader of YAML 1.1 would take for something else than a text (`no`, `2024-01-31`,
 * `12:30`) keeps its quotes, and so does what merely looks like a sign of YAML.
 */
import { Schema } from 'yaml';

/** `isFlow`: within brackets. */
export const isPlainText = (text: string, isFlow: boolean): boolean =>
  shape.test(text) &&
  !/: |:$| #/.test(text) &&
  !(isFlow && /[,[\]{}]/.test(text)) &&
  !meanings.some((meaning) => meaning.test(text));

/** undefined: there is something in it that only an escape can show. */
export const singleQuoted = (text: string): string | undefined =>
  printable.test(text) ? `'${text.replaceAll("'", "''")}'` : undefined;

// Letters, digits and pictures, and a few signs that begin paths; no blank at either end.
const shape = /^[\p{L}\p{N}\p{So}_/(](?:[\p{L}\p{M}\p{N}\p{P}\p{S} ]*[\p{L}\p{M}\p{N}\p{P}\p{S}])?$/u;

const printable = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]*$/u;

/** What the schemas recognise in a text without quotes: the ones that the parser itself goes by. */
const meanings: readonly RegExp[] = [
  new Schema({ schema: 'core' }),
  new Schema({ schema: 'yaml-1.1' }),
].flatMap(({ tags }) => tags.flatMap((tag) => ('test' in tag ? [tag.test] : [])));
