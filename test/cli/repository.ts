/** A repository of its own, by the real git, whatever the person who runs the tests has configured. */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export interface Repository {
  readonly folder: string;
  readonly git: (...args: readonly string[]) => string;
  /** Below the repository, and the folders it needs. */
  readonly write: (path: string, text: string) => void;
  /** All that there is; its name. */
  readonly commit: (subject: string) => string;
  readonly remove: () => void;
}

/** What a run of the program needs to find the same git. */
export const gitVariables: Readonly<Record<string, string>> = {
  PATH: process.env['PATH'] ?? '',
  HOME: '/nonexistent',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_SYSTEM: '/dev/null',
};

export const gitIn = (folder: string, ...args: readonly string[]): string =>
  execFileSync('git', ['-c', 'user.name=Ann', '-c', 'user.email=ann@example.com', ...args], {
    cwd: folder,
    env: { ...gitVariables, GIT_AUTHOR_DATE: '1700000000 +0000', GIT_COMMITTER_DATE: '1700000000 +0000' },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  }).trim();

export const makeRepository = (): Repository => {
  const repository = at(mkdtempSync(join(tmpdir(), 'holdfast-repository-')));
  repository.git('init', '--quiet', '--initial-branch=main');
  return repository;
};

/** Cheaper than making it again. */
export const copyOf = ({ folder }: Repository): Repository => {
  const copy = mkdtempSync(join(tmpdir(), 'holdfast-repository-'));
  cpSync(folder, copy, { recursive: true, preserveTimestamps: true });
  return at(copy);
};

const at = (folder: string): Repository => {
  const git = (...args: readonly string[]): string => gitIn(folder, ...args);
  return {
    folder,
    git,
    write: (path, text) => {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    },
    commit: (subject) => {
      git('add', '--all');
      git('commit', '--quiet', '--allow-empty', `--message=${subject}`);
      return git('rev-parse', 'HEAD');
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
};
