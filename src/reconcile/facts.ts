/** What the ledger keeps of the daemon as a whole, for `status`: which revision is in force, and the alerts. */
import type { IO } from 'fp-ts/lib/IO.js';
import * as O from 'fp-ts/lib/Option.js';
import type * as TE from 'fp-ts/lib/TaskEither.js';
import type { DispatcherView } from '../apply/dispatch-event.js';
import type { Ledger } from '../ledger/ledger.js';
import type { Alert, Facts, LedgerError } from '../ledger/store.js';
import { contestedIn } from '../plan/drifted.js';
import type { Clock } from '../time/clock.js';
import { alertsFrom } from './alerts.js';
import type { InForce } from './in-force.js';

export interface FactsDeps {
  readonly ledger: Pick<Ledger, 'facts' | 'writeFacts'>;
  /** What the ledger is bound to. */
  readonly account: string;
  readonly clock: Pick<Clock, 'now'>;
  readonly inForce: IO<InForce>;
  readonly view: IO<DispatcherView>;
}

export interface DaemonFacts {
  readonly alerts: IO<readonly Alert[]>;
  readonly record: TE.TaskEither<LedgerError, void>;
  /** The revision alone: nothing else has changed. */
  readonly recordRevision: TE.TaskEither<LedgerError, void>;
}

/** A repository is fetched by then, and a refused account has been asked again. */
const findsAgainMs = 60_000;

export const makeFacts = ({ ledger, account, clock, inForce, view }: FactsDeps): DaemonFacts => {
  const beforeStart = ledger.facts().alerts;
  const startedAtMs = clock.now();
  /** What is found again soon after a start has not begun with it. */
  const known = (): readonly Alert[] =>
    Math.abs(clock.now() - startedAtMs) < findsAgainMs
      ? [...beforeStart, ...ledger.facts().alerts]
      : ledger.facts().alerts;
  const alerts = (): readonly Alert[] => {
    const { accepted, plan, input } = inForce();
    const { refused, paused } = view();
    return alertsFrom(
      {
        problems: accepted.problems,
        obstacles: accepted.obstacles,
        refused: [...plan.refused, ...refused],
        contested: contestedIn(input),
        paused,
      },
      known(),
      clock.now(),
    );
  };
  const revisionFact = (): Pick<Facts, 'revision'> => {
    const { revision, commit } = inForce().input;
    const known = ledger.facts().revision;
    const isSame = O.isSome(known) && known.value.revision === revision;
    // Nothing could be read yet: what was in force still is.
    return {
      revision: isSame || revision === '' ? known : O.some({ revision, commit, sinceMs: clock.now() }),
    };
  };
  return {
    alerts,
    recordRevision: () => ledger.writeFacts(revisionFact())(),
    record: () => {
      const { revision, commit } = inForce().input;
      return ledger.writeFacts({
        account: O.some(account),
        ...revisionFact(),
        // The commit of a repository: whoever applies a directory meanwhile must not make it forgotten.
        ...(O.isSome(commit) && commit.value.sha === revision ? { followed: O.some(revision) } : {}),
        alerts: alerts(),
        rate: O.some(inForce().input.rules.rate),
      })();
    },
  };
};
