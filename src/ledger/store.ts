/**
 * The port to durable storage. A store knows nothing of what a record means: it keeps records by conference,
 * calls by number and one page of facts about the whole, all changed together or not at all.
 *
 * SQLite stands behind it today (`sqlite.ts`); a shared SQL database can stand behind it as well.
 */
import type * as O from 'fp-ts/lib/Option.js';
import type { Task } from 'fp-ts/lib/Task.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import type { ConferenceId } from '../conference/id.js';
import type { Place } from '../conference/place.js';
import type { Commit, Revision } from '../conference/revision.js';
import type { Body } from '../conference/settings.js';
import type { ConferenceRecord, Outcome } from './record.js';

/** Enough to plan and to show status. Needs no lease and writes nothing; a state that does not exist yet is empty. */
export interface ReadableStore {
  readonly load: TaskEither<LedgerError, Stored>;
  /** The same, with the records of these alone. */
  readonly loadSome: (conferences: readonly ConferenceId[]) => TaskEither<LedgerError, Stored>;
  /** Newest first. Calls of long ago are not kept (`sqlite-prune.ts`). */
  readonly history: (query: HistoryQuery) => TaskEither<LedgerError, readonly Call[]>;
  /** Newest first. */
  readonly forced: (query: HistoryQuery) => TaskEither<LedgerError, readonly Forced[]>;
  readonly close: Task<void>;
}

/** Held by one writer at a time: opening it takes the lease, closing it gives the lease back. It needs all records. */
export interface Store extends Omit<ReadableStore, 'loadSome'> {
  /**
   * Atomic and durable when it is right. Left: nothing of the batch was kept.
   * Checks in the same transaction that the lease is still ours (fencing).
   */
  readonly commit: (batch: Batch) => TaskEither<LedgerError, void>;
  /** Resolves when it is noticed that the lease is not ours any more, also while nothing is committed. */
  readonly lost: Promise<LedgerError>;
}

export interface Stored {
  readonly records: ReadonlyMap<ConferenceId, ConferenceRecord>;
  readonly facts: Facts;
  /** The highest call number in the history, 0 when there is none. */
  readonly lastCall: number;
  /** Who holds the state for writing, if anyone does. */
  readonly writer: O.Option<Holder>;
}

export interface Batch {
  /** none: the conference is forgotten. */
  readonly records: ReadonlyMap<ConferenceId, O.Option<ConferenceRecord>>;
  /** Inserted, or replaced by number: what is known better of a call never says that it is another one. */
  readonly calls: readonly Call[];
  readonly facts: O.Option<Facts>;
  readonly forced: readonly Forced[];
}

/** What is known of the whole, beside the conferences. */
export interface Facts {
  /** User id and endpoint the ledger speaks of: a state never serves two accounts. */
  readonly account: O.Option<string>;
  readonly revision: O.Option<RevisionInForce>;
  /** The commit of a watched repository that was in force last, whatever was applied since. */
  readonly followed: O.Option<string>;
  /** What keeps the state from being what is declared, but belongs to no conference: broken files, a refused account. */
  readonly alerts: readonly Alert[];
  /** What the writer asks for; none: from before that was kept. */
  readonly rate: O.Option<Rate>;
  /** What the API grants, where it is less than was asked for: milliseconds between calls, and when that was seen. */
  readonly budget: O.Option<LearnedBudget>;
}

export interface RevisionInForce extends Revision {
  readonly sinceMs: number;
}

/** Calls per second. */
export type Rate = number | 'unlimited';

export interface LearnedBudget {
  readonly intervalMs: number;
  readonly learnedAtMs: number;
}

/**
 * - `invalid`: a manifest. - `refused`: by a safety check. - `contested`: somebody else sets it as often.
 * - `denied`, `unreachable`: the account at the API.
 * - `unsigned`, `rewound`, `unfetched`: the repository.
 */
export type AlertKind =
  | 'invalid'
  | 'refused'
  | 'denied'
  | 'unreachable'
  | 'contested'
  | 'unsigned'
  | 'rewound'
  | 'unfetched';

export interface Alert {
  readonly kind: AlertKind;
  readonly message: string;
  readonly at: O.Option<Place>;
  /** What is not taken because of it. */
  readonly commit: O.Option<Commit>;
  readonly sinceMs: number;
}

/** One line of the history. */
export interface Call extends Revision {
  readonly call: number;
  readonly conference: ConferenceId;
  readonly method: 'POST' | 'GET';
  readonly at: O.Option<Place>;
  /** Sealed. */
  readonly body: Body;
  readonly attempt: number;
  /** The reason given with `--force`. */
  readonly force: O.Option<string>;
  readonly startedAtMs: number;
  /** none: under way, or the process ended before the answer was recorded. */
  readonly result: O.Option<CallResult>;
}

export interface CallResult {
  readonly outcome: Outcome['_tag'];
  readonly status: O.Option<number>;
  readonly code: O.Option<string>;
  readonly message: string;
  readonly durationMs: number;
}

/** A safety refusal that somebody overrode, and why. */
export interface Forced {
  readonly atMs: number;
  readonly revision: string;
  readonly reason: string;
  readonly conferences: readonly ConferenceId[];
}

export interface HistoryQuery {
  readonly conference: O.Option<ConferenceId>;
  readonly sinceMs: O.Option<number>;
  readonly limit: number;
}

export interface Holder {
  readonly pid: number;
  readonly host: string;
  /** What it runs: `watch` or `apply`. */
  readonly command: string;
  readonly sinceMs: number;
}

export type LedgerError =
  /** The file is no state of ours, or is damaged. */
  | { readonly _tag: 'Corrupt'; readonly location: string; readonly detail: string }
  /** Disk full, no permission, a lock that stays: it may work later. */
  | { readonly _tag: 'Unavailable'; readonly location: string; readonly detail: string }
  /** Written by a newer holdfast. */
  | { readonly _tag: 'TooNew'; readonly location: string; readonly version: string }
  | { readonly _tag: 'Held'; readonly location: string; readonly holder: Holder }
  /** Another writer took the lease: this one must stop at once. */
  | { readonly _tag: 'LeaseLost'; readonly location: string }
  /** The state speaks of another account. */
  | {
      readonly _tag: 'OtherAccount';
      readonly location: string;
      readonly known: string;
      readonly asked: string;
    };

export const noFacts: Facts = {
  account: { _tag: 'None' },
  revision: { _tag: 'None' },
  followed: { _tag: 'None' },
  alerts: [],
  rate: { _tag: 'None' },
  budget: { _tag: 'None' },
};

/** Of a state that has not begun. */
export const nothingStored: Stored = {
  records: new Map(),
  facts: noFacts,
  lastCall: 0,
  writer: { _tag: 'None' },
};
