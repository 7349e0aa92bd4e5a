/** A time as a flag says it: `30s`, `15m`, `1h`, `1d`; also `500ms` and `1.5h`. Pure. */
import * as O from 'fp-ts/lib/Option.js';

/** Milliseconds; none: it is no time. */
export const parseDuration = (text: string): O.Option<number> => {
  const [, number, name] = /^([0-9]{1,9}(?:\.[0-9]{1,3})?)(ms|s|m|h|d)$/.exec(text.trim()) ?? [];
  const unit = units.find(([known]) => known === name);
  return unit === undefined ? O.none : O.some(Math.round(Number(number) * unit[1]));
};

/** In the largest unit that needs no fraction. */
export const writeDuration = (ms: number): string => {
  const [name, size] = units.find(([, unitMs]) => ms % unitMs === 0) ?? ['ms', 1];
  return `${ms / size}${name}`;
};

/** The largest first. */
const units: readonly (readonly [string, number])[] = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
  ['ms', 1],
];
