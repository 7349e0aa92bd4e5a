/**
 * The ledger as the one writer sees it: records in memory, kept in step with a store.
 *
 * Invariants: memory changes only after the store has made the same change durable; entries are taken in the
 * order in which they were written; writes that wait for the same commit share it, because every commit costs
 * an fsync.
 */
import * as E from 'fp-ts/lib/Either.js';
import * as O from 'fp-ts/lib/Option.js';
import type { IO } from 'fp-ts/lib/IO.js';
import type { Task } from 'fp-ts/lib/Task.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { pipe } from 'fp-ts/lib/function.js';
import type { ConferenceId } from '../conference/id.js';
import { evolve, type Entry } from './entry.js';
import type { ConferenceRecord } from './record.js';
import type { Batch, Call, Facts, Forced, LedgerError, Store } from './store.js';

export interface Ledger {
  /** A view that follows every write. */
  readonly records: ReadonlyMap<ConferenceId, ConferenceRecord>;
  readonly facts: IO<Facts>;
  /** A number for a new call, never given twice. */
  readonly nextCall: IO<number>;
  /** Durable when it is right; when it is left, nothing has changed. */
  readonly write: (entries: readonly Entry[]) => TE.TaskEither<LedgerError, void>;
  /** Right: the state can be written, and is still ours. Changes nothing. */
  readonly probe: TE.TaskEither<LedgerError, void>;
  /** Changes these and leaves the others. */
  readonly writeFacts: (facts: Partial<Facts>) => TE.TaskEither<LedgerError, void>;
  readonly writeForced: (forced: Forced) => TE.TaskEither<LedgerError, void>;
  /** Resolves when another writer has taken the state: this one must stop at once. */
  readonly lost: Promise<LedgerError>;
  /** Waits for what is being written, then gives the state back. */
  readonly close: Task<void>;
}

interface Waiting {
  readonly entries: readonly Entry[];
  readonly facts?: Partial<Facts>;
  readonly forced?: Forced;
  readonly done: (result: E.Either<LedgerError, void>) => void;
}

export const openLedger = (store: Store): TE.TaskEither<LedgerError, Ledger> =>
  pipe(
    store.load,
    TE.map(({ records, facts, lastCall }) => makeLedger(store, new Map(records), facts, lastCall)),
    // A store that cannot be read must not go on showing that somebody holds it.
    TE.orElseFirstTaskK(() => store.close),
  );

const makeLedger = (
  store: Store,
  records: Map<ConferenceId, ConferenceRecord>,
  loadedFacts: Facts,
  loadedLastCall: number,
): Ledger => {
  let facts = loadedFacts;
  let lastCall = loadedLastCall;
  let waiting: Waiting[] = [];
  let flushing: Promise<void> | undefined;

  const flush = async (): Promise<void> => {
    while (waiting.length > 0) {
      const sharing = waiting;
      waiting = [];
      const batch = batchOf(records, facts, sharing);
      const result = isEmpty(batch) ? E.right(undefined) : await store.commit(batch)();
      if (E.isRight(result)) {
        remember(records, batch);
        facts = O.getOrElse(() => facts)(batch.facts);
      }
      for (const { done } of sharing) done(result);
    }
    flushing = undefined;
  };

  const enqueue =
    (change: Omit<Waiting, 'done'>): TE.TaskEither<LedgerError, void> =>
    () =>
      new Promise((done) => {
        waiting.push({ ...change, done });
        // Starting in a later turn lets the writes of this one share the commit.
        flushing ??= Promise.resolve().then(flush);
      });

  return {
    records,
    facts: () => facts,
    nextCall: () => (lastCall += 1),
    write: (entries) => enqueue({ entries }),
    probe: store.commit(nothing),
    writeFacts: (facts) => enqueue({ entries: [], facts }),
    writeForced: (forced) => enqueue({ entries: [], forced }),
    lost: store.lost,
    close: async () => {
      await flushing;
      await store.close();
    },
  };
};

const nothing: Batch = { records: new Map(), calls: [], facts: O.none, forced: [] };

const batchOf = (
  records: ReadonlyMap<ConferenceId, ConferenceRecord>,
  known: Facts,
  sharing: readonly Waiting[],
): Batch => {
  const changed = new Map<ConferenceId, O.Option<ConferenceRecord>>();
  const calls: Call[] = [];
  for (const { entries } of sharing) {
    for (const entry of entries) {
      const known = changed.get(entry.conference) ?? O.fromNullable(records.get(entry.conference));
      const next = evolve(known, entry);
      if (next !== known) changed.set(entry.conference, next);
      if (entry._tag === 'Intended') calls.push(entry.call);
      if (entry._tag === 'Finished' || entry._tag === 'Withheld')
        calls.push({ ...entry.call, result: O.some(entry.result) });
    }
  }
  return {
    records: changed,
    calls,
    facts: changedFacts(known, sharing),
    forced: sharing.flatMap(({ forced }) => (forced === undefined ? [] : [forced])),
  };
};

const changedFacts = (known: Facts, sharing: readonly Waiting[]): O.Option<Facts> => {
  const changes = sharing.flatMap(({ facts }) => (facts === undefined ? [] : [facts]));
  if (changes.length === 0) return O.none;
  const next = changes.reduce<Facts>((latest, facts) => ({ ...latest, ...facts }), known);
  return JSON.stringify(next) === JSON.stringify(known) ? O.none : O.some(next);
};

const isEmpty = ({ records, calls, facts, forced }: Batch): boolean =>
  records.size === 0 && calls.length === 0 && O.isNone(facts) && forced.length === 0;

const remember = (records: Map<ConferenceId, ConferenceRecord>, batch: Batch): void => {
  for (const [conference, record] of batch.records) {
    if (O.isSome(record)) records.set(conference, record.value);
    else records.delete(conference);
  }
};
