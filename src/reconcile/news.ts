/** What is worth telling of a pass: only what the pass before did not tell. Pure. */
import { showPlace } from '../conference/place.js';
import type { Problem } from '../desired/problem.js';
import { isError } from '../desired/problem.js';
import type { Change, Plan, Refusal } from '../plan/plan.js';
import type { Accepted } from './accept.js';
import type { DaemonEvent } from './daemon-event.js';

export interface Pass {
  readonly accepted: Accepted;
  readonly plan: Plan;
  /** Empty before the first pass. */
  readonly revision: string;
}

export const newsIn = (before: Pass, now: Pass): readonly DaemonEvent[] => {
  // That work gets done is no news of a pass.
  const changed =
    before.revision !== now.revision ||
    missingFrom(before.plan.changes, now.plan.changes, changeKey).length > 0;
  return [
    ...problemNews(before.accepted.problems, now.accepted.problems),
    ...(isSameRevision(before, now) ? [] : [revisionEvent(now)]),
    ...heldNews(before.accepted, now.accepted),
    ...(changed ? [{ _tag: 'Planned' as const, plan: now.plan }] : []),
    ...missingFrom(before.plan.refused, now.plan.refused, refusalKey).map((refusal) => ({
      _tag: 'Refused' as const,
      refusal,
    })),
    ...missingFrom(blockedIn(before.plan), blockedIn(now.plan), ({ conference }) => conference).map(
      (change) => ({
        _tag: 'Blocked' as const,
        change,
      }),
    ),
  ];
};

const problemNews = (before: readonly Problem[], now: readonly Problem[]): readonly DaemonEvent[] => {
  const mended = before.some(isError) && !now.some(isError);
  return [
    ...missingFrom(before, now, problemKey).map((problem) => ({ _tag: 'Invalid' as const, problem })),
    ...(mended ? [{ _tag: 'Mended' as const }] : []),
  ];
};

const heldNews = (before: Accepted, now: Accepted): readonly DaemonEvent[] =>
  now.held.length > 0 && before.held.length === 0 ? [{ _tag: 'Held', held: now.held }] : [];

// Removals that have waited come into force without another revision.
const isSameRevision = (before: Pass, now: Pass): boolean =>
  before.revision === now.revision && before.accepted.desired.size === now.accepted.desired.size;

const revisionEvent = ({ revision, accepted }: Pass): DaemonEvent => ({
  _tag: 'Revision',
  revision,
  conferences: accepted.desired.size,
});

const blockedIn = ({ changes }: Plan): readonly Extract<Change, { _tag: 'Blocked' }>[] =>
  changes.filter((change) => change._tag === 'Blocked');

/** What is in `now` and was not in `before`. */
const missingFrom = <A>(before: readonly A[], now: readonly A[], key: (item: A) => string): readonly A[] => {
  const known = new Set(before.map(key));
  return now.filter((item) => !known.has(key(item)));
};

const problemKey = ({ at, rule, message }: Problem): string => `${showPlace(at)} ${rule} ${message}`;
const refusalKey = ({ conference, rule }: Refusal): string => `${conference} ${rule}`;
// Why a call is needed changes while it is made: that is no news either.
const changeKey = (change: Change): string =>
  change._tag === 'None'
    ? ''
    : JSON.stringify([
        change._tag,
        change.conference,
        'settings' in change ? change.settings.map(({ setting, to }) => [setting, to]) : [],
      ]);
