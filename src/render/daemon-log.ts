/** What the daemon says of itself, as log lines. Pure. */
import * as O from 'fp-ts/lib/Option.js';
import { showPlace } from '../conference/place.js';
import { maskPasswords } from '../conference/url.js';
import type { Rate } from '../ledger/store.js';
import type { DaemonEvent } from '../reconcile/daemon-event.js';
import { driftLine } from './drift-log.js';
import { count } from './duration.js';
import { ledgerErrorText } from './ledger-error.js';
import { nameWords } from './plan-words.js';
import { commitFields, revisionFields, showCommit, showRevision } from './revision.js';
import { dispatchLine, planLine, problemLine, refusalLine, type LogLine } from './log.js';

export const daemonLine = (event: DaemonEvent, rate: Rate): O.Option<LogLine> => {
  switch (event._tag) {
    case 'Revision':
      return O.some({
        level: 'info',
        event: 'revision',
        message: `${count(event.conferences, 'conference')} declared, revision ${showRevision(event)}`,
        fields: { ...revisionFields(event), conferences: event.conferences },
      });
    case 'Planned':
      return O.some(planLine(event.plan, rate));
    case 'Invalid':
      return O.some(problemLine(event.problem));
    case 'Mended':
      return O.some(resumedLine('every manifest is valid again'));
    case 'Obstructed':
      return O.some(obstacleLine(event.obstacle));
    case 'Cleared':
      return O.some(resumedLine(clearedWords[event.kind]));
    case 'Refused':
      return O.some(refusalLine(event.refusal));
    case 'Blocked':
      return O.some(blockedLine(event.change));
    case 'Released':
      return O.some(releasedLine(event));
    case 'Held':
      return O.some({
        level: 'info',
        event: 'waiting',
        message: `${count(event.held.length, 'removal')} will count when the directory has been quiet for 2 s and no broken file names them`,
        fields: { held: event.held.map(({ conference, what }) => `${conference} ${what}`) },
      });
    case 'Dispatched':
      return dispatchLine(event.event);
    case 'Drifted':
    case 'DriftOver':
    case 'Healed':
    case 'Contested':
    case 'Ended':
      return O.some(driftLine(event));
    case 'Settled':
      return O.some(settledLine(event.summary));
    case 'StateWorks':
      return O.some(resumedLine('the state can be written again'));
    case 'Broken':
      return O.some({
        level: 'error',
        event: 'failed',
        message: `a defect in holdfast: ${event.message}; please report it`,
        fields: {},
      });
    case 'StateFailed':
      return O.some({ level: 'error', event: 'failed', message: ledgerErrorText(event.error), fields: {} });
  }
};

const resumedLine = (message: string): LogLine => ({ level: 'info', event: 'resumed', message, fields: {} });

type Obstacle = Extract<DaemonEvent, { _tag: 'Obstructed' }>['obstacle'];

const obstacleLine = ({ kind, message, commit }: Obstacle): LogLine => ({
  level: 'error',
  event: kind === 'unfetched' ? 'waiting' : 'invalid',
  message: `${O.isSome(commit) ? `${showCommit(commit.value)}: ` : ''}${maskPasswords(message)}`,
  fields: { rule: kind, ...(O.isSome(commit) ? commitFields(commit.value) : {}) },
});

const clearedWords: Readonly<Record<Obstacle['kind'], string>> = {
  unsigned: 'the branch is signed again',
  rewound: 'the branch goes on from the revision in force',
  unfetched: 'the repository can be fetched again',
};

const settledLine = (summary: Extract<DaemonEvent, { _tag: 'Settled' }>['summary']): LogLine => {
  const { conferences, settled, drifted, ended, suspended } = summary;
  const others = conferences - settled - drifted - ended - suspended;
  return {
    level: others === 0 ? 'info' : 'warn',
    event: 'settled',
    message:
      others === 0
        ? `${count(settled, 'conference')} as declared, nothing left to do`
        : `${count(settled, 'conference')} as declared, ${others} not: see \`holdfast status\``,
    fields: { ...summary },
  };
};

const releasedLine = ({
  change: { conference, name },
  ...revision
}: Extract<DaemonEvent, { _tag: 'Released' }>): LogLine => ({
  level: 'info',
  event: 'released',
  message: `${[conference, nameWords(name)].filter((part) => part !== '').join(' ')} is not declared any more: let go of, and left as it is; ${showRevision(revision)}`,
  fields: { conference, ...revisionFields(revision) },
});

const blockedLine = ({ conference, at }: Extract<DaemonEvent, { _tag: 'Blocked' }>['change']): LogLine => ({
  level: 'warn',
  event: 'blocked',
  message: `${conference} has ended and cannot be changed: remove it, or declare \`state: completed\``,
  fields: { conference, reason: 'completed', ...(O.isSome(at) ? { at: showPlace(at.value) } : {}) },
});
