/**
 * Real repositories for tests, bare and in a folder of their own: a commit is one `git fast-import`, which takes names
 * and kinds of files that no file system would. Nothing of the person's own configuration is read.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

/** What a test hands back when it is over. */
export interface Scope {
  readonly onTestFinished: (cleanUp: () => void | Promise<void>) => void;
}

export const removed = { removed: true } as const;

/** A text, bytes, a symbolic link, another repository, or nothing any more. */
export type Entry =
  | string
  | Buffer
  | { readonly link: string }
  | { readonly submodule: string }
  | typeof removed;

/** A name that is no UTF-8 is given as bytes. */
export type Entries =
  | readonly (readonly [name: string | Buffer, entry: Entry])[]
  | Readonly<Record<string, Entry>>;

export interface CommitOptions {
  /** `main` where it is left out. */
  readonly branch?: string;
  /** The commit it goes on from; `nothing`: a beginning of its own. The tip of the branch where it is left out. */
  readonly onto?: string;
  readonly author?: string;
}

export interface Repository {
  readonly path: string;
  readonly git: (...args: readonly string[]) => string;
  /** Changes these files on the branch, and gives the name of the commit. */
  readonly commit: (subject: string, entries: Entries, options?: CommitOptions) => string;
  /** Sets the branch to another commit, by force. */
  readonly setBranch: (commit: string, branch?: string) => void;
}

const has = (program: string, argument: string): boolean =>
  spawnSync(program, [argument], { stdio: 'ignore' }).error === undefined;

export const gitIsHere = has('git', '--version');
export const sshKeygenIsHere = has('ssh-keygen', '-?');
export const gpgIsHere = has('gpg', '--version');

export const gitEnv = (folder: string, path = process.env['PATH'] ?? ''): Record<string, string> => ({
  PATH: path,
  HOME: folder,
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_SYSTEM: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_TERMINAL_PROMPT: '0',
  GIT_AUTHOR_NAME: 'Ann',
  GIT_AUTHOR_EMAIL: 'ann@example.com',
  GIT_COMMITTER_NAME: 'Ann',
  GIT_COMMITTER_EMAIL: 'ann@example.com',
  GIT_AUTHOR_DATE: '1700000000 +0000',
  GIT_COMMITTER_DATE: '1700000000 +0000',
});

/** A folder that comes before everything else on the PATH. */
export const pathWith = (folder: string): string => `${folder}${delimiter}${process.env['PATH'] ?? ''}`;

export const temporaryFolder = ({ onTestFinished }: Scope): string => {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-git-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
};

export const runGit = (folder: string, args: readonly string[], input: string | Buffer = ''): string => {
  const ran = spawnSync('git', args, { cwd: folder, env: gitEnv(folder), input });
  if (ran.status !== 0) throw new Error(`git ${args.join(' ')}: ${ran.stderr.toString('utf8')}`);
  return ran.stdout.toString('utf8').trim();
};

export const makeRepository = (
  folder: string,
  name = 'source.git',
  ...flags: readonly string[]
): Repository => {
  const path = join(folder, name);
  runGit(folder, ['init', '--quiet', '--bare', '--initial-branch=main', ...flags, path]);
  const git = (...args: readonly string[]): string => runGit(path, args);
  const branches = new Set<string>();
  return {
    path,
    git,
    commit: (subject, entries, { branch = 'main', onto, author = 'Ann' } = {}) => {
      const before = onto ?? (branches.has(branch) ? `refs/heads/${branch}^0` : 'nothing');
      branches.add(branch);
      const stream = commitStream(subject, entries, { branch, author, before });
      return runGit(path, ['fast-import', '--quiet', '--force'], stream);
    },
    setBranch: (commit, branch = 'main') => {
      git('update-ref', `refs/heads/${branch}`, commit);
    },
  };
};

const commitStream = (
  subject: string,
  entries: Entries,
  { branch, author, before }: { readonly branch: string; readonly author: string; readonly before: string },
): Buffer => {
  const list = entryList(entries);
  return Buffer.concat([
    line(`commit refs/heads/${branch}`),
    line('mark :1'),
    line(`author ${author} <${author.toLowerCase()}@example.com> 1700000000 +0000`),
    line(`committer ${author} <${author.toLowerCase()}@example.com> 1700000000 +0000`),
    data(Buffer.from(subject)),
    ...(before === 'nothing' ? [] : [line(`from ${before}`)]),
    ...list.map(([name, entry]) => change(name, entry)),
    line(''),
    line('get-mark :1'),
  ]);
};

const entryList = (entries: Entries): readonly (readonly [string | Buffer, Entry])[] =>
  isList(entries) ? entries : Object.entries(entries);

const isList = (entries: Entries): entries is Extract<Entries, readonly unknown[]> => Array.isArray(entries);

const change = (name: string | Buffer, entry: Entry): Buffer => {
  const path = quoted(name);
  if (typeof entry === 'object' && 'removed' in entry) return line(`D ${path}`);
  if (typeof entry === 'string' || Buffer.isBuffer(entry))
    return Buffer.concat([line(`M 100644 inline ${path}`), data(Buffer.from(entry))]);
  if ('submodule' in entry) return line(`M 160000 ${entry.submodule} ${path}`);
  return Buffer.concat([line(`M 120000 inline ${path}`), data(Buffer.from(entry.link))]);
};

const line = (text: string): Buffer => Buffer.from(`${text}\n`);

const data = (content: Buffer): Buffer => Buffer.concat([line(`data ${content.length}`), content, line('')]);

/** As C writes it: every byte by its number. */
const quoted = (name: string | Buffer): string =>
  `"${[...Buffer.from(name)].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('')}"`;
