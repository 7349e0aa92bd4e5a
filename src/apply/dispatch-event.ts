/** What a dispatcher is told and what it tells. */
import type { IO } from 'fp-ts/lib/IO.js';
import * as O from 'fp-ts/lib/Option.js';
import type { Failure } from '../catapult/answer.js';
import type { Live } from '../catapult/catapult.js';
import type { ConferenceId } from '../conference/id.js';
import type { Call, CallResult, LedgerError } from '../ledger/store.js';
import type { Change, Remark, Sendable } from '../plan/plan.js';
import type { OutageFailure } from './patience.js';
import type { Backlog } from './queue.js';
import type { Lane } from '../plan/lane.js';
import type { Waiting } from './waiting.js';

export interface Submission {
  readonly conference: ConferenceId;
  readonly lane: Lane;
  /** What is declared, as `declarationOf` tells it: another one is tried without regard to what failed before. */
  readonly declaration: string;
  /** Milliseconds from now before which it is not tried; what was remembered of an earlier failure. */
  readonly delayMs: number;
  readonly attempts: number;
}

export type DispatchEvent =
  | {
      readonly _tag: 'Called';
      readonly change: Sendable;
      readonly settlement: Settlement;
      /** It was to find out whether the account works. */
      readonly isProbe: boolean;
    }
  /** It turned out that no call is needed, or that none is possible. */
  | { readonly _tag: 'Skipped'; readonly change: Change }
  /** A GET was answered, which this change had to wait for. */
  | {
      readonly _tag: 'Looked';
      /** The change has not waited for people before, or their number is another. */
      readonly isNews: boolean;
      readonly change: Change;
      readonly live: Live;
      /** none: the answer does not tell. */
      readonly audience: O.Option<number>;
    }
  /** A GET was answered: more people are in it than `--max-audience` allows, or nobody knows. */
  | {
      readonly _tag: 'Refused';
      readonly refusal: AudienceRefusal;
      /** It was not refused before, as it is declared now. */
      readonly isNews: boolean;
    }
  | {
      readonly _tag: 'LookFailed';
      readonly change: Change;
      readonly failure: Failure;
      readonly retryAfterMs: O.Option<number>;
      readonly isProbe: boolean;
    }
  /** A GET was answered that nothing waited for. */
  | {
      readonly _tag: 'Sighted';
      readonly conference: ConferenceId;
      readonly live: Live;
      readonly audience: O.Option<number>;
    }
  /** One was not. What is recorded of that is whether the API does not know the conference any more. */
  | {
      readonly _tag: 'SightFailed';
      readonly conference: ConferenceId;
      readonly failure: Failure;
      /** It had no trouble before. */
      readonly isNews: boolean;
      /** The account does not work: the same read, made again, tells whether it does. */
      readonly isProbe: boolean;
    }
  /** No calls but one probe now and then, until one is answered. Reported once. */
  | { readonly _tag: 'Paused'; readonly failure: OutageFailure }
  /** Because a call was answered, or because nothing waits that could find out. */
  | { readonly _tag: 'Resumed'; readonly answered: boolean }
  | { readonly _tag: 'LedgerFailed'; readonly error: LedgerError }
  /** A defect of ours. The conference is left until it is submitted again. */
  | { readonly _tag: 'Broken'; readonly conference: ConferenceId; readonly message: string };

/** A change that is held back because of the people in its conference. */
export interface AudienceRefusal extends Remark {
  /** none: the answer does not tell. */
  readonly audience: O.Option<number>;
}

/** How a call ended. */
export type Settlement =
  | { readonly _tag: 'Applied'; readonly call: Call; readonly result: CallResult }
  | {
      readonly _tag: 'Failed';
      readonly call: Call;
      readonly result: CallResult;
      readonly failure: Failure;
      /** none: not tried again by itself. Says nothing where the account is at fault. */
      readonly retryAfterMs: O.Option<number>;
    };

export interface DispatcherView {
  readonly backlog: Backlog;
  /** Walks through all of them. */
  readonly waiting: IO<readonly Waiting[]>;
  readonly underWay: number;
  /** Milliseconds from one call to the next, as the API grants them. */
  readonly intervalMs: number;
  /** What the last look held back, and is still declared so. */
  readonly refused: readonly AudienceRefusal[];
  readonly paused: O.Option<OutageFailure>;
  /** Why it stopped by itself. */
  readonly stoppedBy: O.Option<OutageFailure | LedgerError>;
}

/** Of a dispatcher that has not started yet. */
export const nothingWaits: DispatcherView = {
  backlog: { lanes: { 1: 0, 2: 0, 3: 0 }, open: 0 },
  waiting: () => [],
  underWay: 0,
  intervalMs: 0,
  refused: [],
  paused: O.none,
  stoppedBy: O.none,
};
