/** What is worth telling of a pass: only what the pass before did not tell. Pure. */
import * as O from 'fp-ts/lib/Option.js';
import { showPlace } from '../conference/place.js';
import type { Revision } from '../conference/revision.js';
import type { Problem } from '../desired/problem.js';
import { isError } from '../desired/problem.js';
import type { Change, Plan, Refusal } from '../plan/plan.js';
import type { Obstacle } from '../source/observation.js';
import type { Accepted } from './accept.js';
import type { DaemonEvent } from './daemon-event.js';

/** Its revision is empty before the first pass. */
export interface Pass extends Revision {
  readonly accepted: Accepted;
  readonly plan: Plan;
}

export const newsIn = (before: Pass, now: Pass): readonly DaemonEvent[] => {
  // That work gets done is no news of a pass.
  const changed =
    now.revision !== '' &&
    (before.revision !== now.revision ||
      missingFrom(before.plan.changes, now.plan.changes, changeKey).length > 0);
  return [
    ...problemNews(before.accepted.problems, now.accepted.problems),
    ...obstacleNews(before.accepted.obstacles, now.accepted.obstacles),
    ...(isSameRevision(before, now) ? [] : [revisionEvent(now)]),
    ...heldNews(before.accepted, now.accepted),
    ...(changed ? [{ _tag: 'Planned' as const, plan: now.plan }] : []),
    ...missingFrom(before.plan.refused, now.plan.refused, refusalKey).map((refusal) => ({
      _tag: 'Refused' as const,
      refusal,
    })),
    ...releaseNews(before.plan, now),
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

const obstacleNews = (before: readonly Obstacle[], now: readonly Obstacle[]): readonly DaemonEvent[] => [
  ...missingFrom(before, now, obstacleKey).map((obstacle) => ({ _tag: 'Obstructed' as const, obstacle })),
  ...missingFrom(kindsOf(now), kindsOf(before), (kind) => kind).map((kind) => ({
    _tag: 'Cleared' as const,
    kind,
  })),
];

const kindsOf = (obstacles: readonly Obstacle[]): readonly Obstacle['kind'][] =>
  obstacles.map(({ kind }) => kind);

const heldNews = (before: Accepted, now: Accepted): readonly DaemonEvent[] =>
  now.held.length > 0 && before.held.length === 0 ? [{ _tag: 'Held', held: now.held }] : [];

// Removals that have waited come into force without another revision.
const isSameRevision = (before: Pass, now: Pass): boolean =>
  before.revision === now.revision && before.accepted.desired.size === now.accepted.desired.size;

const revisionEvent = ({ revision, commit, accepted }: Pass): DaemonEvent => ({
  _tag: 'Revision',
  revision,
  commit,
  conferences: accepted.desired.size,
});

/** What a safety check holds is not let go of. */
const releaseNews = (before: Plan, { plan, revision, commit }: Pass): readonly DaemonEvent[] => {
  const held = new Set(plan.refused.map(({ conference }) => conference));
  return missingFrom(releasesIn(before), releasesIn(plan), ({ conference }) => conference)
    .filter(({ conference }) => !held.has(conference))
    .map((change) => ({ _tag: 'Released' as const, change, revision, commit }));
};

const releasesIn = ({ changes }: Plan): readonly Extract<Change, { _tag: 'Release' }>[] =>
  changes.filter((change) => change._tag === 'Release');

const blockedIn = ({ changes }: Plan): readonly Extract<Change, { _tag: 'Blocked' }>[] =>
  changes.filter((change) => change._tag === 'Blocked');

/** What is in `now` and was not in `before`. */
const missingFrom = <A>(before: readonly A[], now: readonly A[], key: (item: A) => string): readonly A[] => {
  const known = new Set(before.map(key));
  return now.filter((item) => !known.has(key(item)));
};

const problemKey = ({ at, rule, message, commit }: Problem): string =>
  `${showPlace(at)} ${rule} ${message} ${commit?.sha ?? ''}`;
// Which words a remote that is down has for it may change with every attempt.
const obstacleKey = ({ kind, commit, message }: Obstacle): string =>
  kind === 'unfetched' ? kind : `${kind} ${O.isSome(commit) ? commit.value.sha : message}`;
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
