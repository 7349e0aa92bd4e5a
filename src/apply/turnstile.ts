/**
 * When the next call may leave, as far as the budget and the state are concerned. It learns from every answer,
 * and tells when it has learned something worth remembering.
 */
import type { IO } from 'fp-ts/lib/IO.js';
import * as O from 'fp-ts/lib/Option.js';
import type { Failure } from '../catapult/answer.js';
import type { ConferenceId } from '../conference/id.js';
import type { LearnedBudget, Rate } from '../ledger/store.js';
import type { Clock } from '../time/clock.js';
import {
  answered,
  learnedIn,
  leaves,
  limited,
  lost,
  makeBudget,
  readyAtMs,
  spend,
  succeeded,
  type Budget,
} from './budget.js';
import type { Meter } from './metered.js';
import { isAccountFailure, limitsBeforeAlone } from './patience.js';

export interface Turnstile {
  readonly openAtMs: IO<number>;
  /** From then on a turn is one that nobody needed: it was left unused for an interval. */
  readonly spareAtMs: IO<number>;
  readonly intervalMs: IO<number>;
  /** A turn is taken now. */
  readonly spend: IO<void>;
  readonly meter: Meter;
  /** Nothing leaves for so long. */
  readonly hold: (forMs: number) => void;
}

export interface TurnstileDeps {
  readonly clock: Clock;
  readonly rate: Rate;
  /** What was learned before. */
  readonly learned: O.Option<LearnedBudget>;
  readonly onLearned: (learned: O.Option<LearnedBudget>) => void;
}

export const makeTurnstile = ({ clock, rate, learned, onLearned }: TurnstileDeps): Turnstile => {
  let budget = makeBudget(rate, learned);
  let heldUntilMs = 0;
  /** How often in a row a conference was refused for the limit: one that always is says nothing of the budget. */
  const refused = new Map<ConferenceId, number>();
  const isRefusedAlone = (conference: ConferenceId, failure: O.Option<Failure>): boolean => {
    if (O.isNone(failure) || failure.value._tag !== 'Limited') {
      refused.delete(conference);
      return false;
    }
    const times = (refused.get(conference) ?? 0) + 1;
    refused.set(conference, times);
    return times > limitsBeforeAlone;
  };
  const openAtMs = (): number => Math.max(readyAtMs(budget), heldUntilMs);
  return {
    openAtMs,
    spareAtMs: () => openAtMs() + budget.intervalMs,
    intervalMs: () => budget.intervalMs,
    spend: () => {
      budget = spend(budget, clock.elapsed());
    },
    meter: {
      leaves: () => {
        budget = leaves(budget, clock.elapsed());
      },
      answered: (conference, failure, durationMs) => {
        const before = budget.intervalMs;
        budget = isRefusedAlone(conference, failure)
          ? lost(budget)
          : taught(budget, failure, durationMs, clock);
        if (budget.intervalMs !== before) onLearned(learnedIn(budget, clock.now()));
      },
    },
    hold: (forMs) => {
      heldUntilMs = clock.elapsed() + forMs;
    },
  };
};

/** What was refused for the limit did not count, nor did what says that the account does not work, or nothing. */
const taught = (
  budget: Budget,
  failure: O.Option<Failure>,
  durationMs: number,
  { now, elapsed }: Clock,
): Budget => {
  if (O.isSome(failure) && !isAnswer(failure.value)) return lost(budget);
  if (O.isNone(failure) || failure.value._tag !== 'Limited')
    return succeeded(answered(budget, elapsed(), durationMs));
  const waitMs = O.map((resetMs: number) => resetMs - now())(failure.value.resetAtMs);
  return limited(budget, elapsed(), waitMs, durationMs);
};

const isAnswer = (failure: Failure): boolean =>
  !isAccountFailure(failure) && (failure._tag !== 'InDoubt' || O.isSome(failure.evidence.status));
