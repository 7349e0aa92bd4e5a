/**
 * What callbacks of the API are good for. A hint may be forged, or come ten thousand times: what it says is
 * never believed, it costs a GET at most, and all that come at once are taken together. What is kept of them is
 * bounded by the conferences that are declared.
 */
import * as E from 'fp-ts/lib/Either.js';
import type { IO } from 'fp-ts/lib/IO.js';
import * as O from 'fp-ts/lib/Option.js';
import * as RA from 'fp-ts/lib/ReadonlyArray.js';
import type { Dispatcher } from '../apply/dispatcher.js';
import type { Submission } from '../apply/dispatch-event.js';
import type { ConferenceId } from '../conference/id.js';
import { isCompleted } from '../ledger/entry.js';
import type { Ledger } from '../ledger/ledger.js';
import type { ConferenceRecord, Sighting } from '../ledger/record.js';
import type { LedgerError } from '../ledger/store.js';
import type { Clock } from '../time/clock.js';
import { hintedEveryMs } from './drift-round.js';
import type { DriftWatch } from './drift-watch.js';
import type { EventHint } from './event-hint.js';
import type { InForce } from './in-force.js';

export interface HearingDeps {
  readonly ledger: Pick<Ledger, 'records' | 'write'>;
  readonly clock: Pick<Clock, 'now' | 'after'>;
  readonly inForce: IO<InForce>;
  readonly hint: DriftWatch['hint'];
  /** What is to be done for a conference; none: nothing. */
  readonly work: (conference: ConferenceId) => O.Option<Submission>;
  readonly dispatcher: Pick<Dispatcher, 'submit' | 'nudge' | 'wake'>;
  readonly onError: (error: LedgerError) => void;
}

export interface Hearing {
  readonly hear: (hint: EventHint) => void;
  /** What could not be written is tried again. */
  readonly again: IO<void>;
  /** Nothing is heard any more. */
  readonly stop: IO<void>;
}

export const makeHearing = (deps: HearingDeps): Hearing => {
  const { ledger, clock, dispatcher } = deps;
  const ended = new Set<ConferenceId>();
  const nudged = new Set<ConferenceId>();
  let isPlanned = false;
  let stopped = false;

  const plan = (): void => {
    if (isPlanned) return;
    isPlanned = true;
    void clock.after(0, () => {
      isPlanned = false;
      if (stopped) return;
      nudged.forEach(dispatcher.nudge);
      nudged.clear();
      dispatcher.wake();
      if (ended.size > 0) void recordEnds();
    });
  };

  const recordEnds = async (): Promise<void> => {
    const conferences = [...ended];
    ended.clear();
    const atMs = clock.now();
    const written = await ledger.write(
      conferences.map((conference) => ({ _tag: 'EndReported' as const, conference, atMs })),
    )();
    if (E.isRight(written)) {
      // What was rejected waits for another declaration, but an end is an end.
      for (const conference of conferences)
        if (O.isNone(deps.work(conference))) deps.hint(conference, 'ended');
      dispatcher.submit(RA.filterMap(deps.work)(conferences));
      return;
    }
    for (const conference of conferences) ended.add(conference);
    deps.onError(written.left);
  };

  const hearEnd = (conference: ConferenceId): void => {
    const record = ledger.records.get(conference);
    if (record === undefined || isCompleted(record) || O.isSome(record.endReportedAtMs)) return;
    // Whoever says so all the time must not keep changes from going out between the looks.
    if (wasJustSeen(record, clock.now())) deps.hint(conference, 'ended');
    else ended.add(conference);
  };

  return {
    hear: ({ _tag, conference }) => {
      if (!deps.inForce().input.desired.has(conference)) return;
      if (_tag === 'Ended') hearEnd(conference);
      else deps.hint(conference, 'changed');
      if (_tag === 'Audience') nudged.add(conference);
      plan();
    },
    again: () => {
      if (ended.size > 0) plan();
    },
    stop: () => {
      stopped = true;
    },
  };
};

const wasJustSeen = ({ sighting }: ConferenceRecord, nowMs: number): boolean =>
  O.exists(({ atMs }: Sighting) => nowMs >= atMs && nowMs - atMs < hintedEveryMs)(sighting);
