/** What was called and forced, for scripts. Pure. */
import * as O from 'fp-ts/lib/Option.js';
import { showPlace } from '../conference/place.js';
import { maskPasswords } from '../conference/url.js';
import type { CallResult, Forced } from '../ledger/store.js';
import type { History, HistoryLine } from '../plan/history.js';
import { jsonPieces } from './json-pieces.js';
import { mapped } from './pieces.js';
import { commitEntry } from './revision.js';
import { endWords } from './status-words.js';
import { showTime } from './time.js';
import { maskBody } from './value.js';

/** Names as in the `lastCall` of a status. */
export const historyJsonPieces = ({ lines, more }: History): Iterable<string> =>
  jsonPieces({
    formatVersion: 1,
    calls: mapped(lines, (line) => (line._tag === 'Call' ? [callJson(line)] : [])),
    forced: mapped(lines, (line) => (line._tag === 'Force' ? [forcedJson(line.forced)] : [])),
    more,
  });

const callJson = ({ call, name, end }: Extract<HistoryLine, { _tag: 'Call' }>): object => ({
  call: call.call,
  at: showTime(call.startedAtMs),
  conference: call.conference,
  ...(O.isSome(name) ? { name: maskPasswords(name.value) } : {}),
  method: call.method,
  body: maskBody(call.body),
  outcome: endWords[end],
  ...(O.isSome(call.result) ? resultJson(call.result.value) : {}),
  attempt: call.attempt,
  revision: call.revision,
  ...commitEntry(call.commit),
  ...(O.isSome(call.at) ? { place: showPlace(call.at.value) } : {}),
  ...(O.isSome(call.force) ? { force: maskPasswords(call.force.value) } : {}),
});

export const resultJson = ({ status, code, message, durationMs }: CallResult): object => ({
  ms: durationMs,
  ...(O.isSome(status) ? { status: status.value } : {}),
  ...(O.isSome(code) ? { code: maskPasswords(code.value) } : {}),
  ...(message === '' ? {} : { message: maskPasswords(message) }),
});

const forcedJson = ({ atMs, revision, reason, conferences }: Forced): object => ({
  at: showTime(atMs),
  revision,
  reason: maskPasswords(reason),
  conferences,
});
