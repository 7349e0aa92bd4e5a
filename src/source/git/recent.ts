/** Remembers what was used last, and no more than so much. */
export interface Recent<A> {
  readonly get: (key: string) => A | undefined;
  /** `weight`: what it counts for, such as its bytes. */
  readonly set: (key: string, value: A, weight: number) => void;
  /** These stay whatever their weight; of the others, those that were used last. */
  readonly keep: (keys: readonly string[]) => void;
}

/** `others`: the weight of what may stay besides what is kept. */
export const makeRecent = <A>(others: number): Recent<A> => {
  const entries = new Map<string, { readonly value: A; readonly weight: number }>();
  return {
    get: (key) => entries.get(key)?.value,
    set: (key, value, weight) => {
      entries.set(key, { value, weight });
    },
    keep: (keys) => {
      const used = new Set(keys);
      for (const key of used) {
        const entry = entries.get(key);
        if (entry === undefined) continue;
        // The last one put in is the last one to go.
        entries.delete(key);
        entries.set(key, entry);
      }
      let room = others;
      for (const [key, { weight }] of [...entries].reverse()) {
        if (used.has(key)) continue;
        room -= weight;
        if (room < 0) entries.delete(key);
      }
    },
  };
};
