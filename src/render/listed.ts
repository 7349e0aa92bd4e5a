/** A long list for people: its first items, and how many more there are. Pure. */

/** Items of a list that are shown where not everything is asked for. */
export const shownAtFirst = 200;

/** The lines of so many items, one item after the other. */
export function* listed<Item>(
  items: readonly Item[],
  limit: number,
  lines: (item: Item) => readonly string[],
): Generator<string> {
  for (const item of items.length > limit ? items.slice(0, limit) : items) yield* lines(item);
  yield* leftOut(items.length - limit);
}

export const leftOut = (number: number): readonly string[] =>
  number > 0 ? [`… and ${number} more (--full shows all)`] : [];
