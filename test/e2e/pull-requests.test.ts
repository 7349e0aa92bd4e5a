/** The jobs of `docs/ci`: what they may do, and that the lines of the plan jobs do it, in a real repository. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UnknownRecord } from 'io-ts';
import { parse } from 'yaml';
import { gitIn, gitVariables, makeRepository, type Repository } from '../cli/repository.js';
import { gitIsHere } from '../support/git.js';
import { recordsAt, type Json } from './support/json.js';

const read = (path: string): { readonly text: string; readonly jobs: Json } => {
  const text = readFileSync(path, 'utf8');
  const jobs: unknown = parse(text);
  if (!UnknownRecord.is(jobs)) throw new Error(`${path} is no mapping`);
  return { text, jobs };
};

const at = (record: Json, ...keys: readonly string[]): Json =>
  keys.reduce((found: Json, key) => {
    const next = found[key];
    if (!UnknownRecord.is(next)) throw new Error(`no mapping at ${key}`);
    return next;
  }, record);

const github = read('docs/ci/github.yml');
const gitlab = read('docs/ci/gitlab.yml');

describe('the jobs of GitHub', () => {
  const plan = at(github.jobs, 'jobs', 'plan');
  const apply = at(github.jobs, 'jobs', 'apply');

  it('run for pull requests and the main branch, and never with rights for a stranger', () => {
    expect(github.jobs['on']).toEqual({ pull_request: null, push: { branches: ['main'] } });
    expect(github.jobs['permissions']).toEqual({});
    expect(github.text).not.toMatch(/pull_request_target|workflow_run/);
  });

  it('plan without a secret, and with no right but to comment', () => {
    expect(plan['permissions']).toEqual({ contents: 'read', 'pull-requests': 'write' });
    expect(JSON.stringify(plan)).not.toMatch(/secrets|BANDWIDTH|environment/);
    const withToken = recordsAt(plan, 'steps').filter((step) =>
      JSON.stringify(step).includes('github.token'),
    );
    expect(withToken.map((step) => step['name'])).toEqual(['comment']);
    // Nothing that a pull request can write stands in a line of the shell.
    for (const step of recordsAt(plan, 'steps')) expect(step['run'] ?? '').not.toContain('${{');
  });

  it('apply one after the other, from a state that stays', () => {
    expect(apply['permissions']).toEqual({ contents: 'read' });
    expect(apply['concurrency']).toEqual({ group: 'holdfast-apply', 'cancel-in-progress': false });
    expect(apply['runs-on']).toContain('self-hosted');
    expect(JSON.stringify(apply)).toContain('"HOLDFAST_STATE":"sqlite:/var/lib/');
  });

  it('use nothing but pinned actions of GitHub itself, which keep no token', () => {
    const steps = [...recordsAt(plan, 'steps'), ...recordsAt(apply, 'steps')];
    const used = steps.flatMap(({ uses }) => (typeof uses === 'string' ? [uses] : []));
    expect(used.length).toBeGreaterThan(2);
    for (const action of used) expect(action).toMatch(/^actions\/(checkout|setup-node)@[0-9a-f]{40}$/);
    for (const step of steps) {
      if (String(step['uses']).startsWith('actions/checkout'))
        expect(at(step, 'with')['persist-credentials']).toBe(false);
    }
  });
});

describe('the jobs of GitLab', () => {
  const plan = at(gitlab.jobs, 'plan');
  const apply = at(gitlab.jobs, 'apply');

  it('plan merge requests without a secret of the API, and apply one after the other', () => {
    expect(plan['rules']).toEqual([{ if: '$CI_PIPELINE_SOURCE == "merge_request_event"' }]);
    expect(JSON.stringify(plan)).not.toMatch(/BANDWIDTH|environment/);
    expect(apply).toMatchObject({
      resource_group: 'holdfast',
      environment: 'production',
      rules: [{ if: '$CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH' }],
      variables: { HOLDFAST_STATE: 'sqlite:/var/lib/holdfast/state.db' },
    });
  });
});

describe.skipIf(!gitIsHere)('the lines of the plan jobs', () => {
  let origin: Repository;
  let work: string;

  beforeEach(() => {
    work = mkdtempSync(join(tmpdir(), 'holdfast-ci-'));
    origin = makeRepository();
    const declared = (mute: boolean, tag: string): string =>
      JSON.stringify({ conferences: { 'conf-1': { mute }, 'conf-2': { tag } } });
    origin.write('desired/a.yaml', declared(true, 'a'));
    origin.commit('The rooms');
    origin.git('checkout', '--quiet', '-b', 'topic');
    origin.write('desired/a.yaml', declared(false, 'a'));
    origin.commit('Unmute');
    origin.git('checkout', '--quiet', 'main');
    origin.write('README.md', 'main has gone on\n');
    origin.commit('Words');
    origin.git('checkout', '--quiet', '--detach');
    origin.git('merge', '--quiet', '--no-ff', '--message=Merge topic into main', 'topic');
    origin.git('update-ref', 'refs/pull/1/merge', 'HEAD');
  });

  afterEach(() => {
    origin.remove();
    rmSync(work, { recursive: true });
  });

  /** As a runner does it: a fresh clone of so much history, and `npx` that finds holdfast. */
  const runLines = (
    lines: string,
    ref: string,
    depth: readonly string[],
    env: Record<string, string>,
  ): string => {
    const clone = join(work, 'clone');
    mkdirSync(clone);
    gitIn(clone, 'init', '--quiet');
    gitIn(clone, 'remote', 'add', 'origin', `file://${origin.folder}`);
    gitIn(clone, 'fetch', '--quiet', ...depth, 'origin', ref);
    gitIn(clone, 'checkout', '--quiet', '--detach', 'FETCH_HEAD');
    mkdirSync(join(work, 'bin'));
    const npx = `#!/bin/sh\nshift 2\nexec node '${resolve('dist/main.cjs')}' "$@"\n`;
    writeFileSync(join(work, 'bin', 'npx'), npx, { mode: 0o755 });
    writeFileSync(join(work, 'bin', 'npm'), '#!/bin/sh\n', { mode: 0o755 });
    const path = [join(work, 'bin'), dirname(process.execPath), process.env['PATH']].join(delimiter);
    execFileSync('bash', ['-e', '-o', 'pipefail', '-c', lines], {
      cwd: clone,
      env: { ...gitVariables, GIT_CONFIG_GLOBAL: join(work, 'gitconfig'), PATH: path, HOME: work, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    expect(gitIn(clone, 'status', '--porcelain')).toBe('?? plan.md');
    return readFileSync(join(clone, 'plan.md'), 'utf8');
  };

  const expectEffect = (comment: string): void => {
    expect(comment).toMatch(
      /^<!-- holdfast plan -->\n## holdfast: 1 call, about 1 s at 1\/s\n\nCompared with /,
    );
    expect(comment).toContain('1 to update, 1 unchanged.');
    expect(comment).toContain('| mute | <code>true</code> | <code>false</code> | changed |');
  };

  it('of GitHub write the comment, and the summary of the run', () => {
    const steps = recordsAt(at(github.jobs, 'jobs', 'plan'), 'steps');
    const [checkout] = steps;
    const line = steps.find(({ name }) => name === 'plan')?.['run'];
    const summary = join(work, 'summary.md');
    const depth = `--depth=${String(at(checkout ?? {}, 'with')['fetch-depth'])}`;
    const comment = runLines(String(line), 'refs/pull/1/merge', [depth], { GITHUB_STEP_SUMMARY: summary });
    expectEffect(comment);
    expect(readFileSync(summary, 'utf8')).toBe(comment);
  });

  it.each([['refs/heads/topic'], ['refs/pull/1/merge']])('of GitLab write the comment, for %s', (ref) => {
    const script = at(gitlab.jobs, 'plan')['script'];
    if (!Array.isArray(script)) throw new Error('no script');
    expectEffect(
      runLines(script.join('\n'), ref, [], {
        CI_PROJECT_DIR: join(work, 'clone'),
        CI_MERGE_REQUEST_TARGET_BRANCH_NAME: 'main',
      }),
    );
  });

  it('that comment are shell, and find the line that a plan begins with', () => {
    const steps = recordsAt(at(github.jobs, 'jobs', 'plan'), 'steps');
    const comment = String(steps.find(({ name }) => name === 'comment')?.['run']);
    expect(() => execFileSync('bash', ['-n', '-c', comment])).not.toThrow();
    for (const { text } of [github, gitlab]) expect(text).toContain('"<!-- holdfast plan -->"');
  });
});
