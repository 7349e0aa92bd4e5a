/** Where every conference stands, for scripts. Pure. */
import * as O from 'fp-ts/lib/Option.js';
import { showPlace } from '../conference/place.js';
import { maskPasswords } from '../conference/url.js';
import type { Sighting, Trouble } from '../ledger/record.js';
import type { ConferenceStatus } from '../plan/standing.js';
import { grantedRate, type Status } from '../plan/status.js';
import { alertJson } from './alert.js';
import { jsonPieces, type JsonDocument } from './json-pieces.js';
import { mapped } from './pieces.js';
import { commitEntry } from './revision.js';
import { outcomeWords } from './status-words.js';
import { showTime } from './time.js';
import { maskBody, maskValue } from './value.js';

/** As it is printed, in pieces, with a line break at the end. */
export const statusJsonPieces = (status: Status): Iterable<string> => jsonPieces(statusJson(status));

const statusJson = ({ revision, writer, alerts, budget, summary, conferences }: Status): JsonDocument => ({
  formatVersion: 1,
  ...(O.isSome(revision)
    ? {
        revision: revision.value.revision,
        ...commitEntry(revision.value.commit),
        since: showTime(revision.value.sinceMs),
      }
    : {}),
  ...(O.isSome(writer)
    ? { writer: { ...without(writer.value), since: showTime(writer.value.sinceMs) } }
    : {}),
  summary,
  budget: budgetJson(budget),
  alerts: alerts.map(alertJson),
  conferences: mapped(conferences, (conference) => [conferenceJson(conference)]),
});

const budgetJson = (budget: Status['budget']): object => ({
  rate: budget.rate,
  granted: grantedRate(budget),
  lanes: budget.lanes,
  ...(O.isSome(budget.oldestSinceMs) ? { oldestSince: showTime(budget.oldestSinceMs.value) } : {}),
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

export const conferenceJson = (conference: ConferenceStatus): object => {
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
          ...commitEntry(declared.value.commit),
          declared: maskBody(declared.value.settings),
        }
      : {}),
    applied: maskBody(conference.applied),
    inDoubt: maskBody(conference.inDoubt),
    completed: conference.completed,
    ...(O.isSome(conference.endReportedAtMs)
      ? { endReported: showTime(conference.endReportedAtMs.value) }
      : {}),
    protected: conference.protected,
    ...(O.isSome(conference.lane) ? { lane: conference.lane.value } : {}),
    ...(O.isSome(conference.waitingSinceMs)
      ? { waitingSince: showTime(conference.waitingSinceMs.value) }
      : {}),
    ...(O.isSome(conference.sighting) ? { live: liveJson(conference, conference.sighting.value) } : {}),
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

/** What the last GET showed: the people in it, and what has drifted. */
const liveJson = ({ drift }: ConferenceStatus, { atMs, audience }: Sighting): object => ({
  at: showTime(atMs),
  ...(O.isSome(audience) ? { audience: audience.value } : {}),
  drift: drift.map(({ setting, declared, applied, live, sinceMs }) => ({
    setting,
    ...(O.isSome(declared) ? { declared: maskValue(declared.value) } : {}),
    applied: maskValue(applied),
    ...(O.isSome(live) ? { live: maskValue(live.value) } : {}),
    since: showTime(sinceMs),
  })),
});

const troubleJson = ({ kind, evidence, attempts, sinceMs, nextAttemptAtMs }: Trouble): object => ({
  kind,
  ...(O.isSome(evidence.status) ? { status: evidence.status.value } : {}),
  ...(O.isSome(evidence.code) ? { code: evidence.code.value } : {}),
  message: maskPasswords(evidence.message),
  attempts,
  since: showTime(sinceMs),
  ...(O.isSome(nextAttemptAtMs) ? { nextAttempt: showTime(nextAttemptAtMs.value) } : {}),
});
