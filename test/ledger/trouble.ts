import * as O from 'fp-ts/lib/Option.js';
import type { ConferenceRecord } from '../../src/ledger/record.js';

/** A call failed once, and nothing is known of why. */
export const someTrouble: ConferenceRecord['trouble'] = O.some({
  kind: 'failing',
  evidence: { status: O.none, code: O.none, message: '' },
  declared: '',
  attempts: 1,
  sinceMs: 1,
  nextAttemptAtMs: O.none,
});
