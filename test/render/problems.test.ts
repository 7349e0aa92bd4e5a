import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import pc from 'picocolors';
import { describe, expect, test } from 'vitest';
import { readManifest } from '../../src/desired/read-manifest.js';
import type { Problem } from '../../src/desired/problem.js';
import { renderProblemsGithub, renderProblemsJson, renderProblemsText } from '../../src/render/problems.js';

const golden = join(import.meta.dirname, '../golden/problems');
const plain = pc.createColors(false);

// `vitest run -u` writes the outputs anew; review them as code.
describe.each(readdirSync(golden).filter((name) => name.endsWith('.yaml')))('%s', (name) => {
  const text = readFileSync(join(golden, name), 'utf8');
  const { problems } = readManifest(`desired/${name}`, text);
  const output = (ending: string): string => join(golden, name.replace('.yaml', ending));

  test('as text', async () => {
    await expect(renderProblemsText(problems, plain)).toMatchFileSnapshot(output('.txt'));
  });

  test('as JSON', async () => {
    await expect(renderProblemsJson(problems)).toMatchFileSnapshot(output('.json'));
  });

  test('as annotations', async () => {
    await expect(renderProblemsGithub(problems)).toMatchFileSnapshot(output('.github'));
  });

  test('no password in any of them', () => {
    for (const shown of [
      renderProblemsText(problems, plain),
      renderProblemsJson(problems),
      renderProblemsGithub(problems),
    ]) {
      expect(shown).not.toContain('hunter');
    }
  });
});

const problem: Problem = {
  at: { path: 'desired/a.yaml', line: 12, column: 5 },
  severity: 'error',
  rule: 'unknown-key',
  message: 'unknown key "mutee"',
  hint: 'did you mean "mute"?',
  excerpt: { line: '    mutee: true', caret: 4, width: 5 },
};
const { excerpt: _, ...bare } = problem;
const notice: Problem = { ...bare, severity: 'warning', hint: '' };

describe('text', () => {
  test('with an excerpt', () => {
    expect(
      renderProblemsText([problem], plain),
    ).toBe(`desired/a.yaml:12:5: error: unknown key "mutee" (did you mean "mute"?) [unknown-key]
  12 |     mutee: true
     |     ^^^^^

1 error
`);
  });

  test('without an excerpt and without a hint', () => {
    expect(renderProblemsText([notice], plain)).toBe(
      'desired/a.yaml:12:5: warning: unknown key "mutee" [unknown-key]\n\n1 warning\n',
    );
  });

  test.each([
    [[problem, notice], '1 error, 1 warning'],
    [[problem, problem, notice, notice], '2 errors, 2 warnings'],
  ])('the counts', (problems, counts) => {
    expect(renderProblemsText(problems, plain).split('\n').at(-2)).toBe(counts);
  });

  test('nothing for no problem', () => {
    expect(renderProblemsText([], plain)).toBe('');
  });

  test('colours change no character', () => {
    const coloured = renderProblemsText([problem, notice], pc.createColors(true));
    expect(coloured).toContain('\u001b[31m');
    expect(coloured).toContain('\u001b[33m');
    expect(stripVTControlCharacters(coloured)).toBe(renderProblemsText([problem, notice], plain));
  });
});

describe('JSON', () => {
  test('exactly these keys', () => {
    expect(JSON.parse(renderProblemsJson([problem]))).toEqual({
      problems: [
        {
          path: 'desired/a.yaml',
          line: 12,
          column: 5,
          severity: 'error',
          rule: 'unknown-key',
          message: 'unknown key "mutee"',
          hint: 'did you mean "mute"?',
        },
      ],
    });
  });

  test('no problem', () => {
    expect(JSON.parse(renderProblemsJson([]))).toEqual({ problems: [] });
  });
});

describe('annotations', () => {
  test('errors and warnings', () => {
    expect(renderProblemsGithub([problem, notice])).toBe(
      '::error file=desired/a.yaml,line=12,col=5,title=unknown-key::unknown key "mutee" (did you mean "mute"?)\n' +
        '::warning file=desired/a.yaml,line=12,col=5,title=unknown-key::unknown key "mutee"\n',
    );
  });

  test('the escapes of GitHub', () => {
    const odd = { ...notice, at: { path: 'a,b:c%\r\n.yaml', line: 1, column: 1 }, message: 'a,b:c%\r\nd' };
    expect(renderProblemsGithub([odd])).toBe(
      '::warning file=a%2Cb%3Ac%25%0D%0A.yaml,line=1,col=1,title=unknown-key::a,b:c%25%0D%0Ad\n',
    );
  });

  test('nothing for no problem', () => {
    expect(renderProblemsGithub([])).toBe('');
  });
});
