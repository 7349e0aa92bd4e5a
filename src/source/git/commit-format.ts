/** A commit, as `git log` is asked to print it. Pure. */
import * as O from 'fp-ts/lib/Option.js';
import type { Commit } from '../../conference/revision.js';

/** Name, first line, author, email, seconds; no part can hold a NUL. */
export const commitFormat = '--format=%H%x00%s%x00%an%x00%ae%x00%ct';

export const readCommit = (output: Buffer): O.Option<Commit> => {
  const [sha, subject, author, email, seconds] = output.toString('utf8').replace(/\n$/, '').split('\0');
  return sha === undefined || subject === undefined || author === undefined || email === undefined
    ? O.none
    : O.some({ sha, subject: subject.slice(0, longestSubject), author, email, atMs: Number(seconds) * 1000 });
};

/** Without an empty line, all of a message is its first line. */
const longestSubject = 500;

/** The full name of a commit, as a revision is named. */
export const isCommitName = (revision: string): boolean => /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(revision);
