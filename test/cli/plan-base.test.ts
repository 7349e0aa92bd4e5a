/** `plan --base` on real repositories: a pull request shows its own effect. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { runHere, type RanHere } from '../support/in-process.js';
import { parseRecord, recordsAt } from '../e2e/support/json.js';
import { gitIsHere } from '../support/git.js';
import { gitIn, gitVariables, copyOf, makeRepository, type Repository } from './repository.js';

const home = process.cwd();
let original: Repository;
let repository: Repository;
let main: string;

const manifest = (conferences: Readonly<Record<string, unknown>>): string => JSON.stringify({ conferences });

/** `main` has gone on since the branch was made: `conf-2` is muted there, which is no part of the branch. */
beforeAll(() => {
  original = makeRepository();
  const { write, commit, git } = original;
  write('desired/a.yaml', manifest({ 'conf-1': { mute: true }, 'conf-2': {}, 'conf-3': { tag: 'a' } }));
  write('README.md', 'rooms\n');
  const fork = commit('The rooms');
  write(
    'desired/a.yaml',
    manifest({ 'conf-1': { mute: true }, 'conf-2': { mute: true }, 'conf-3': { tag: 'a' } }),
  );
  main = commit('Mute the second');
  git('checkout', '--quiet', '-b', 'topic', fork);
  write('desired/a.yaml', manifest({ 'conf-1': { mute: false }, 'conf-2': {}, 'conf-3': { tag: 'a' } }));
  commit('Unmute the first');
});

afterAll(() => original.remove());

beforeEach(() => {
  repository = copyOf(original);
  process.chdir(repository.folder);
});

afterEach(() => {
  process.chdir(home);
  repository.remove();
});

const plan = (words: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<RanHere> =>
  runHere(['plan', ...words], { ...gitVariables, ...env });

const changesOf = ({ out }: RanHere): readonly string[] =>
  recordsAt(parseRecord(out), 'changes').map((change) =>
    [change['conference'], change['action'], JSON.stringify(change['body'] ?? {})].join(' '),
  );

describe.skipIf(!gitIsHere)('a branch', () => {
  it('shows what it does itself, from where it left the other one', async () => {
    const ran = await plan(['--base', 'main', '--format', 'json']);
    expect(ran.code, ran.err).toBe(0);
    expect(changesOf(ran)).toEqual(['conf-1 update {"mute":false}']);
    const fork = repository.git('rev-parse', 'topic~1');
    expect(parseRecord(ran.out)['revision']).toMatch(/^dir:sha256:/);
    expect(parseRecord(ran.out)).toMatchObject({
      commit: { subject: 'Unmute the first', author: 'Ann' },
      base: { revision: fork, named: 'main', commit: { sha: fork, subject: 'The rooms' } },
      changes: [{ settings: [{ from: true, to: false, at: 'desired/a.yaml:1:34' }] }],
    });
    expect(ran.err).toBe(
      `Compared with ${fork.slice(0, 12)} "The rooms" by Ann, where this branch left "main": what waits to be done there is left out.\n`,
    );
  });

  it.each([['text'], ['markdown']])('says in %s what it is compared with', async (format) => {
    const { out } = await plan(['--base', 'main', '--format', format]);
    expect(out).toContain('where this branch left');
    expect(out).toContain('2 unchanged');
    expect((await plan(['--base', 'topic', '--format', format])).out).toContain(
      'Nothing changes for 3 conferences.',
    );
  });

  it('is beside a commit, a tag, or a revision counted from here', async () => {
    repository.git('tag', 'v1', 'topic~1');
    for (const base of ['v1', 'HEAD~1', 'topic^', repository.git('rev-parse', 'topic~1')]) {
      const ran = await plan(['--base', base, '--format', 'json']);
      expect(changesOf(ran), base).toEqual(['conf-1 update {"mute":false}']);
    }
  });

  it('as a merge that a forge makes for a pull request, beside the first parent', async () => {
    repository.git('checkout', '--quiet', '--detach', 'main');
    repository.git('merge', '--quiet', '--no-ff', '-X', 'ours', '--message=merge', 'topic');
    repository.write(
      'desired/a.yaml',
      manifest({ 'conf-1': { mute: false }, 'conf-2': { mute: true }, 'conf-3': { tag: 'a' } }),
    );
    repository.git('commit', '--quiet', '--all', '--amend', '--no-edit');
    const ran = await plan(['--base', 'HEAD^1', '--format', 'json']);
    expect(changesOf(ran)).toEqual(['conf-1 update {"mute":false}']);
    expect(parseRecord(ran.out)).toMatchObject({ base: { revision: main } });
  });

  it('counts what is not committed yet, and has no commit then', async () => {
    repository.write('desired/b.yaml', manifest({ 'conf-4': { hold: true } }));
    const ran = await plan(['--base', 'main', '--format', 'json', '--detailed-exitcode']);
    expect(ran.code).toBe(2);
    expect(changesOf(ran)).toEqual(['conf-1 update {"mute":false}', 'conf-4 update {"hold":true}']);
    expect(parseRecord(ran.out)['commit']).toBeUndefined();
  });

  it('from another folder shows places as the directory was named', async () => {
    process.chdir(join(repository.folder, 'desired'));
    repository.write('desired/a.yaml', manifest({ 'conf-1': { mute: true }, 'conf-2': {} }));
    const { out } = await plan(['.', '--base', 'main', '--format', 'json']);
    expect(recordsAt(parseRecord(out), 'changes')).toMatchObject([
      { conference: 'conf-3', action: 'release', at: './a.yaml:1:52' },
    ]);
  });

  it('leaves nothing behind, in the folder and in git', async () => {
    const before = readdirSync('.', { recursive: true }).sort();
    await plan(['--base', 'main']);
    expect(readdirSync('.', { recursive: true }).sort()).toEqual(before);
    expect(existsSync('.holdfast')).toBe(false);
  });
});

describe.skipIf(!gitIsHere)('a base', () => {
  it('with a broken file says so, and hides nothing of what may stand there', async () => {
    repository.git('checkout', '--quiet', 'main');
    repository.write('desired/b.yaml', 'conferences: [');
    repository.commit('Broken');
    repository.write('desired/b.yaml', manifest({ 'conf-4': { hold: true } }));
    const ran = await plan(['--base', 'main', '--format', 'json']);
    expect(ran.code).toBe(0);
    expect(changesOf(ran)).toEqual(['conf-4 update {"hold":true}']);
    expect(ran.err).toMatch(/^In the base, [0-9a-f]{12} "Broken" by Ann:\ndesired\/b\.yaml:1:14: warning: /);
    expect(ran.err).toContain(
      'desired/b.yaml is broken there: what may stand in it is compared with what was applied.',
    );
  });

  it('without the directory says so', async () => {
    repository.git('mv', 'desired', 'rooms');
    repository.commit('Another folder');
    const { out } = await plan(['rooms', '--base', 'main', '--format', 'json']);
    expect(changesOf({ code: 0, out, err: '' })).toHaveLength(2);
    expect((await plan(['rooms', '--base', 'main'])).out).toContain(
      'It has no such directory, so everything',
    );
  });

  it('is read from a bare repository that GIT_DIR names, where the current folder is its work tree', async () => {
    const bare = mkdtempSync(join(tmpdir(), 'holdfast-bare-'));
    gitIn(bare, 'clone', '--quiet', '--bare', repository.folder, bare);
    const elsewhere = mkdtempSync(join(tmpdir(), 'holdfast-checkout-'));
    mkdirSync(join(elsewhere, 'desired'));
    writeFileSync(
      join(elsewhere, 'desired/a.yaml'),
      manifest({ 'conf-1': { mute: true }, 'conf-2': { hold: true }, 'conf-3': { tag: 'a' } }),
    );
    process.chdir(elsewhere);
    const ran = await plan(['--base', 'main', '--format', 'json'], { GIT_DIR: bare });
    process.chdir(repository.folder);
    for (const folder of [bare, elsewhere]) rmSync(folder, { recursive: true });
    // The tip: the HEAD of a bare repository says nothing of a directory.
    expect(changesOf(ran)).toEqual(['conf-2 update {"hold":true,"mute":false}']);
    expect(parseRecord(ran.out)).toMatchObject({ base: { revision: main } });
  });
});

describe.skipIf(!gitIsHere)('what cannot be compared', () => {
  const refused = async (words: readonly string[], message: string | RegExp, env = {}): Promise<void> => {
    const ran = await plan(words, env);
    expect(ran).toMatchObject({ code: 1, out: '' });
    if (typeof message === 'string') expect(ran.err).toBe(`error: --base: ${message}\n`);
    else expect(ran.err).toMatch(message);
  };

  it('is a revision that is none', () =>
    refused(
      ['--base', 'origin/main'],
      '"origin/main" is no commit that git knows here: write a branch, a tag or a commit, such as origin/main; what is not here yet comes by `git fetch origin`',
    ));

  it.each([['--output=x'], ['a..b'], ['two words']])('is %j', (base) =>
    refused([`--base=${base}`], /is no revision: write a branch, a tag or a commit/),
  );

  it('is a directory outside of every repository', async () => {
    const elsewhere = mkdtempSync(join(tmpdir(), 'holdfast-no-repository-'));
    await refused(
      [elsewhere, '--base', 'main'],
      `"${elsewhere}" lies in no git repository: leave the flag out, or name a directory of a checkout`,
    );
    await refused([elsewhere, '--base', 'main'], /lies in no git repository/, {
      GIT_DIR: join(repository.folder, '.git'),
    });
    rmSync(elsewhere, { recursive: true });
  });

  it('is anything without git', () =>
    refused(['--base', 'main'], 'git cannot be asked: git is not installed, or not on the PATH', {
      PATH: '/nonexistent',
    }));

  it('is a branch without anything in common', async () => {
    repository.git('checkout', '--quiet', '--orphan', 'island');
    repository.commit('Begin again');
    await refused(['--base', 'main'], /have no commit in common/);
  });

  it('is more than a shallow clone has, and it says how to get it', async () => {
    const clone = mkdtempSync(join(tmpdir(), 'holdfast-shallow-'));
    gitIn(clone, 'clone', '--quiet', '--depth=1', '--no-single-branch', `file://${repository.folder}`, clone);
    process.chdir(clone);
    await refused(['--base', 'origin/main~1'], /cut off: fetch all of it .*`fetch-depth: 0`/);
    await refused(['--base', 'origin/main'], /where this branch left .* cut off: fetch all of it/);
    gitIn(clone, 'fetch', '--quiet', '--unshallow', 'origin');
    expect(changesOf(await plan(['--base', 'origin/main', '--format', 'json']))).toHaveLength(1);
    process.chdir(repository.folder);
    rmSync(clone, { recursive: true });
  });

  it.each([
    ['--out', ['--out', 'saved.json']],
    ['--refresh', ['--refresh']],
  ])('goes with no %s', (flag, words) =>
    refused(['--base', 'main', ...words], new RegExp(`leave out ${flag}\n$`)),
  );

  it('is said in no settings file', async () => {
    repository.write('holdfast.yaml', 'base: origin/main\n');
    expect((await plan([])).err).toMatch(/holdfast\.yaml:1:1.*base/);
  });
});

describe.skipIf(!gitIsHere)('without a base', () => {
  it('and without a state everything counts as new, which is said', async () => {
    const words = 'There is no state at sqlite:.holdfast/state.db, so everything declared counts as new.';
    expect((await plan([])).out).toContain(`\n${words}\nRevision `);
    expect((await plan(['--format', 'markdown'])).out).toContain('There is no state at');
    const json = await plan(['--format', 'json']);
    expect(json.err).toBe(`${words}\n`);
    expect(Object.keys(parseRecord(json.out)).sort()).toEqual(
      ['formatVersion', 'revision', 'commit', 'summary', 'changes', 'notes', 'refused'].sort(),
    );
    expect(existsSync('.holdfast')).toBe(false);
  });

  it('names the commit that holds exactly what lies there, and none otherwise', async () => {
    const commitIn = async (): Promise<unknown> => {
      const { commit } = parseRecord((await plan(['--format', 'json'])).out);
      return commit === undefined ? undefined : 'some';
    };
    const { write, git } = repository;
    expect((await plan([])).out).toContain(
      `Revision ${git('rev-parse', 'HEAD').slice(0, 12)} "Unmute the first" by Ann`,
    );
    write('elsewhere.txt', 'not in the directory');
    expect(await commitIn()).toBe('some');
    write('.gitignore', '*.local\nlocal.yaml\n');
    write('desired/notes.local', 'ignored, and no manifest');
    expect(await commitIn()).toBe('some');
    const dirty: readonly (readonly [string, () => void, () => void])[] = [
      ['another file', () => write('desired/new.yaml', ''), () => rmSync('desired/new.yaml')],
      ['one that git ignores', () => write('desired/local.yaml', ''), () => rmSync('desired/local.yaml')],
      ['a change', () => write('desired/a.yaml', ''), () => git('checkout', '--quiet', 'desired')],
      [
        'a staged change',
        () => {
          write('desired/a.yaml', '');
          git('add', 'desired/a.yaml');
        },
        () => git('reset', '--quiet', '--hard'),
      ],
      ['a file that is gone', () => rmSync('desired/a.yaml'), () => git('checkout', '--quiet', 'desired')],
      [
        'a change that git was told not to see',
        () => {
          git('update-index', '--assume-unchanged', 'desired/a.yaml');
          write('desired/a.yaml', '');
        },
        () => {
          git('update-index', '--no-assume-unchanged', 'desired/a.yaml');
          git('checkout', '--quiet', 'desired');
        },
      ],
    ];
    for (const [name, make, undo] of dirty) {
      make();
      expect(await commitIn(), name).toBeUndefined();
      undo();
    }
    expect(await commitIn()).toBe('some');
  });

  it('has no commit where git is missing, broken, or has none yet', async () => {
    const revisionIn = async (env = {}): Promise<string> =>
      /Revision .*/.exec((await plan([], env)).out)?.[0] ?? '';
    expect(await revisionIn({ PATH: '/nonexistent' })).toMatch(/^Revision dir:sha256/);
    rmSync('.git/HEAD');
    expect(await revisionIn()).toMatch(/^Revision dir:sha256/);
    rmSync('.git', { recursive: true });
    expect(await revisionIn()).toMatch(/^Revision dir:sha256/);
    repository.git('init', '--quiet');
    expect(await revisionIn()).toMatch(/^Revision dir:sha256/);
  });

  it('does not write into a repository, not even what git would note down by the way', async () => {
    const { mtimeMs } = statSync('.git/index');
    // As it was, with another stamp.
    utimesSync('desired/a.yaml', 1, 1);
    expect((await plan([])).out).toContain('Unmute the first');
    expect(statSync('.git/index').mtimeMs).toBe(mtimeMs);
  });
});
