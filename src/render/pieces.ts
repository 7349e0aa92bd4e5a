/** Texts in pieces, for those that would be too long in one. Pure: nothing is made before it is asked for. */

/** What `change` makes of each item, one after the other. */
export function* mapped<A, B>(items: Iterable<A>, change: (item: A) => Iterable<B>): Generator<B> {
  for (const item of items) yield* change(item);
}

/** Characters: what a pipe takes at once. */
const enough = 65_536;

/** The same text in pieces of about `size` characters, as writing each costs something. */
export function* gathered(pieces: Iterable<string>, size = enough): Generator<string> {
  let waiting: string[] = [];
  let length = 0;
  for (const piece of pieces) {
    waiting.push(piece);
    length += piece.length;
    if (length < size) continue;
    yield waiting.join('');
    waiting = [];
    length = 0;
  }
  if (length > 0) yield waiting.join('');
}
