/** Where every conference stands, for people. Pure. */
import type { Colors } from 'picocolors/types.js';
import * as O from 'fp-ts/lib/Option.js';
import { showPlace } from '../conference/place.js';
import { maskPasswords } from '../conference/url.js';
import type { SettingValue } from '../conference/settings.js';
import type { Trouble } from '../ledger/record.js';
import { lanes } from '../plan/lane.js';
import { standings, type ConferenceStatus, type Standing } from '../plan/standing.js';
import type { Status } from '../plan/status.js';
import { alertText } from './alert.js';
import { callsAndTime, count } from './duration.js';
import { evidenceText } from './evidence.js';
import { holderText } from './ledger-error.js';
import { leftOut, listed, shownAtFirst } from './listed.js';
import { showRevision } from './revision.js';
import { safeText } from './safe-text.js';
import { outcomeWords } from './status-words.js';
import { showTime } from './time.js';
import { showBody, showValue } from './value.js';

/**
 * Line by line. Times are shown as ISO 8601 in UTC. Of many conferences only those are shown that are not settled, and
 * of these the first, unless `full`.
 */
export function* statusTextPieces(status: Status, colors: Colors, full: boolean): Generator<string> {
  const limit = full ? Number.POSITIVE_INFINITY : shownAtFirst;
  for (const line of headLines(status)) yield `${line}\n`;
  for (const line of listed(status.alerts, limit, (alert) => [colors.red(alertText(alert))]))
    yield `${line}\n`;
  yield '\n';
  for (const line of shownLines(status, limit, colors)) yield `${line}\n`;
  if (status.summary.conferences > 0) yield '\n';
  for (const line of totalLines(status)) yield `${line}\n`;
}

function* shownLines({ summary, conferences }: Status, limit: number, colors: Colors): Generator<string> {
  const isLong = summary.conferences > limit;
  const room = isLong ? Math.min(limit, summary.conferences - summary.settled) : summary.conferences;
  let shown = 0;
  for (const conference of room > 0 ? conferences : []) {
    if (isLong && conference.standing === 'settled') continue;
    yield* conferenceLines(conference, colors);
    shown += 1;
    if (shown === room) break;
  }
  yield* leftOut(summary.conferences - shown);
}

/**
 * For a screen of so many lines: the totals first, then what is not settled, as far as there is room. Ends with a
 * line break.
 */
export const statusScreen = (status: Status, colors: Colors, rows: number, nowMs: number): string => {
  const { alerts, conferences, summary } = status;
  const head = [
    `${showTime(nowMs)}  Ctrl-C stops`,
    ...headLines(status),
    ...totalLines(status),
    ...alerts.map((alert) => colors.red(alertText(alert))),
    '',
  ];
  const room = Math.max(1, rows - head.length - 2);
  const shown = takeWhole(openLines(conferences, colors), room);
  const left = summary.conferences - summary.settled - shown.length;
  return [
    ...head,
    ...shown.flat(),
    ...(left > 0 ? [`… and ${left} more: see \`holdfast status\``] : []),
    '',
  ].join('\n');
};

function* openLines(conferences: Status['conferences'], colors: Colors): Generator<readonly string[]> {
  for (const conference of conferences)
    if (conference.standing !== 'settled') yield conferenceLines(conference, colors);
}

/** As many as fit without cutting one. */
const takeWhole = (blocks: Iterable<readonly string[]>, room: number): readonly (readonly string[])[] => {
  const taken: (readonly string[])[] = [];
  let used = 0;
  for (const block of blocks) {
    used += block.length;
    if (used > room) break;
    taken.push(block);
  }
  return taken;
};

const headLines = ({ revision, writer }: Status): readonly string[] => [
  O.isSome(revision)
    ? `revision ${showRevision(revision.value)} since ${showTime(revision.value.sinceMs)}`
    : 'nothing was ever applied',
  O.isSome(writer) ? `held by ${holderText(writer.value)}` : 'no daemon and no apply is running',
];

const totalLines = ({ summary, budget }: Status): readonly string[] => {
  const totals = standings.flatMap((standing) =>
    summary[standing] === 0 ? [] : [`${summary[standing]} ${standing}`],
  );
  const inDoubt = summary.inDoubt === 0 ? [] : [`${summary.inDoubt} in doubt`];
  return [
    [count(summary.conferences, 'conference'), ...totals, ...inDoubt].join(', '),
    ...workLines(summary, budget),
  ];
};

/** What is still to be called for, how long that takes, in which lanes, and since when. */
const workLines = (
  { calls, seconds }: Status['summary'],
  { rate, granted, lanes: byLane, oldestSinceMs }: Status['budget'],
): readonly string[] => {
  if (calls === 0) return [];
  const waiting = lanes.flatMap((lane) => (byLane[lane] === 0 ? [] : [`${byLane[lane]} in lane ${lane}`]));
  const oldest = O.isSome(oldestSinceMs) ? [`the oldest since ${showTime(oldestSinceMs.value)}`] : [];
  const limit = O.isSome(granted)
    ? [
        `the API grants ${showRate(granted.value)} of the ${rate === 'unlimited' ? 'unlimited' : `${rate}/s`} asked for`,
      ]
    : [];
  const shown = O.isSome(granted) ? Number(granted.value.toFixed(3)) : rate;
  return [[callsAndTime(calls, seconds, shown), ...waiting, ...oldest, ...limit].join(', ')];
};

const showRate = (perSecond: number): string => `${Number(perSecond.toFixed(3))}/s`;

const driftLines = ({ drift }: ConferenceStatus): readonly string[] =>
  drift.map(
    ({ setting, declared, applied, live, sinceMs }) =>
      `            ${setting} has drifted: declared ${shownValue(declared)}, applied ${showValue(applied)}, live ${shownValue(live)}, since ${showTime(sinceMs)}`,
  );

const shownValue = (value: O.Option<SettingValue>): string =>
  O.isSome(value) ? showValue(value.value) : 'not set';

const conferenceLines = (conference: ConferenceStatus, colors: Colors): readonly string[] => {
  const { declared, trouble, inDoubt, lastCall } = conference;
  const name =
    O.isSome(declared) && O.isSome(declared.value.name)
      ? safeText(maskPasswords(declared.value.name.value))
      : '';
  const flags = [
    conference.completed ? 'completed' : '',
    O.isSome(conference.endReportedAtMs) ? 'said to have ended' : '',
    conference.protected ? 'protected' : '',
  ];
  const head = [
    paint(conference.standing, colors)(conference.standing.padEnd(10)),
    conference.conference,
    name,
    ...flags,
    showBody(O.isSome(declared) ? declared.value.settings : conference.applied),
  ];
  return [
    head.filter((part) => part !== '').join('  '),
    ...(Object.keys(inDoubt).length === 0 ? [] : [`            in doubt: ${showBody(inDoubt)}`]),
    ...driftLines(conference),
    ...(O.isSome(trouble) && conference.standing !== 'settled'
      ? [
          `            ${troubleText(trouble.value)}${O.isSome(declared) ? `  ${safeText(showPlace(declared.value.at))}` : ''}`,
        ]
      : []),
    ...(O.isSome(lastCall) && conference.standing !== 'settled'
      ? [
          `            last call ${showTime(lastCall.value.atMs)}: ${showBody(lastCall.value.body)}, ${outcomeWords[lastCall.value.outcome]}`,
        ]
      : []),
  ];
};

const troubleText = ({ kind, evidence, attempts, nextAttemptAtMs }: Trouble): string => {
  const unplanned =
    kind === 'rejected'
      ? 'the daemon waits for another declaration'
      : 'the next apply or the daemon tries again';
  const next = O.isSome(nextAttemptAtMs) ? `next attempt ${showTime(nextAttemptAtMs.value)}` : unplanned;
  return `${evidenceText(evidence)}; ${count(attempts, 'attempt')}, ${next}`;
};

const paint = (standing: Standing, colors: Colors): ((text: string) => string) => {
  switch (standing) {
    case 'settled':
    case 'ended':
    case 'suspended':
      return colors.green;
    case 'drifted':
    case 'calling':
    case 'waiting':
    case 'undeclared':
      return colors.yellow;
    case 'failing':
    case 'missing':
    case 'rejected':
    case 'blocked':
      return colors.red;
  }
};
