/** Whether the daemon can do its job: every manifest is valid, the API answers, the state can be written. Pure. */
import * as O from 'fp-ts/lib/Option.js';
import type { DispatcherView } from '../apply/dispatch-event.js';
import type { Alert, LedgerError } from '../ledger/store.js';

export interface Condition {
  /** The declarations have been looked at. */
  readonly started: boolean;
  readonly alerts: readonly Alert[];
  readonly stateError: O.Option<LedgerError>;
  readonly dispatcher: DispatcherView;
}

export const isReady = ({ started, alerts, stateError }: Condition): boolean =>
  started && O.isNone(stateError) && !alerts.some(isHindrance);

/** What a safety check holds back, and what is contested, waits for a person; the rest of the job is done. */
export const isHindrance = ({ kind }: Alert): boolean => kind !== 'refused' && kind !== 'contested';
