/**
 * A JSON document in pieces, so that one about a hundred thousand conferences is never a single text: its long lists
 * are made, written and forgotten item by item. Pure: nothing is made before it is asked for.
 *
 * Law: the pieces of a document are together what `JSON.stringify(document, null, 2)` gives with its lists as arrays,
 * made safe (`safeJsonText`) and with a line break at the end.
 */
import { safeJsonText } from './safe-text.js';

/** In this order. A list that is no array is taken item by item, once; nothing below the top is. */
export type JsonDocument = Readonly<Record<string, unknown>>;

export function* jsonPieces(document: JsonDocument): Generator<string> {
  let before = '{\n';
  for (const [key, value] of Object.entries(document)) {
    if (value === undefined) continue;
    yield `${before}  ${safeJsonText(JSON.stringify(key))}: `;
    if (isLazy(value)) yield* listPieces(value);
    else yield textOf(value, 1);
    before = ',\n';
  }
  yield before === '{\n' ? '{}\n' : '\n}\n';
}

const isLazy = (value: unknown): value is Iterable<unknown> =>
  typeof value === 'object' && value !== null && Symbol.iterator in value && !Array.isArray(value);

function* listPieces(items: Iterable<unknown>): Generator<string> {
  let before = '[\n    ';
  for (const item of items) {
    yield before + textOf(item, 2);
    before = ',\n    ';
  }
  yield before === '[\n    ' ? '[]' : '\n  ]';
}

// No text inside has a line break of its own: JSON escapes them.
const textOf = (value: unknown, depth: number): string =>
  safeJsonText(JSON.stringify(value, null, 2)).replaceAll('\n', `\n${'  '.repeat(depth)}`);
