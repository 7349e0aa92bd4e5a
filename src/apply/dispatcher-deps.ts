/** What the dispatcher works with. */
import type { IO } from 'fp-ts/lib/IO.js';
import type * as O from 'fp-ts/lib/Option.js';
import type { ConferenceId } from '../conference/id.js';
import type { Revision } from '../conference/revision.js';
import type { Ledger } from '../ledger/ledger.js';
import type { Rate } from '../ledger/store.js';
import type { Change } from '../plan/plan.js';
import type { CallDeps } from './call.js';
import type { DispatchEvent, Submission } from './dispatch-event.js';
import type { SpareReads } from './spare.js';

export interface DispatcherDeps extends CallDeps {
  readonly ledger: Pick<Ledger, 'records' | 'facts' | 'nextCall' | 'write' | 'writeFacts'>;
  readonly rate: Rate;
  /** What the conference needs now: the diff, taken again. */
  readonly decide: (conference: ConferenceId) => Change;
  /** The revision that `decide` decides by. */
  readonly revision: IO<Revision>;
  /** What is still to do for a conference after its call has ended; none: nothing. */
  readonly need: (conference: ConferenceId) => O.Option<Submission>;
  readonly spare: SpareReads;
  /**
   * Whether intents are written before there is room for their requests, where the budget is no limit. Not where
   * something more urgent may be declared at any time: what was taken before it would go first.
   */
  readonly isAhead: boolean;
  readonly report: (event: DispatchEvent) => void;
}
