/** How long the calls of a plan take, in words. */
import type { Rate } from '../ledger/store.js';

/** `3 calls, about 3 s at 1/s`; without a limit, or without a call, there is no time to speak of. */
export const callsAndTime = (calls: number, seconds: number, rate: Rate): string => {
  const counted = count(calls, 'call');
  return calls === 0 || rate === 'unlimited'
    ? counted
    : `${counted}, about ${showDuration(seconds)} at ${rate}/s`;
};

/** `3 s`, `1 min 40 s`, `2 h 5 min`: the two largest units, rounded up. */
export const showDuration = (seconds: number): string => {
  const whole = Math.ceil(seconds);
  return whole < 3600
    ? join(Math.floor(whole / 60), 'min', whole % 60, 's')
    : join(Math.floor(Math.ceil(whole / 60) / 60), 'h', Math.ceil(whole / 60) % 60, 'min');
};

/** `1 call`, `2 calls`. */
export const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`;

const join = (large: number, largeUnit: string, small: number, smallUnit: string): string => {
  if (large === 0) return `${small} ${smallUnit}`;
  return small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`;
};
