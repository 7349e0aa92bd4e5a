/** Since when something is wrong: since before the restart, where it is found again soon after. */
import * as E from 'fp-ts/lib/Either.js';
import * as O from 'fp-ts/lib/Option.js';
import { expect, it } from 'vitest';
import { nothingWaits } from '../../src/apply/dispatch-event.js';
import { noFacts, type Alert, type Facts } from '../../src/ledger/store.js';
import { nothingAccepted } from '../../src/reconcile/accept.js';
import { makeFacts } from '../../src/reconcile/facts.js';
import { inForceWith } from '../../src/reconcile/in-force.js';
import type { Obstacle } from '../../src/source/observation.js';
import { inputOf } from '../plan/sides.js';

const rewound: Obstacle = { kind: 'rewound', message: 'it was set back', commit: O.none };

it.each([
  [1_000, 5],
  [59_000, 5],
  [61_000, 100_000 + 61_000],
])('an alert from before that is found again %d ms after a start began at %d', async (foundMs, sinceMs) => {
  const before: Alert = { ...rewound, at: O.none, sinceMs: 5 };
  let facts: Facts = { ...noFacts, alerts: [before] };
  let nowMs = 100_000;
  let obstacles: readonly Obstacle[] = [];
  const { alerts, record } = makeFacts({
    ledger: {
      facts: () => facts,
      writeFacts: (some) => () => {
        facts = { ...facts, ...some };
        return Promise.resolve(E.right(undefined));
      },
    },
    account: 'u',
    clock: { now: () => nowMs },
    inForce: () => inForceWith({ ...nothingAccepted, obstacles }, inputOf({})),
    view: () => nothingWaits,
  });
  // The last good revision is in force, and nothing was fetched yet.
  await record();
  expect(facts.alerts).toEqual([]);
  nowMs += foundMs;
  obstacles = [rewound];
  expect(alerts()).toMatchObject([{ kind: 'rewound', sinceMs }]);
});
