import * as O from 'fp-ts/lib/Option.js';
import { describe, expect, it } from 'vitest';
import { nothingWaits } from '../../src/apply/dispatch-event.js';
import type { Alert } from '../../src/ledger/store.js';
import { isReady, type Condition } from '../../src/reconcile/condition.js';

const well: Condition = {
  started: true,
  alerts: [],
  stateError: O.none,
  dispatcher: nothingWaits,
};
const alerting = (kind: Alert['kind']): Condition => ({
  ...well,
  alerts: [{ kind, message: 'a message', at: O.none, commit: O.none, sinceMs: 1 }],
});

describe('the daemon is ready', () => {
  it.each<readonly [string, Condition, boolean]>([
    ['when nothing is wrong', well, true],
    ['not before the first look', { ...well, started: false }, false],
    [
      'not while the state cannot be written',
      { ...well, stateError: O.some({ _tag: 'Unavailable', location: 'x', detail: 'full' }) },
      false,
    ],
    ['not with a broken manifest', alerting('invalid'), false],
    ['not when the account is refused', alerting('denied'), false],
    ['not when nobody answers', alerting('unreachable'), false],
    ['also when a check holds something back', alerting('refused'), true],
    [
      'not when that is not all',
      { ...well, alerts: [...alerting('refused').alerts, ...alerting('denied').alerts] },
      false,
    ],
  ])('%s', (_, condition, ready) => {
    expect(isReady(condition)).toBe(ready);
  });
});
