/**
 * When to kill: a while after the start, or right when something happens. What does not happen in time is not
 * waited for.
 */
import { watch } from 'node:fs';
import { pause } from '../daemon/feed.js';
import type { Dice } from './dice.js';

export type Moment =
  | { readonly _tag: 'After'; readonly delayMs: number }
  /** The server has just received a request, or has executed one and not answered yet, or has just answered. */
  | { readonly _tag: 'Call'; readonly stage: Stage; readonly count: number }
  /** The state has just been written. */
  | { readonly _tag: 'Written'; readonly count: number };

export type Stage = 'arrived' | 'executed' | 'ended';

export const momentFrom = (dice: Dice): Moment => {
  const count = dice.pick([1, 1, 2, 3, 5, 8, 13]);
  const kind = dice.roll();
  if (kind < 0.25) return { _tag: 'After', delayMs: dice.between(0, 600) };
  if (kind < 0.5) return { _tag: 'Written', count };
  return { _tag: 'Call', stage: dice.pick<Stage>(['arrived', 'executed', 'ended']), count };
};

export const showMoment = (moment: Moment): string => JSON.stringify(moment);

export interface Killer {
  /** Something has happened to a call. */
  readonly tell: (stage: Stage) => void;
  /** Kills at this moment, and not later than the bound. */
  readonly strike: (moment: Moment, kill: () => void) => Promise<void>;
}

const boundMs = 1_200;

export const makeKiller = (stateFolder: string): Killer => {
  let onStage: (stage: Stage) => void = () => undefined;
  return {
    tell: (stage) => onStage(stage),
    strike: async (moment, kill) => {
      let strike: () => void = () => undefined;
      const struck = new Promise<void>((done) => {
        // In the very turn in which it happens: the process must not get any further.
        strike = () => {
          kill();
          done();
        };
      });
      const forget = arm(moment, stateFolder, strike, (listener) => (onStage = listener));
      await Promise.race([struck, pause(boundMs)]);
      forget();
      strike();
    },
  };
};

const arm = (
  moment: Moment,
  stateFolder: string,
  strike: () => void,
  listen: (listener: (stage: Stage) => void) => void,
): (() => void) => {
  let left = moment._tag === 'After' ? 0 : moment.count;
  const countDown = (): void => {
    left -= 1;
    if (left === 0) strike();
  };
  switch (moment._tag) {
    case 'After': {
      const timer = setTimeout(strike, moment.delayMs);
      return () => clearTimeout(timer);
    }
    case 'Call':
      listen((stage) => {
        if (stage === moment.stage) countDown();
      });
      return () => listen(() => undefined);
    case 'Written': {
      const watcher = watch(stateFolder, countDown);
      return () => watcher.close();
    }
  }
};
