/** A commit, as `git log` is asked to print it. Pure. */
import * as O from 'fp-ts/lib/Option.js';
import type { Commit } from '../../conference/revision.js';
import { maskPasswords } from '../../conference/url.js';
import { shorten } from '../../desired/hide-secrets.js';

/** Name, first line, author, email, seconds; no part can hold a NUL. */
export const commitFormat = '--format=%H%x00%s%x00%an%x00%ae%x00%ct';

export const readCommit = (output: Buffer): O.Option<Commit> => {
  const [sha, subject, author, email, seconds] = output.toString('utf8').replace(/\n$/, '').split('\0');
  return sha === undefined || subject === undefined || author === undefined || email === undefined
    ? O.none
    : O.some({
        sha,
        subject: shown(subject),
        author: shown(author),
        email: shown(email),
        atMs: timeOf(seconds),
      });
};

/** It is kept in the ledger, where no password belongs. */
const shown = (text: string): string => maskPasswords(shorten(text, longestText));

/** Whoever makes a commit may write what he likes: all of a message without an empty line is its first line. */
const longestText = 500;

/** A date far beyond what a calendar has would end whoever shows it. */
const timeOf = (seconds: string | undefined): number => {
  const ms = Number(seconds) * 1000;
  return Math.abs(ms) <= latestMs ? ms : 0;
};

/** The end of the year 9999. */
const latestMs = 253_402_300_799_000;

/** The full name of a commit, as a revision is named. */
export const isCommitName = (revision: string): boolean => /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(revision);
