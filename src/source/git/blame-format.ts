/** Who wrote which line, as `git blame --porcelain` prints it. Pure. */
import * as O from 'fp-ts/lib/Option.js';
import type { Commit } from '../../conference/revision.js';
import { maskPasswords } from '../../conference/url.js';

/** By line number. A line that is not committed yet has no commit. */
export const readBlame = (output: string): ReadonlyMap<number, Commit> => {
  const commits = new Map<string, Commit>();
  const lines = new Map<number, string>();
  let current: { readonly sha: string; readonly words: Map<string, string> } | undefined;
  for (const line of output.split('\n')) {
    const [, sha, number] = /^([0-9a-f]{40,64}) [0-9]+ ([0-9]+)/.exec(line) ?? [];
    if (sha !== undefined && number !== undefined && current === undefined) {
      current = { sha, words: new Map() };
      lines.set(Number(number), sha);
    } else if (current !== undefined && line.startsWith('\t')) {
      // What git knows of a commit it tells once.
      const commit = commitOf(current.sha, current.words);
      if (!commits.has(current.sha) && O.isSome(commit)) commits.set(current.sha, commit.value);
      current = undefined;
    } else if (current !== undefined) {
      const [word = '', ...rest] = line.split(' ');
      current.words.set(word, rest.join(' '));
    }
  }
  return new Map(
    [...lines].flatMap(([number, sha]) => {
      const commit = commits.get(sha);
      return commit === undefined ? [] : [[number, commit] as const];
    }),
  );
};

const commitOf = (sha: string, words: ReadonlyMap<string, string>): O.Option<Commit> => {
  const [subject, author, email, seconds] = ['summary', 'author', 'author-mail', 'committer-time'].map(
    (word) => words.get(word),
  );
  if (author === undefined || /^0+$/.test(sha)) return O.none;
  return O.some({
    sha,
    subject: maskPasswords(subject ?? ''),
    author: maskPasswords(author),
    email: maskPasswords((email ?? '').replace(/^<|>$/g, '')),
    atMs: Number(seconds ?? 0) * 1000,
  });
};
