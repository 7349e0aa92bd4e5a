/** Why the daemon is not ready, in words. Pure. */
import * as O from 'fp-ts/lib/Option.js';
import { showPlace } from '../conference/place.js';
import { maskPasswords } from '../conference/url.js';
import type { Alert } from '../ledger/store.js';
import { isHindrance, isReady, type Condition } from '../reconcile/condition.js';
import { ledgerErrorText } from './ledger-error.js';

export interface Readiness {
  readonly ready: boolean;
  readonly reasons: readonly string[];
}

export const readinessOf = (condition: Condition): Readiness => ({
  ready: isReady(condition),
  reasons: [
    ...(condition.started ? [] : ['the declarations have not been looked at yet']),
    ...(O.isSome(condition.stateError) ? [ledgerErrorText(condition.stateError.value)] : []),
    ...condition.alerts.filter(isHindrance).map(reasonOf),
  ],
});

const reasonOf = ({ kind, message, at }: Alert): string =>
  `${kind}: ${O.isSome(at) ? `${showPlace(at.value)}: ` : ''}${maskPasswords(message)}`;
