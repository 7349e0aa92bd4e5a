/** Where every conference stands, for people and for scripts. Pure. */
import type { Colors } from 'picocolors/types.js';
import * as O from 'fp-ts/lib/Option.js';
import { showPlace } from '../conference/place.js';
import { maskPasswords } from '../conference/url.js';
import type { Trouble } from '../ledger/record.js';
import type { Alert } from '../ledger/store.js';
import type { Rate } from '../plan/plan.js';
import { standings, type ConferenceStatus, type Standing, type Status } from '../plan/status.js';
import { shortRevision } from './daemon-log.js';
import { callsAndTime, count } from './duration.js';
import { evidenceText } from './evidence.js';
import { holderText } from './ledger-error.js';
import { safeJsonText, safeText } from './safe-text.js';
import { maskBody, showBody } from './value.js';

export interface StatusTextOptions {
  readonly rate: Rate;
}

/** Times are shown as ISO 8601 in UTC. Ends with a line break. */
export const statusText = (status: Status, colors: Colors, { rate }: StatusTextOptions): string => {
  const { revision, writer, alerts, summary, conferences } = status;
  const head = [
    O.isSome(revision)
      ? `revision ${shortRevision(revision.value.revision)} since ${showTime(revision.value.sinceMs)}`
      : 'nothing was ever applied',
    O.isSome(writer) ? `held by ${holderText(writer.value)}` : 'no daemon and no apply is running',
  ];
  const totals = standings.flatMap((standing) =>
    summary[standing] === 0 ? [] : [`${summary[standing]} ${standing}`],
  );
  const inDoubt = summary.inDoubt === 0 ? [] : [`${summary.inDoubt} in doubt`];
  const work = summary.calls === 0 ? [] : [callsAndTime(summary.calls, summary.seconds, rate)];
  return [
    ...head,
    ...alerts.map((alert) => colors.red(alertLine(alert))),
    '',
    ...conferences.flatMap((conference) => conferenceLines(conference, colors)),
    ...(conferences.length === 0 ? [] : ['']),
    [count(summary.conferences, 'conference'), ...totals, ...inDoubt].join(', '),
    ...work,
    '',
  ].join('\n');
};

export const statusJsonText = (status: Status): string =>
  `${safeJsonText(JSON.stringify(statusJson(status), null, 2))}\n`;

const statusJson = ({ revision, writer, alerts, summary, conferences }: Status): object => ({
  formatVersion: 1,
  ...(O.isSome(revision)
    ? { revision: revision.value.revision, since: showTime(revision.value.sinceMs) }
    : {}),
  ...(O.isSome(writer)
    ? { writer: { ...without(writer.value), since: showTime(writer.value.sinceMs) } }
    : {}),
  summary,
  alerts: alerts.map(({ kind, message, at, sinceMs }) => ({
    kind,
    message: maskPasswords(message),
    ...(O.isSome(at) ? { at: showPlace(at.value) } : {}),
    since: showTime(sinceMs),
  })),
  conferences: conferences.map(conferenceJson),
});

const without = ({
  pid,
  host,
  command,
}: {
  readonly pid: number;
  readonly host: string;
  readonly command: string;
}) => ({
  pid,
  host,
  command,
});

const conferenceJson = (conference: ConferenceStatus): object => {
  const { declared, trouble, lastCall } = conference;
  return {
    conference: conference.conference,
    ...(O.isSome(declared) && O.isSome(declared.value.name)
      ? { name: maskPasswords(declared.value.name.value) }
      : {}),
    standing: conference.standing,
    ...(O.isSome(declared)
      ? {
          at: showPlace(declared.value.at),
          declaredBy: declared.value.revision,
          declared: maskBody(declared.value.settings),
        }
      : {}),
    applied: maskBody(conference.applied),
    inDoubt: maskBody(conference.inDoubt),
    completed: conference.completed,
    protected: conference.protected,
    ...(O.isSome(trouble) ? { reason: troubleJson(trouble.value) } : {}),
    ...(O.isSome(lastCall)
      ? {
          lastCall: {
            call: lastCall.value.call,
            at: showTime(lastCall.value.atMs),
            ms: lastCall.value.durationMs,
            body: maskBody(lastCall.value.body),
            outcome: outcomeWords[lastCall.value.outcome],
            ...(O.isSome(lastCall.value.status) ? { status: lastCall.value.status.value } : {}),
          },
        }
      : {}),
  };
};

const troubleJson = ({ kind, evidence, attempts, sinceMs, nextAttemptAtMs }: Trouble): object => ({
  kind,
  ...(O.isSome(evidence.status) ? { status: evidence.status.value } : {}),
  ...(O.isSome(evidence.code) ? { code: evidence.code.value } : {}),
  message: maskPasswords(evidence.message),
  attempts,
  since: showTime(sinceMs),
  ...(O.isSome(nextAttemptAtMs) ? { nextAttempt: showTime(nextAttemptAtMs.value) } : {}),
});

const outcomeWords = {
  Applied: 'applied',
  NotExecuted: 'not executed',
  InDoubt: 'in doubt',
  Ended: 'has ended',
} as const;

const conferenceLines = (conference: ConferenceStatus, colors: Colors): readonly string[] => {
  const { declared, trouble, inDoubt, lastCall } = conference;
  const name =
    O.isSome(declared) && O.isSome(declared.value.name)
      ? safeText(maskPasswords(declared.value.name.value))
      : '';
  const flags = [conference.completed ? 'completed' : '', conference.protected ? 'protected' : ''];
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

const alertLine = ({ kind, message, at, sinceMs }: Alert): string =>
  safeText(
    `${kind}: ${O.isSome(at) ? `${showPlace(at.value)}: ` : ''}${maskPasswords(message)} (since ${showTime(sinceMs)})`,
  );

const paint = (standing: Standing, colors: Colors): ((text: string) => string) => {
  switch (standing) {
    case 'settled':
    case 'suspended':
      return colors.green;
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

const showTime = (epochMs: number): string => new Date(epochMs).toISOString();
