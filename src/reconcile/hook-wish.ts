/**
 * What a webhook that is genuine asks for. It is a hint like any other: the only thing that is ever done about it is
 * a fetch, which finds out by itself what there is. Pure.
 *
 * Law: whatever cannot be read is worth a fetch; only what says clearly that it is about something else is not.
 */
import * as O from 'fp-ts/lib/Option.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as t from 'io-ts';
import { field, parseRecord } from '../catapult/json-record.js';
import type { Header } from './hook-claim.js';

/** `ping`: the sender tries whether anybody is there. `nothing`: it is about another branch, or no push. */
export type HookWish = 'fetch' | 'ping' | 'nothing';

/** `body`: the beginning of it. `branch`: the one that is watched; none: not known. */
export const wishIn = (header: Header, body: string, branch: O.Option<string>): HookWish => {
  const event = eventIn(header);
  if (event === 'ping') return 'ping';
  if (!pushes.includes(event)) return 'nothing';
  const ref = refIn(isForm(header) ? payloadIn(body) : body);
  return O.isNone(ref) || O.isNone(branch) || isRefOf(branch.value, ref.value) ? 'fetch' : 'nothing';
};

/** Gitea and Forgejo also send the header of GitHub. A sender that names no event has only one. */
const eventIn = (header: Header): string =>
  header('x-github-event') ??
  header('x-gitea-event') ??
  header('x-forgejo-event') ??
  header('x-gitlab-event') ??
  'push';

/** The hooks of a whole GitLab are all called `System Hook`. */
const pushes: readonly string[] = ['push', 'Push Hook', 'System Hook'];

/** What GitHub sends unless JSON was chosen. `curl` says so of anything. */
const isForm = (header: Header): boolean =>
  (header('content-type') ?? '').startsWith('application/x-www-form-urlencoded');

const payloadIn = (body: string): string => new URLSearchParams(body).get('payload') ?? body;

const refIn = (payload: string): O.Option<string> =>
  pipe(
    parseRecord(payload),
    O.chain((record) => field(record, 'ref', t.string)),
  );

const isRefOf = (branch: string, ref: string): boolean => ref === `refs/heads/${branch}` || ref === branch;
