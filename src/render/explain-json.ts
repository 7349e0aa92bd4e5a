/** Why a conference is what it is, for scripts. Pure. */
import * as O from 'fp-ts/lib/Option.js';
import { showPlace } from '../conference/place.js';
import { maskPasswords } from '../conference/url.js';
import type { Call } from '../ledger/store.js';
import type { DeclaredHere, Explanation, SettingExplanation } from '../plan/explain.js';
import { alertJson } from './alert.js';
import { resultJson } from './history-json.js';
import { changeJson } from './plan-json.js';
import { commitEntry } from './revision.js';
import { safeJsonText } from './safe-text.js';
import { conferenceJson } from './status-json.js';
import { outcomeWords } from './status-words.js';
import { showTime } from './time.js';
import { maskBody, maskValue } from './value.js';

export const explanationJsonText = (explanation: Explanation): string =>
  `${safeJsonText(JSON.stringify(explanationJson(explanation), null, 2))}\n`;

const explanationJson = (explanation: Explanation): object => {
  const { conference, revision, declared, declaredBy, status, change, settings, alerts } = explanation;
  const planned = changeJson(change);
  return {
    formatVersion: 1,
    conference,
    ...(O.isSome(declared)
      ? {
          ...(O.isSome(declared.value.name) ? { name: maskPasswords(declared.value.name.value) } : {}),
          at: showPlace(declared.value.at),
          ...(O.isSome(declaredBy) ? { writtenBy: commitEntry(declaredBy).commit } : {}),
        }
      : {}),
    revision: revision.revision,
    ...commitEntry(revision.commit),
    settings: settings.map(settingJson),
    ...(O.isSome(planned) ? { change: planned.value } : {}),
    ...(O.isSome(status) ? { status: conferenceJson(status.value) } : {}),
    alerts: alerts.map(alertJson),
  };
};

const settingJson = ({ setting, declared, condition, call, live, next }: SettingExplanation): object => ({
  setting,
  ...(O.isSome(declared) ? { declared: declaredJson(declared.value) } : {}),
  ledger: O.isNone(condition)
    ? { condition: 'never applied' }
    : condition.value._tag === 'Applied'
      ? { condition: 'applied', value: maskValue(condition.value.value) }
      : {
          condition: 'in doubt',
          value: maskValue(condition.value.value),
          ...(O.isSome(condition.value.before) ? { before: maskValue(condition.value.before.value) } : {}),
        },
  ...(O.isSome(call) ? { call: callJson(call.value) } : {}),
  ...(O.isSome(live)
    ? {
        live: {
          ...(O.isSome(live.value.value) ? { value: maskValue(live.value.value.value) } : {}),
          at: showTime(live.value.atMs),
        },
      }
    : {}),
  ...(O.isSome(next) ? { why: next.value.why } : {}),
});

const declaredJson = ({ value, at, origin, by }: DeclaredHere): object => ({
  value: O.isSome(value) ? maskValue(value.value) : null,
  at: showPlace(at),
  origin,
  ...(O.isSome(by) ? { writtenBy: commitEntry(by).commit } : {}),
});

const callJson = ({ call, revision, commit, body, attempt, startedAtMs, result }: Call): object => ({
  call,
  at: showTime(startedAtMs),
  revision,
  ...commitEntry(commit),
  body: maskBody(body),
  attempt,
  ...(O.isSome(result)
    ? {
        outcome: outcomeWords[result.value.outcome],
        ...resultJson(result.value),
      }
    : {}),
});
