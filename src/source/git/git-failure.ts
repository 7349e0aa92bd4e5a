/** What git says when it fails, in words for people. Pure. */
import * as O from 'fp-ts/lib/Option.js';
import { hideSecrets } from '../../desired/hide-secrets.js';

export interface GitFailure {
  /** none: it was not started, or ended by a signal. */
  readonly exitCode: O.Option<number>;
  /** One line, without secrets. */
  readonly message: string;
}

export const failureOf = ({
  code,
  stderr,
}: {
  readonly code: number | null;
  readonly stderr: string;
}): GitFailure => ({
  exitCode: O.fromNullable(code),
  message: hideRemotes(wordsOf(stderr)) || `git ended with ${code === null ? 'a signal' : String(code)}`,
});

/** It was not started, or ended by us. */
export const notRun = (message: string): GitFailure => ({
  exitCode: O.none,
  message: hideSecrets(message),
});

/**
 * An address of a repository without what may be a secret: a token can stand in the place of a user, without a
 * password behind it, or in the query.
 */
export const hideRemotes = (text: string): string =>
  hideSecrets(text)
    .replace(/(https?:\/\/)[^\s/@'"]*@/gi, '$1***@')
    .replace(/(https?:\/\/[^\s'"?]*\?)[^\s'"]*/gi, '$1***');

/** The branch is not there. Git says so in English: `git-environment.ts` sees to that. */
export const isMissingBranch = ({ message }: GitFailure): boolean =>
  /couldn't find remote ref/i.test(message);

/** There is no such folder in the commit. */
export const isMissingPath = ({ message }: GitFailure): boolean =>
  /not a valid object name|not a tree object/i.test(message);

/** Something of the clone is missing or unreadable, as was found by other means than git's words. */
export const damage = (what: string): GitFailure => ({
  exitCode: O.none,
  message: `the clone is damaged: ${what}`,
});

/** What was fetched is damaged, or so it seems: what went wrong in a fetch may be damaged elsewhere. */
export const isDamage = ({ message }: GitFailure): boolean =>
  damaged.test(message) &&
  !/remote end hung up|early EOF|could not read (?:from remote|username|password)/i.test(message);

const damaged = new RegExp(
  [
    'the clone is damaged',
    'not a git repository',
    'bad (?:boolean |numeric )?config .*\\.git/config',
    'is corrupt|is empty|garbage at end|inflate|packfile|did not send all necessary objects',
    'bad tree|bad object|invalid object|not a tree object|missing (?:blob|tree|commit|object)',
    'bad ref|reference broken|unable to resolve reference|unable to read|could not read',
  ].join('|'),
  'i',
);

/** The repository names its objects in another way than the clone, such as `sha256`. */
export const otherObjectFormat = ({ message }: GitFailure): O.Option<string> =>
  O.fromNullable(/mismatched algorithms: client \w+; server (\w+)/.exec(message)?.[1]);

/**
 * What went wrong stands behind `fatal:` or `error:`; ssh and helpers say it in a line before, without a word in
 * front. Progress and hints are left out.
 */
const wordsOf = (stderr: string): string => {
  const lines = stderr
    .split(/[\r\n]+/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !noise.test(line));
  const faults = lines.filter((line) => /^(?:fatal|error|ssh|remote: (?:fatal|error))\b/i.test(line));
  const told = faults.length > 0 ? faults : lines;
  const plain = told.map((line) => line.replace(/^(?:fatal|error): /i, ''));
  const context = faults.length > 0 && vague.test(plain[0] ?? '') ? lines.slice(0, 1) : [];
  return [...new Set([...context, ...plain])].slice(0, 3).join('; ').slice(0, 500);
};

const noise =
  /^(?:hint:|(?:remote: )?(?:Enumerating|Counting|Compressing|Finding|Total|Receiving|Resolving|Unpacking|Indexing|Checking|Writing)\b|From |[*+!=-] |[0-9a-f]+\.\.|Please make sure|and the repository exists)/;
const vague = /^could not read from remote repository/i;
