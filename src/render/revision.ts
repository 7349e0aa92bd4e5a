/** A revision for people and for scripts. What a commit says of itself was written by anybody: it is made safe here. */
import * as O from 'fp-ts/lib/Option.js';
import * as t from 'io-ts';
import type { Commit, Revision } from '../conference/revision.js';
import { maskPasswords } from '../conference/url.js';
import { quote, safeText, shorten } from './safe-text.js';
import { showTime } from './time.js';

/** `dir:sha256:1a2b3c4d5e6f`, or `1a2b3c4d5e6f "Mute the all-hands" by Ann`. */
export const showRevision = ({ revision, commit }: Revision): string =>
  O.isSome(commit) ? showCommit(commit.value) : safeText(shortRevision(revision));

/** `1a2b3c4d5e6f "Mute the all-hands" by Ann`. */
export const showCommit = ({ sha, subject, author }: Commit): string =>
  `${shortRevision(sha)} ${quote(maskPasswords(subject), 80)} by ${shorten(maskPasswords(author), 40)}`;

/** Enough to tell one from another. */
export const shortRevision = (revision: string): string =>
  revision.replace(/([0-9a-f]{12})[0-9a-f]{20,}/, '$1');

export const CommitJson = t.type({
  sha: t.string,
  subject: t.string,
  author: t.string,
  email: t.string,
  at: t.string,
});
export type CommitJson = t.TypeOf<typeof CommitJson>;

/** `commit`, where one is known. */
export const commitEntry = (commit: O.Option<Commit>): { readonly commit?: CommitJson } =>
  O.isSome(commit) ? { commit: commitJson(commit.value) } : {};

export const commitJson = ({ sha, subject, author, email, atMs }: Commit): CommitJson => ({
  sha,
  subject: maskPasswords(subject),
  author: maskPasswords(author),
  email: maskPasswords(email),
  at: showTime(atMs),
});

/** For a log line: the revision, and who made it for what. */
export const revisionFields = ({ revision, commit }: Revision): Readonly<Record<string, string>> => ({
  revision,
  ...(O.isSome(commit)
    ? { subject: maskPasswords(commit.value.subject), author: maskPasswords(commit.value.author) }
    : {}),
});

/** For a log line about a commit that is not in force. */
export const commitFields = (commit: Commit): Readonly<Record<string, string>> =>
  revisionFields({ revision: commit.sha, commit: O.some(commit) });
