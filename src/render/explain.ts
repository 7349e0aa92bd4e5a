/** Why a conference is what it is, for people. Pure. */
import type { Colors } from 'picocolors/types.js';
import * as O from 'fp-ts/lib/Option.js';
import type { Commit } from '../conference/revision.js';
import type { SettingValue } from '../conference/settings.js';
import type { Origin } from '../desired/desired.js';
import type { Condition, Trouble } from '../ledger/record.js';
import type { Call } from '../ledger/store.js';
import type { DeclaredHere, Explanation, LiveHere, SettingExplanation } from '../plan/explain.js';
import type { Change, SettingChange } from '../plan/plan.js';
import { alertText } from './alert.js';
import { evidenceText } from './evidence.js';
import { blockedWords, nameWords, placeWords, settingWords, suspendedWords } from './plan-words.js';
import { showCommit, showRevision } from './revision.js';
import { outcomeWords } from './status-words.js';
import { showTime } from './time.js';
import { showValue } from './value.js';

type Lines = readonly string[];

export const explanationText = (explanation: Explanation, colors: Colors): string => {
  const { settings, change } = explanation;
  const lines = [
    ...headLines(explanation, colors),
    ...settings.flatMap((setting) => ['', ...settingLines(setting, change, colors)]),
    ...tailLines(explanation, colors),
  ];
  return `${lines.join('\n')}\n`;
};

const headLines = (explanation: Explanation, colors: Colors): Lines => {
  const { conference, declared, declaredBy, status, revision } = explanation;
  const name = O.isSome(declared) ? nameWords(declared.value.name) : '';
  const standing = O.isSome(status) ? status.value.standing : 'not in the ledger';
  return [
    [colors.bold(conference), name, standing].filter((part) => part !== '').join('  '),
    ...(O.isSome(declared)
      ? [labelled('declared', `${placeWords(O.some(declared.value.at))}${byWords(declaredBy)}`)]
      : [labelled('declared', `not by ${showRevision(revision)}`)]),
    ...(O.isSome(status) && status.value.protected
      ? [labelled('protected', 'never completed by holdfast until `protect: false` is applied')]
      : []),
    ...(O.isSome(status) && status.value.completed
      ? [labelled('completed', 'it has ended, which is final')]
      : []),
  ];
};

const settingLines = (
  { setting, declared, condition, call, live, next }: SettingExplanation,
  change: Change,
  colors: Colors,
): Lines => [
  `${colors.bold(setting)} ${valueWords(declared, condition)}`,
  labelled('declared', declaredWords(declared)),
  labelled('ledger', conditionWords(condition)),
  ...(O.isSome(call) ? [labelled('call', callWords(call.value))] : []),
  ...(O.isSome(live) ? [labelled('live', liveWords(live.value))] : []),
  labelled('next', nextWords(next, change)),
];

const labelled = (label: string, text: string): string => `  ${label.padEnd(9)} ${text}`;

const valueWords = (declared: O.Option<DeclaredHere>, condition: O.Option<Condition>): string => {
  if (O.isSome(declared))
    return O.isSome(declared.value.value) ? showValue(declared.value.value.value) : 'null';
  return O.isSome(condition) ? showValue(condition.value.value) : '';
};

const declaredWords = (declared: O.Option<DeclaredHere>): string => {
  if (O.isNone(declared)) return 'not any more';
  const { value, at, origin, by } = declared.value;
  const where = `${placeWords(O.some(at))}${originWords[origin]}${byWords(by)}`;
  return O.isSome(value) ? where : `${where}: not ours, and left as it is`;
};

const originWords: Readonly<Record<Origin, string>> = {
  own: '',
  default: ', as a default of its document',
  merged: ', merged by `<<`',
};

const byWords = (by: O.Option<Commit>): string =>
  O.isSome(by) ? `, ${showCommit(by.value)}, ${showTime(by.value.atMs).slice(0, 10)}` : '';

const conditionWords = (condition: O.Option<Condition>): string => {
  if (O.isNone(condition)) return 'never applied';
  const { value } = condition.value;
  if (condition.value._tag === 'Applied') return `${showValue(value)} was applied`;
  const { before } = condition.value;
  return `in doubt: ${showValue(value)} was sent and the answer was lost; before, ${O.isSome(before) ? showValue(before.value) : 'nothing'} had been applied`;
};

const callWords = (call: Call): string => {
  const { result, startedAtMs, attempt } = call;
  const answer = O.isSome(result)
    ? `${outcomeWords[result.value.outcome]}${O.isSome(result.value.status) ? ` with ${result.value.status.value}` : ''} in ${result.value.durationMs} ms`
    : 'no answer was recorded';
  const again = attempt > 1 ? `, attempt ${attempt}` : '';
  return `number ${call.call}, ${showTime(startedAtMs)}, ${answer}${again}, by ${showRevision(call)}`;
};

const liveWords = ({ value, atMs }: LiveHere): string => `${shownValue(value)}, seen ${showTime(atMs)}`;

const shownValue = (value: O.Option<SettingValue>): string =>
  O.isSome(value) ? showValue(value.value) : 'not set';

const nextWords = (next: O.Option<SettingChange>, change: Change): string => {
  if (change._tag === 'Blocked') return blockedWords[change.reason].why;
  if (change._tag === 'Suspended') return suspendedWords;
  if (O.isNone(next)) return 'nothing to do';
  const { from, to, why } = settingWords(next.value);
  return `${from} -> ${to} (${why})`;
};

/** Why what is to be done is not done yet. */
const tailLines = ({ change, status, alerts, isIdle }: Explanation, colors: Colors): Lines => {
  const trouble = O.chain(({ trouble: own }: { trouble: O.Option<Trouble> }) => own)(status);
  const waits = change._tag === 'Update' || change._tag === 'Complete';
  const why = [
    ...(O.isSome(trouble) ? [troubleWords(trouble.value)] : []),
    ...alerts.map(alertText),
    ...(waits && isIdle ? ['no daemon and no apply is running: `holdfast apply` makes the call'] : []),
  ];
  return why.length === 0 ? [] : ['', ...why.map((text) => colors.yellow(text))];
};

const troubleWords = ({ kind, evidence, attempts, sinceMs, nextAttemptAtMs }: Trouble): string => {
  const next = O.isSome(nextAttemptAtMs)
    ? `, next attempt ${showTime(nextAttemptAtMs.value)}`
    : ', not before the declaration changes or somebody applies';
  return `${kind} since ${showTime(sinceMs)}, attempts: ${attempts}${next}: ${evidenceText(evidence)}`;
};
