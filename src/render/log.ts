/**
 * What a log line says. Every line is an event with fields for machines and one sentence for people; the
 * logger adds time and level. Pure; passwords in URLs are masked here.
 */
import * as O from 'fp-ts/lib/Option.js';
import { isOutageFailure, type OutageFailure } from '../apply/patience.js';
import type { AudienceRefusal, DispatchEvent } from '../apply/dispatch-event.js';
import type { Evidence, Failure } from '../catapult/answer.js';
import { showPlace } from '../conference/place.js';
import { maskPasswords } from '../conference/url.js';
import type { Problem } from '../desired/problem.js';
import type { Rate } from '../ledger/store.js';
import type { Plan, Refusal } from '../plan/plan.js';
import { callsAndTime, count, showDuration } from './duration.js';
import { evidenceText } from './evidence.js';
import { ledgerErrorText } from './ledger-error.js';
import { revisionFields, showCommit, commitFields } from './revision.js';
import { safeText } from './safe-text.js';
import { maskBody, showBody } from './value.js';

export interface LogLine {
  readonly level: 'info' | 'warn' | 'error';
  readonly event: LogEvent;
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

export type LogEvent =
  | 'started'
  | 'revision'
  | 'plan'
  | 'call'
  | 'blocked'
  /** A conference is let go of, because it is not declared any more. */
  | 'released'
  | 'invalid'
  | 'refused'
  | 'stopped'
  /** Everything is as declared. */
  | 'settled'
  /** A conference waits for people, a missing answer or a repair. */
  | 'waiting'
  /** No calls to the account until it works again, and the end of that. */
  | 'paused'
  | 'resumed'
  /** Somebody else changed a setting, and the end of that: by itself, or by a call. */
  | 'drift'
  | 'drift-over'
  | 'healed'
  /** It is not set again any more, because somebody else sets it as often. */
  | 'contested'
  /** A conference has ended by itself. */
  | 'ended'
  /** The state cannot be written, or a defect. */
  | 'failed'
  /** What to try next. */
  | 'hint'
  /** What the sandbox answered. */
  | 'sandbox';

export const planLine = (plan: Plan, rate: Rate): LogLine => {
  const { calls, seconds, update, complete, release, blocked, suspended } = plan.summary;
  const parts = [
    [update, 'to update'],
    [complete, 'to complete'],
    [release, 'to release'],
    [blocked, 'blocked'],
    [suspended, 'suspended'],
  ].flatMap(([number, words]) => (number === 0 ? [] : [`${String(number)} ${String(words)}`]));
  const message =
    parts.length === 0 ? 'nothing to do' : `${parts.join(', ')}: ${callsAndTime(calls, seconds, rate)}`;
  return { level: 'info', event: 'plan', message, fields: { ...revisionFields(plan), ...plan.summary } };
};

export const problemLine = (problem: Problem): LogLine => ({
  level: problem.severity === 'error' ? 'error' : 'warn',
  event: 'invalid',
  message: `${showPlace(problem.at)}: ${problem.message}${problem.hint === '' ? '' : ` (${problem.hint})`}${problem.commit === undefined ? '' : `; commit ${showCommit(problem.commit)} is not taken`}`,
  fields: {
    ...(problem.commit === undefined ? {} : commitFields(problem.commit)),
    at: showPlace(problem.at),
    rule: problem.rule,
    severity: problem.severity,
  },
});

export const refusalLine = ({ conference, message, rule, at }: Refusal): LogLine => ({
  level: 'error',
  event: 'refused',
  message: `${conference} is held back: ${message}; if it is meant, stop this, run \`holdfast apply --force "reason"\`, and start again`,
  fields: { conference, rule, ...placed(at) },
});

export const dispatchLine = (event: DispatchEvent): O.Option<LogLine> => {
  switch (event._tag) {
    case 'Called':
      return isFailedProbe(event) ? O.none : O.some(callLine(event));
    case 'Skipped':
    case 'Sighted':
      return O.none;
    case 'SightFailed':
      return event.isNews && event.failure._tag === 'Missing' ? O.some(missingLine(event)) : O.none;
    case 'Looked':
      return event.isNews ? O.some(lookLine(event)) : O.none;
    case 'Refused':
      return event.isNews ? O.some(audienceLine(event.refusal)) : O.none;
    case 'LookFailed': {
      if (event.isProbe) return O.none;
      const { conference } = event.change;
      return O.some({
        level: 'warn',
        event: 'waiting',
        message: `${conference} could not be read: ${evidenceText(event.failure.evidence)}${retryText(event.retryAfterMs)}`,
        fields: { conference, ...evidenceFields(event.failure.evidence) },
      });
    }
    case 'Paused':
      return O.some({
        level: 'error',
        event: 'paused',
        message: `${outageText(event.failure)}. No calls but a probe now and then`,
        fields: evidenceFields(event.failure.evidence),
      });
    case 'Resumed':
      return O.some({
        level: 'info',
        event: 'resumed',
        message: event.answered
          ? 'the API answers again: going on'
          : 'nothing waits for a call any more: the account is tried again with the next change',
        fields: {},
      });
    case 'LedgerFailed':
      return O.some({ level: 'error', event: 'failed', message: ledgerErrorText(event.error), fields: {} });
    case 'Broken':
      return O.some({
        level: 'error',
        event: 'failed',
        message: `${event.conference}: a defect in holdfast: ${safeText(event.message)}; please report it`,
        fields: { conference: event.conference },
      });
  }
};

/** That the account does not work was told, and is not told again with every probe. */
const isFailedProbe = ({ isProbe, settlement }: Extract<DispatchEvent, { _tag: 'Called' }>): boolean =>
  isProbe && settlement._tag === 'Failed' && isOutageFailure(settlement.failure);

const missingLine = ({ conference, failure }: Extract<DispatchEvent, { _tag: 'SightFailed' }>): LogLine => ({
  level: 'warn',
  event: 'waiting',
  message: `${conference} is not known to the API any more: ${evidenceText(failure.evidence)}`,
  fields: { conference, ...evidenceFields(failure.evidence) },
});

const lookLine = ({ change, live, audience }: Extract<DispatchEvent, { _tag: 'Looked' }>): LogLine => {
  const { conference } = change;
  return {
    level: 'info',
    event: 'waiting',
    message: `${conference} was read: ${live.state}, ${audienceText(audience)}`,
    fields: { conference, state: live.state, ...audienceField(audience) },
  };
};

/** It goes out by itself when people have left, so that it is no error. */
const audienceLine = ({ conference, message, at, audience }: AudienceRefusal): LogLine => ({
  level: 'warn',
  event: 'refused',
  message: `${O.isSome(at) ? `${safeText(showPlace(at.value))}: ` : ''}${conference} is held back: ${message}`,
  fields: { conference, rule: 'max-audience', ...audienceField(audience), ...placed(at) },
});

const audienceField = (audience: O.Option<number>): Readonly<Record<string, unknown>> =>
  O.isSome(audience) ? { audience: audience.value } : {};

const audienceText = (audience: O.Option<number>): string => {
  if (O.isNone(audience)) return 'no word of how many are in it';
  return audience.value === 0 ? 'nobody is in it' : `${count(audience.value, 'member')} in it`;
};

const callLine = ({ change, settlement }: Extract<DispatchEvent, { _tag: 'Called' }>): LogLine => {
  const { call, result } = settlement;
  const failed = settlement._tag === 'Failed';
  const ended = failed && settlement.failure._tag === 'Ended';
  const blocked = ended && change._tag !== 'Complete' && !change.forget;
  const words = failed
    ? `${failureWords(settlement.failure._tag)}: ${evidenceText(settlement.failure.evidence)}`
    : 'applied';
  return {
    level: !failed || (ended && !blocked) ? 'info' : 'warn',
    event: blocked ? 'blocked' : 'call',
    message: `${call.conference}  ${showBody(call.body)}  ${words} in ${result.durationMs} ms${failed ? retryText(settlement.retryAfterMs) : ''}`,
    fields: {
      conference: call.conference,
      ...revisionFields(call),
      body: maskBody(call.body),
      outcome: failed ? failureWords(settlement.failure._tag) : 'applied',
      ...(O.isSome(result.status) ? { status: result.status.value } : {}),
      ...(O.isSome(result.code) ? { code: result.code.value } : {}),
      ms: result.durationMs,
      attempt: call.attempt,
      ...placed(call.at),
    },
  };
};

const failureWords = (tag: Failure['_tag']): string => {
  switch (tag) {
    case 'InDoubt':
      return 'in doubt';
    case 'Unsent':
      return 'not sent';
    case 'Limited':
      return 'over the limit';
    case 'Ended':
      return 'has ended';
    case 'Rejected':
    case 'Denied':
    case 'Missing':
    case 'Conflict':
      return tag.toLowerCase();
  }
};

/** What is wrong with the account, and what to look at. */
export const outageText = ({ _tag, evidence }: OutageFailure): string => {
  switch (_tag) {
    case 'Denied':
      return `the API refuses the account: ${evidenceText(evidence)}; check BANDWIDTH_USER_ID, BANDWIDTH_API_TOKEN, BANDWIDTH_API_SECRET and the endpoint`;
    case 'Unsent':
      return `the API cannot be reached: ${evidenceText(evidence)}`;
    case 'InDoubt':
      return `the API answers with nothing but errors: ${evidenceText(evidence)}`;
  }
};

const retryText = (retryAfterMs: O.Option<number>): string =>
  O.isSome(retryAfterMs) && retryAfterMs.value > 0
    ? `; again in ${showDuration(retryAfterMs.value / 1000)}`
    : '';

const evidenceFields = ({ status, code, message }: Evidence): Readonly<Record<string, unknown>> => ({
  ...(O.isSome(status) ? { status: status.value } : {}),
  ...(O.isSome(code) ? { code: code.value } : {}),
  reason: maskPasswords(message),
});

const placed = (at: Refusal['at']): Readonly<Record<string, unknown>> =>
  O.isSome(at) ? { at: showPlace(at.value) } : {};
