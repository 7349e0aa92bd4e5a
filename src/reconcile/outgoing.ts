/**
 * What goes out: the dispatcher, and everything that follows from what it tells. What is in force is decided
 * elsewhere, and asked for anew whenever a conference has its turn.
 */
import type { IO } from 'fp-ts/lib/IO.js';
import * as O from 'fp-ts/lib/Option.js';
import type { DispatchEvent, Submission } from '../apply/dispatch-event.js';
import { makeDispatcher, type Dispatcher } from '../apply/dispatcher.js';
import { forever } from '../apply/patience.js';
import type { Catapult } from '../catapult/catapult.js';
import type { ConferenceId } from '../conference/id.js';
import type { Ledger } from '../ledger/ledger.js';
import type { PlanRules } from '../plan/make-plan.js';
import type { Clock } from '../time/clock.js';
import type { DaemonEvent } from './daemon-event.js';
import { makeDriftWatch, type DriftRules, type DriftWatch } from './drift-watch.js';
import { makeFacts, type DaemonFacts } from './facts.js';
import { decide, workFor, type InForce } from './in-force.js';
import { makeSettled, type Settled } from './settled.js';
import type { StateHealth } from './state-health.js';
import { makeStatusInTurns } from './status-in-turns.js';

export interface OutgoingDeps {
  readonly ledger: Ledger;
  /** What the ledger is bound to. */
  readonly account: string;
  readonly catapult: Catapult;
  readonly clock: Clock;
  readonly random: IO<number>;
  readonly rules: Omit<PlanRules, 'removals' | 'heal'>;
  readonly drift: DriftRules;
  readonly report: (event: DaemonEvent) => void;
  readonly inForce: IO<InForce>;
  readonly health: StateHealth;
}

export interface Outgoing {
  readonly dispatcher: Dispatcher;
  readonly drift: DriftWatch;
  readonly facts: DaemonFacts;
  readonly settled: Settled;
  /** What is to be done for a conference; none: nothing. */
  readonly work: (conference: ConferenceId) => O.Option<Submission>;
}

export const makeOutgoing = (deps: OutgoingDeps): Outgoing => {
  const { ledger, clock, rules, report, inForce, health } = deps;
  const work = (conference: ConferenceId): O.Option<Submission> =>
    workFor(inForce(), conference, clock.now());
  const onContested = (): void => void facts.record();
  const drift = makeDriftWatch({ ...deps, rules: deps.drift, work, onContested });
  const dispatcher: Dispatcher = makeDispatcher({
    ...deps,
    patience: forever,
    force: O.none,
    rate: rules.rate,
    revision: () => inForce().input,
    decide: (conference) => decide(inForce(), conference),
    need: work,
    spare: drift.spare,
    isAhead: false,
    onLedgerError: health.failed,
    report: (event) => {
      notice(event);
    },
  });
  const facts = makeFacts({ ...deps, view: dispatcher.view });
  const settled = makeSettled(
    dispatcher.view,
    makeStatusInTurns(() => ({ records: ledger.records, facts: ledger.facts(), writer: O.none }), rules),
    (summary) => report({ _tag: 'Settled', summary }),
  );
  const notice = (event: DispatchEvent): void => {
    if (event._tag === 'LedgerFailed') {
      health.failed(event.error);
      return;
    }
    if (event._tag === 'Called') health.works();
    report({ _tag: 'Dispatched', event });
    drift.noticed(event);
    if (changesAlerts(event)) void facts.record();
    // The call counts as under way until everybody has heard of it.
    void clock.after(0, settled.check);
  };
  return { dispatcher, drift, facts, settled, work };
};

/** An account that does not work, and people who are in the way, are alerts; both may be over. */
const changesAlerts = ({ _tag }: DispatchEvent): boolean =>
  _tag === 'Paused' || _tag === 'Resumed' || _tag === 'Refused' || _tag === 'Looked';
