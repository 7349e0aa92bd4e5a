/** What was called and forced, for people: one line of what, one of why. Pure. */
import type { Colors } from 'picocolors/types.js';
import * as O from 'fp-ts/lib/Option.js';
import { showPlace } from '../conference/place.js';
import { maskPasswords } from '../conference/url.js';
import type { Forced } from '../ledger/store.js';
import type { CallEnd, History, HistoryLine } from '../plan/history.js';
import { count } from './duration.js';
import { evidenceText } from './evidence.js';
import { showRevision, shortRevision } from './revision.js';
import { safeText } from './safe-text.js';
import { endWords } from './status-words.js';
import { showTime } from './time.js';
import { showBody } from './value.js';

type CallLine = Extract<HistoryLine, { _tag: 'Call' }>;

/** Line by line. Times are shown as ISO 8601 in UTC. */
export function* historyTextPieces(history: History, colors: Colors): Generator<string> {
  const { lines, more, asked } = history;
  const calls = lines.filter(({ _tag }) => _tag === 'Call').length;
  for (const line of lines) {
    const shown = line._tag === 'Call' ? callLines(line, colors) : forcedLines(line.forced, colors);
    for (const text of shown) yield `${text}\n`;
  }
  if (calls === 0) yield `the ledger knows no call${askedText(history)}\n`;
  if (more)
    yield `\nthe last ${count(calls, 'call')}${askedText(history)}; see more with --limit ${asked.limit * 10}\n`;
}

const askedText = ({ asked: { conference, sinceMs } }: History): string =>
  [
    O.isSome(conference) ? ` for ${conference.value}` : '',
    O.isSome(sinceMs) ? ` since ${showTime(sinceMs.value)}` : '',
  ].join('');

const callLines = ({ call, name, end }: CallLine, colors: Colors): readonly string[] => [
  [
    showTime(call.startedAtMs),
    call.conference,
    O.isSome(name) ? safeText(maskPasswords(name.value)) : '',
    call.method === 'GET' ? 'GET' : showBody(call.body),
    `${paint(end, colors)(endWords[end])}${answerText(call)}`,
  ]
    .filter((part) => part !== '')
    .join('  '),
  because([
    showRevision(call),
    O.isSome(call.at) ? showPlace(call.at.value) : '',
    call.attempt > 1 ? `attempt ${call.attempt}` : '',
    O.isSome(call.force) ? forcedText(call.force.value) : '',
  ]),
];

/** ` in 43 ms`, or what the API said. */
const answerText = ({ result }: CallLine['call']): string => {
  if (O.isNone(result)) return '';
  const { outcome, durationMs } = result.value;
  const said = outcome === 'Applied' ? '' : evidenceText(result.value);
  return `${said === '' ? '' : `: ${said}`} in ${durationMs} ms`;
};

const forcedLines = ({ atMs, reason, conferences, revision }: Forced, colors: Colors): readonly string[] => [
  `${showTime(atMs)}  ${colors.yellow(forcedText(reason))}  ${idsText(conferences)}`,
  because([shortRevision(revision)]),
];

const idsText = (conferences: Forced['conferences']): string => {
  const left = conferences.length - mostIds;
  return `${conferences.slice(0, mostIds).join(', ')}${left > 0 ? ` and ${left} more` : ''}`;
};

const mostIds = 10;

const forcedText = (reason: string): string => `forced: "${safeText(maskPasswords(reason))}"`;

/** Below what it explains. */
const because = (reasons: readonly string[]): string =>
  `  ${reasons
    .filter((part) => part !== '')
    .map(safeText)
    .join('  ')}`;

const paint = (end: CallEnd, colors: Colors): ((text: string) => string) => {
  switch (end) {
    case 'Applied':
      return colors.green;
    case 'NotExecuted':
      return colors.red;
    case 'InDoubt':
    case 'Ended':
    case 'UnderWay':
    case 'Unknown':
      return colors.yellow;
  }
};
