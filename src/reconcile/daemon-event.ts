/** What the daemon tells. */
import type * as O from 'fp-ts/lib/Option.js';
import type { DispatchEvent } from '../apply/dispatch-event.js';
import type { ConferenceId } from '../conference/id.js';
import type { Place } from '../conference/place.js';
import type { Revision } from '../conference/revision.js';
import type { Setting } from '../conference/settings.js';
import type { Problem } from '../desired/problem.js';
import type { LedgerError } from '../ledger/store.js';
import type { Contested, DriftedSetting } from '../plan/drifted.js';
import type { Plan, Refusal, SettingChange } from '../plan/plan.js';
import type { StatusSummary } from '../plan/status.js';
import type { Obstacle } from '../source/observation.js';
import type { Held } from './hold.js';

export type DaemonEvent =
  /** Another state of the declarations is in force. */
  | (Revision & { readonly _tag: 'Revision'; readonly conferences: number })
  | { readonly _tag: 'Planned'; readonly plan: Plan }
  /** A problem that was not there before. */
  | { readonly _tag: 'Invalid'; readonly problem: Problem }
  | { readonly _tag: 'Mended' }
  /** A later revision cannot be seen or taken, for a reason that was not there before; and the end of that. */
  | { readonly _tag: 'Obstructed'; readonly obstacle: Obstacle }
  | { readonly _tag: 'Cleared'; readonly kind: Obstacle['kind'] }
  /** A change that is held back, and was not before. */
  | { readonly _tag: 'Refused'; readonly refusal: Refusal }
  | { readonly _tag: 'Blocked'; readonly change: Extract<Plan['changes'][number], { _tag: 'Blocked' }> }
  /** Not declared any more and let go of: nothing is sent. */
  | (Revision & {
      readonly _tag: 'Released';
      readonly change: Extract<Plan['changes'][number], { _tag: 'Release' }>;
    })
  /** Removals that wait for quiet, when they were not waiting before. */
  | { readonly _tag: 'Held'; readonly held: readonly Held[] }
  | { readonly _tag: 'Dispatched'; readonly event: DispatchEvent }
  /** A setting that was not seen to drift before. */
  | { readonly _tag: 'Drifted'; readonly conference: ConferenceId; readonly drifted: DriftedSetting }
  /** Settings that are as applied again, without a call of ours. */
  | {
      readonly _tag: 'DriftOver';
      readonly conference: ConferenceId;
      readonly settings: readonly Setting[];
      readonly at: Place;
    }
  /** Settings that a call has set again. */
  | {
      readonly _tag: 'Healed';
      readonly conference: ConferenceId;
      readonly settings: readonly SettingChange[];
      readonly at: O.Option<Place>;
    }
  /** Left alone from now on, because somebody else sets it as often. */
  | { readonly _tag: 'Contested'; readonly contested: Contested }
  /** A GET showed that it has ended by itself. */
  | { readonly _tag: 'Ended'; readonly conference: ConferenceId; readonly at: Place }
  /** Nothing is left to do by itself. */
  | { readonly _tag: 'Settled'; readonly summary: StatusSummary }
  | { readonly _tag: 'StateFailed'; readonly error: LedgerError }
  | { readonly _tag: 'StateWorks' }
  /** A defect of ours. */
  | { readonly _tag: 'Broken'; readonly message: string };
