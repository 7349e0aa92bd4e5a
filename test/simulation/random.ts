/** Chance that is decided by a seed and by names, so that taking one event away leaves the luck of the others. */

export interface Random {
  /** From 0 up to but not 1. */
  readonly next: () => number;
  /** From `least` to `most`, both included. */
  readonly integer: (least: number, most: number) => number;
  readonly chance: (share: number) => boolean;
  readonly pick: <A>(choices: readonly [A, ...A[]]) => A;
}

export const makeRandom = (seed: number): Random => {
  let state = mix(seed ^ 0x9e3779b9);
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    return (mix(state) >>> 0) / 2 ** 32;
  };
  return {
    next,
    integer: (least, most) => least + Math.floor(next() * (most - least + 1)),
    chance: (share) => next() < share,
    pick: (choices) => choices[Math.floor(next() * choices.length)] ?? choices[0],
  };
};

/** From 0 up to but not 1: the same for the same seed, name and number. */
export const luck = (seed: number, name: string, number: number): number => {
  let hashed = mix(seed);
  for (let index = 0; index < name.length; index += 1) hashed = mix(hashed ^ name.charCodeAt(index));
  return (mix(hashed ^ number) >>> 0) / 2 ** 32;
};

/** The finaliser of MurmurHash3. */
const mix = (value: number): number => {
  let mixed = value | 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
};
