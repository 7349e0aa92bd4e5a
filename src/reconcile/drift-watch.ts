/**
 * Drift, as the daemon sees to it: who is read when nothing else is to be done, what of it is told, and what is
 * set again. What a GET showed stands in the ledger; what follows from it is the diff's business.
 */
import type { IO } from 'fp-ts/lib/IO.js';
import * as O from 'fp-ts/lib/Option.js';
import type { DispatchEvent, Submission } from '../apply/dispatch-event.js';
import type { SpareReads } from '../apply/spare.js';
import type { Live } from '../catapult/catapult.js';
import type { ConferenceId } from '../conference/id.js';
import type { Declared } from '../desired/desired.js';
import { isCompleted } from '../ledger/entry.js';
import type { ConferenceRecord } from '../ledger/record.js';
import type { Change } from '../plan/plan.js';
import type { Clock } from '../time/clock.js';
import type { DaemonEvent } from './daemon-event.js';
import { driftNews, nothingTold, type Told } from './drift-news.js';
import { makeDriftRound, neverRead, type Member } from './drift-round.js';
import type { InForce } from './in-force.js';

/** `report`: told. `heal`: told, and set again. `ignore`: nobody looks. */
export type DriftMode = 'report' | 'heal' | 'ignore';

export interface DriftRules {
  readonly mode: DriftMode;
  /** No conference is read for drift more often. */
  readonly everyMs: number;
}

export interface DriftWatchDeps {
  readonly rules: DriftRules;
  readonly clock: Pick<Clock, 'now' | 'elapsed'>;
  readonly inForce: IO<InForce>;
  /** What is to be done for a conference; none: nothing. */
  readonly work: (conference: ConferenceId) => O.Option<Submission>;
  readonly report: (event: DaemonEvent) => void;
  /** What is contested is an alert. */
  readonly onContested: IO<void>;
}

export interface DriftWatch {
  readonly spare: SpareReads;
  /** Another state of the declarations is in force. */
  readonly follow: IO<void>;
  /** It is worth a look when nothing else is to be done. Whether it has ended is asked in every mode. */
  readonly hint: (conference: ConferenceId, what: 'changed' | 'ended') => void;
  readonly noticed: (event: DispatchEvent) => void;
}

export const makeDriftWatch = (deps: DriftWatchDeps): DriftWatch => {
  const { clock, rules, inForce, work, report } = deps;
  const told = new Map<ConferenceId, Told>();
  const round = makeDriftRound({
    everyMs: rules.mode === 'ignore' ? O.none : O.some(rules.everyMs),
    isFree: (conference) => isReadable(inForce(), conference) && O.isNone(work(conference)),
  });

  const remember = (conference: ConferenceId, now: Told): void => {
    const before = told.get(conference) ?? nothingTold;
    if (now.drifted.length === 0) told.delete(conference);
    else told.set(conference, now);
    if (before.contested !== now.contested) deps.onContested();
  };

  const newsOf = (conference: ConferenceId): ReturnType<typeof driftNews> => {
    const { desired, records } = inForce().input;
    const [declared, record] = [desired.get(conference), records.get(conference)];
    const before = told.get(conference) ?? nothingTold;
    return declared === undefined || record === undefined
      ? { events: [], told: nothingTold }
      : driftNews(before, declared, record, rules.mode === 'heal');
  };

  const seen = (conference: ConferenceId, live: Live, change: O.Option<Change>): void => {
    round.wasRead(conference, clock.elapsed());
    const declared = inForce().input.desired.get(conference);
    if (live.state === 'completed' && declared !== undefined && !O.exists(isCompletion)(change))
      report({ _tag: 'Ended', conference, at: declared.at });
    const news = newsOf(conference);
    // One that has ended has no drift any more, and nobody put it right.
    if (live.state !== 'completed') news.events.forEach(report);
    remember(conference, news.told);
  };

  const called = ({ change, settlement }: Extract<DispatchEvent, { _tag: 'Called' }>): void => {
    const { conference } = change;
    round.wasRead(conference, clock.elapsed());
    if (settlement._tag !== 'Applied') return;
    const healed = change.settings.filter(({ why }) => why === 'drift');
    if (healed.length > 0) report({ _tag: 'Healed', conference, settings: healed, at: change.at });
    remember(conference, newsOf(conference).told);
  };

  return {
    spare: { next: round.next, dueMs: round.dueMs },
    follow: () => {
      round.follow(membersOf(inForce(), clock));
      for (const conference of told.keys())
        if (!inForce().input.desired.has(conference)) remember(conference, nothingTold);
    },
    hint: (conference, what) => {
      if (what === 'ended' || rules.mode !== 'ignore') round.hint(conference, clock.elapsed());
    },
    noticed: (event) => {
      if (event._tag === 'Called') called(event);
      if (event._tag === 'Looked') seen(event.change.conference, event.live, O.some(event.change));
      if (event._tag === 'Sighted') seen(event.conference, event.live, O.none);
      // The breaker says when it is read again.
      if (event._tag === 'SightFailed' && event.isProbe) round.hint(event.conference, clock.elapsed());
    },
  };
};

const isCompletion = ({ _tag }: Change): boolean => _tag === 'Complete';

const isReadable = ({ input: { desired, records } }: InForce, conference: ConferenceId): boolean => {
  const declared = desired.get(conference);
  const record = records.get(conference);
  return declared !== undefined && record !== undefined && mayBeRead(declared, record);
};

const mayBeRead = (declared: Declared, record: ConferenceRecord): boolean =>
  !declared.suspend && !isCompleted(record);

/** When they were heard of stands in the ledger by the wall clock, which may have been set since. */
const membersOf = (
  { input: { desired, records } }: InForce,
  { now, elapsed }: DriftWatchDeps['clock'],
): readonly Member[] => {
  const [nowMs, elapsedMs] = [now(), elapsed()];
  const lastReadMs = (atMs: number): number => elapsedMs - Math.max(0, nowMs - atMs);
  return [...desired.values()].flatMap((declared) => {
    const record = records.get(declared.id);
    if (record === undefined || !mayBeRead(declared, record)) return [];
    const heard = lastHeardMs(record);
    return [{ conference: declared.id, lastReadMs: O.isSome(heard) ? lastReadMs(heard.value) : neverRead }];
  });
};

/** A call counts like a read: what was set a moment ago need not be looked at. So does being declared anew. */
const lastHeardMs = ({ sighting, lastCall, declaredSinceMs }: ConferenceRecord): O.Option<number> => {
  if (O.isNone(sighting)) return O.isNone(lastCall) ? declaredSinceMs : O.some(lastCall.value.atMs);
  return O.some(
    O.isNone(lastCall) ? sighting.value.atMs : Math.max(sighting.value.atMs, lastCall.value.atMs),
  );
};
