/** An alert in one line. Pure. */
import * as O from 'fp-ts/lib/Option.js';
import { showPlace } from '../conference/place.js';
import { maskPasswords } from '../conference/url.js';
import type { Alert } from '../ledger/store.js';
import { commitEntry, showCommit, type CommitJson } from './revision.js';
import { safeText } from './safe-text.js';
import { showTime } from './time.js';

export const alertText = ({ kind, message, at, commit, sinceMs }: Alert): string =>
  safeText(
    `${kind}: ${O.isSome(at) ? `${showPlace(at.value)}: ` : ''}${maskPasswords(message)}${O.isSome(commit) ? `; commit ${showCommit(commit.value)} is not taken` : ''} (since ${showTime(sinceMs)})`,
  );

export interface AlertJson {
  readonly kind: Alert['kind'];
  readonly message: string;
  readonly at?: string;
  readonly commit?: CommitJson;
  readonly since: string;
}

export const alertJson = ({ kind, message, at, commit, sinceMs }: Alert): AlertJson => ({
  kind,
  message: maskPasswords(message),
  ...(O.isSome(at) ? { at: showPlace(at.value) } : {}),
  ...commitEntry(commit),
  since: showTime(sinceMs),
});
