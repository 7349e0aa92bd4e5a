import * as O from 'fp-ts/lib/Option.js';
import { expect, it } from 'vitest';
import { nothingAccepted } from '../../src/reconcile/accept.js';
import { inForceWith, workFor } from '../../src/reconcile/in-force.js';
import {
  applied,
  conf,
  declare,
  desiredOf,
  inputOf,
  recordOf,
  recordsOf,
  type Values,
} from '../plan/sides.js';

it.each<readonly [string, Values, 1 | 2 | 3]>([
  ['what people hear', { mute: true }, 1],
  ['another setting', { mute: false, tag: 't' }, 2],
  ['nothing', { mute: false }, 3],
])('after an end that was reported %s waits for a read in its own lane', (_, values, lane) => {
  const record = recordOf({ mute: applied(false) }, { endReportedAtMs: O.some(5) });
  const input = inputOf({ desired: desiredOf(declare(values)), records: recordsOf(record) });
  const work = workFor(inForceWith(nothingAccepted, input), conf, 9);
  expect(work).toMatchObject(O.some({ lane }));
});
