/** Every problem of every file in one run, in three formats, and nothing is sent while one of them is an error. */
import { chmodSync, mkdirSync, symlinkSync } from 'node:fs';
import { describe, expect } from 'vitest';
import { it, type Bench } from '../support/bench.js';
import { secrets } from '../support/holdfast-process.js';
import { parseRecord, recordsAt, type Json } from '../support/json.js';

const problemsOf = async (bench: Bench, directory = 'desired'): Promise<readonly Json[]> => {
  const { code, stdout } = await bench.run(['validate', directory, '--format', 'json']);
  const problems = recordsAt(parseRecord(stdout), 'problems');
  expect(code).toBe(problems.some(({ severity }) => severity === 'error') ? 1 : 0);
  return problems;
};

const writeBrokenTree = ({ write }: Bench): void => {
  const hook = `https://u:${secrets.password}@example.com/`;
  write(
    'desired/a.yaml',
    `conferences:\n  conf-1:\n    mutee: ${hook}\n    hold: yes\n    callbackUrl: ${hook}\n`,
  );
  write('desired/b.yml', 'conferences:\n  conf-1:\n    state: active\n');
  write('desired/deep/er/c.yaml', 'conferences:\n  conf-2:\n    callbackTimeout: 10001\n    tag: 7\n');
  write('desired/warnings.yaml', 'conferences:\n  conf-3:\n    fallbackUrl: https://example.com/f\n');
  write('desired/.hidden.yaml', 'broken: [');
  write('desired/notes.txt', 'broken: [');
};

describe.concurrent('validate', () => {
  it('says every problem of every file with its line, a caret and what to write instead', async ({
    bench,
  }) => {
    writeBrokenTree(bench);
    const { code, stdout } = await bench.run(['validate']);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^desired\/a\.yaml:3:5: error: .*mutee.*mute/m);
    expect(stdout).toMatch(/^ *.*mutee: https:.*\n.*\^/m);
    expect(stdout).toMatch(/^desired\/a\.yaml:4:11: error: .*true/m);
    expect(stdout).toMatch(/^desired\/a\.yaml:5:18: warning: .*password/m);
    expect(stdout).toMatch(/^desired\/b\.yml:3:12: error: .*completed/m);
    expect(stdout).toMatch(/^desired\/deep\/er\/c\.yaml:3:22: error: .*10000/m);
    expect(stdout).toMatch(/^desired\/deep\/er\/c\.yaml:4:10: error: .*write tag: "7"/m);
    expect(stdout).toMatch(/^desired\/warnings\.yaml:3:5: warning: .*callbackUrl/m);
    expect(stdout).not.toMatch(/hidden|notes/);
  });

  it('says the same as JSON and as annotations', async ({ bench }) => {
    writeBrokenTree(bench);
    const problems = await problemsOf(bench);
    for (const problem of problems) {
      expect(Object.keys(problem).sort()).toEqual(
        ['column', 'hint', 'line', 'message', 'path', 'rule', 'severity'].sort(),
      );
      expect(problem['rule']).toMatch(/^[a-z][a-z-]+$/);
    }
    const { code, stdout } = await bench.run(['validate', '--format', 'github']);
    expect(code).toBe(1);
    const annotations = stdout.trimEnd().split('\n');
    expect(annotations).toHaveLength(problems.length);
    for (const { path, line, column, severity } of problems) {
      expect(stdout).toMatch(
        new RegExp(
          `^::${String(severity)} file=${String(path)},line=${String(line)},col=${String(column)}`,
          'm',
        ),
      );
    }
  });

  it('names both places of a conference that is declared twice', async ({ bench }) => {
    bench.write('desired/a.yaml', 'conferences:\n  conf-1:\n    mute: true\n');
    bench.write('desired/b.yaml', 'conferences:\n  other:\n    mute: true\n  conf-1:\n    mute: true\n');
    const { code, stdout } = await bench.run(['validate']);
    expect(code).toBe(1);
    expect(stdout).toContain('desired/a.yaml:2:3');
    expect(stdout).toContain('desired/b.yaml:4:3');
  });

  it('ends with 0 when there are warnings only, or nothing to say', async ({ bench }) => {
    bench.write(
      'desired/a.yaml',
      '---\n---\nconferences:\n  conf-1:\n    mute: "true"\n    state: completed\n',
    );
    expect((await problemsOf(bench)).map(({ severity }) => severity)).toEqual(['warning']);
    bench.write('fine/a.yaml', 'conferences:\n  conf-1:\n    tag: ""\n');
    expect(await problemsOf(bench, 'fine')).toEqual([]);
  });

  it('reads the manifests of a ConfigMap volume once', async ({ bench }) => {
    bench.write('desired/..2026_01/a.yaml', 'conferences:\n  conf-1:\n    mute: true\n');
    symlinkSync('..2026_01', `${bench.folder}/desired/..data`);
    symlinkSync('..data/a.yaml', `${bench.folder}/desired/a.yaml`);
    const { code, stdout } = await bench.run(['plan', '--format', 'json']);
    expect(code).toBe(0);
    expect(recordsAt(parseRecord(stdout), 'changes')).toMatchObject([{ conference: 'conf-1' }]);
  });
});

const bomb = `a: &a [x,x,x,x,x,x,x,x,x,x]
${Array.from({ length: 8 }, (_, index) => {
  const [from, to] = ['abcdefghi'[index], 'abcdefghi'[index + 1]];
  return `${to}: &${to} [${Array.from({ length: 10 }, () => `*${from}`).join(',')}]`;
}).join('\n')}
conferences: *i
`;

const conference = (line: string): string => `conferences:\n  conf-1:\n    ${line}\n`;

const badFiles: readonly (readonly [string, string | Uint8Array, RegExp])[] = [
  ['invalid UTF-8', new Uint8Array([0x63, 0x3a, 0x20, 0xff, 0xfe, 0x0a]), /UTF-8/],
  ['an alias bomb', bomb, /alias/i],
  ['a file over 16 MiB', `# ${'x'.repeat(16 * 1024 * 1024)}\n`, /16 MiB/],
  ['a document that is no mapping', '- conf-1\n', /mapping/],
  ['a key given twice', 'conferences:\n  conf-1:\n    mute: true\n    mute: false\n', /mute|unique|twice/],
  ['broken syntax', 'conferences: [', /error/],
  ['a wrong id', 'conferences:\n  -conf:\n    mute: true\n', /-conf/],
  ['a method', conference('callbackHttpMethod: PUT'), /GET/],
  ['a relative URL', conference('callbackUrl: /hooks'), /callbackUrl|absolute|http/],
  ['a timeout of 0', conference('callbackTimeout: 0'), /10000/],
  ['a default of state', 'defaults:\n  state: completed\nconferences: {}\n', /state/],
  ['whenEmpty alone', conference('whenEmpty: true'), /whenEmpty|state/],
  ['protect as text', conference('protect: maybe'), /protect|true/],
  ['a conference that is a list', 'conferences:\n  conf-1: [mute]\n', /conf-1|mapping/],
  ['a key at the top', 'conference:\n  conf-1:\n    mute: true\n', /conferences/],
  ['a numeric name', conference('name: 7'), /write name: "7"/],
];

describe.concurrent('a file that is not valid', () => {
  it('is told clearly, and beside it nothing is planned, touched or sent', async ({ bench }) => {
    const api = await bench.api();
    bench.write('desired/good.yaml', 'conferences:\n  good:\n    mute: true\n');
    badFiles.forEach(([, content], index) => bench.write(`desired/${index}.yaml`, content));
    const problems = await problemsOf(bench);
    badFiles.forEach(([what, , expected], index) => {
      const own = problems.filter(({ path }) => path === `desired/${index}.yaml`);
      const errors = own.filter(({ severity }) => severity === 'error');
      expect(errors.length, what).toBeGreaterThan(0);
      expect(
        own.map(({ message, hint }) => `${String(message)} ${String(hint)}`).join('\n') + ' error',
        what,
      ).toMatch(expected);
    });
    for (const args of [
      ['plan', '--format', 'json'],
      ['apply', '--yes', '--endpoint', api.endpoint],
    ]) {
      const { code, stdout, stderr } = await bench.run(args);
      expect(code).toBe(1);
      expect(stdout).toBe('');
      expect(stderr).toContain('desired/3.yaml');
    }
    expect(api.requests).toEqual([]);
  });

  it('is told when the directory is missing or is a file', async ({ bench }) => {
    bench.write('file.yaml', '');
    for (const args of [
      ['validate', 'nowhere'],
      ['apply', 'nowhere', '--yes'],
    ]) {
      const { code, stdout, stderr } = await bench.run(args);
      expect(code).toBe(1);
      expect(stdout + stderr).toMatch(/nowhere/);
    }
    const onFile = await bench.run(['validate', 'file.yaml']);
    expect(onFile.code).toBe(1);
    expect(onFile.stdout + onFile.stderr).toMatch(/file\.yaml.*(directory|folder)/);
  });

  it.skipIf(process.getuid?.() === 0)('is told when nobody may read it', async ({ bench }) => {
    bench.write('desired/a.yaml', conference('mute: true'));
    chmodSync(`${bench.folder}/desired/a.yaml`, 0);
    const [problem] = await problemsOf(bench);
    expect(problem).toMatchObject({ path: 'desired/a.yaml', severity: 'error' });
  });

  it('is told when it cannot be read as a file', async ({ bench }) => {
    mkdirSync(`${bench.folder}/desired`);
    symlinkSync('nowhere.yaml', `${bench.folder}/desired/dangling.yaml`);
    symlinkSync('loop.yaml', `${bench.folder}/desired/loop.yaml`);
    const problems = await problemsOf(bench);
    expect(problems).toMatchObject([
      { path: 'desired/dangling.yaml', severity: 'error' },
      { path: 'desired/loop.yaml', severity: 'error' },
    ]);
  });
});
