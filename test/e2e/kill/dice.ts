/** Seeded randomness (mulberry32): the same seed throws the same numbers. */
export interface Dice {
  /** From 0 to 1, 1 excluded. */
  readonly roll: () => number;
  /** An integer from `least` to `most`, both included. */
  readonly between: (least: number, most: number) => number;
  readonly chance: (probability: number) => boolean;
  /** Of a list that is not empty. */
  readonly pick: <A>(options: readonly [A, ...A[]]) => A;
  /** Of any list; undefined when it is empty. */
  readonly any: <A>(options: readonly A[]) => A | undefined;
}

export const makeDice = (seed: number): Dice => {
  let state = seed >>> 0;
  const roll = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const index = (length: number): number => Math.floor(roll() * length);
  return {
    roll,
    between: (least, most) => least + index(most - least + 1),
    chance: (probability) => roll() < probability,
    pick: (options) => options[index(options.length)] ?? options[0],
    any: (options) => options[index(options.length)],
  };
};
