/**
 * Whose turn it is to be read for drift: always the one that was read longest ago, and never sooner than the
 * interval after its last read. Who was never read goes first.
 *
 * A hint makes a conference due at once, but no sooner than 2 s after its last read. Hints take at most every
 * other turn, so that whoever causes many of them delays the round and does not stop it.
 *
 * It keeps state, but no clock: the caller says what time it is. Everybody has the same interval, so the order
 * of the reads is the order in which they become due, and a turn costs the same for ten as for ten thousand.
 */
import * as O from 'fp-ts/lib/Option.js';
import type { ConferenceId } from '../conference/id.js';

export interface DriftRound {
  /** Who takes part from now on; only of newcomers it counts when they were read. */
  readonly follow: (members: readonly Member[]) => void;
  /** It has just been read, whyever that was. */
  readonly wasRead: (conference: ConferenceId, nowMs: number) => void;
  /** Something happened to it. */
  readonly hint: (conference: ConferenceId, nowMs: number) => void;
  /** Whom to read now. It counts as read from now on. */
  readonly next: (nowMs: number) => O.Option<ConferenceId>;
  /** When somebody becomes due; none: nobody will by itself. */
  readonly dueMs: () => O.Option<number>;
}

export interface Member {
  readonly conference: ConferenceId;
  /** `neverRead`, or a time of the caller's clock, also from before it began. */
  readonly lastReadMs: number;
}

export interface DriftRoundRules {
  /** none: nobody is read but for a hint. */
  readonly everyMs: O.Option<number>;
  /** Whether it may be read: what has a call coming will be known by then, and loses its turn. */
  readonly isFree: (conference: ConferenceId) => boolean;
}

export const neverRead = Number.NEGATIVE_INFINITY;

/** After a read, a hint waits this long. */
export const hintedEveryMs = 2_000;

export const makeDriftRound = ({ everyMs, isFree }: DriftRoundRules): DriftRound => {
  /** When everybody was read, in this order: the first was read longest ago. */
  let reads: Map<ConferenceId, number> = new Map();
  /** When those with a hint become due, in the order of the hints. */
  const hinted = new Map<ConferenceId, number>();
  let wasHinted = false;

  const wasRead = (conference: ConferenceId, nowMs: number): void => {
    hinted.delete(conference);
    if (reads.delete(conference)) reads.set(conference, nowMs);
  };

  const firstOfRound = (): Turn | undefined => {
    const [first] = reads;
    return first === undefined || O.isNone(everyMs)
      ? undefined
      : { conference: first[0], dueMs: first[1] + everyMs.value };
  };

  // A hint that is due waits for the ones before it, which were given earlier: less than 2 s.
  const firstHinted = (): Turn | undefined => {
    const [first] = hinted;
    return first === undefined ? undefined : { conference: first[0], dueMs: first[1] };
  };

  const take = (first: () => Turn | undefined, nowMs: number): O.Option<ConferenceId> => {
    for (let turn = first(); turn !== undefined && turn.dueMs <= nowMs; turn = first()) {
      wasRead(turn.conference, nowMs);
      if (isFree(turn.conference)) return O.some(turn.conference);
    }
    return O.none;
  };

  return {
    follow: (members) => {
      const next = new Map(members.map(({ conference, lastReadMs }) => [conference, lastReadMs]));
      for (const conference of [...reads.keys()].filter((one) => !next.has(one))) {
        reads.delete(conference);
        hinted.delete(conference);
      }
      if (reads.size === next.size) return;
      for (const [conference, readMs] of reads) next.set(conference, readMs);
      reads = new Map([...next].sort(([, left], [, right]) => (left === right ? 0 : left - right)));
    },
    wasRead,
    hint: (conference, nowMs) => {
      const readMs = reads.get(conference);
      if (readMs === undefined || hinted.has(conference)) return;
      hinted.set(conference, Math.max(nowMs, readMs + hintedEveryMs));
    },
    next: (nowMs) => {
      const hint = wasHinted ? O.none : take(firstHinted, nowMs);
      const regular = O.isSome(hint) ? hint : take(firstOfRound, nowMs);
      const chosen = O.isSome(regular) ? regular : take(firstHinted, nowMs);
      wasHinted = O.isSome(hint);
      return chosen;
    },
    dueMs: () => {
      const due = [firstOfRound(), firstHinted()].flatMap((turn) => (turn === undefined ? [] : [turn.dueMs]));
      return due.length === 0 ? O.none : O.some(Math.max(0, Math.min(...due)));
    },
  };
};

interface Turn {
  readonly conference: ConferenceId;
  readonly dueMs: number;
}
