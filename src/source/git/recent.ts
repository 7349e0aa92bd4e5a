/** Remembers what was used last, and no more than so much. */
export interface Recent<A> {
  readonly get: (key: string) => A | undefined;
  readonly set: (key: string, value: A) => void;
  /** These stay whatever their number; of the others, those that were used last. */
  readonly keep: (keys: readonly string[]) => void;
}

export const makeRecent = <A>(others: number): Recent<A> => {
  const values = new Map<string, A>();
  return {
    get: (key) => values.get(key),
    set: (key, value) => {
      values.set(key, value);
    },
    keep: (keys) => {
      const used = new Set(keys);
      for (const key of used) {
        const value = values.get(key);
        if (value === undefined) continue;
        // The last one put in is the last one to go.
        values.delete(key);
        values.set(key, value);
      }
      let excess = values.size - used.size - others;
      for (const key of values.keys()) {
        if (excess <= 0) break;
        values.delete(key);
        excess -= 1;
      }
    },
  };
};
