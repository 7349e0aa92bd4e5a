import { describe, expect, test } from 'vitest';
import { combine } from '../../src/desired/combine.js';
import { readManifest } from '../../src/desired/read-manifest.js';

const file = (path: string, text: string) => readManifest(path, text);

describe('combine', () => {
  test('files that share nothing', () => {
    const { desired, duplicates, problems } = combine([
      file('b.yaml', 'conferences: {c: }'),
      file('a.yaml', 'conferences: {b: , a: }'),
    ]);
    expect([...desired.keys()]).toEqual(['b', 'a', 'c']);
    expect([...duplicates.keys()]).toEqual([]);
    expect(problems).toEqual([]);
  });

  test('a conference in three files: each further place names the first', () => {
    const { desired, duplicates, problems } = combine([
      file('c.yaml', 'conferences:\n  x: {}\n'),
      file('a.yaml', 'conferences: {x: {}, y: {}}'),
      file('b.yaml', 'conferences:\n\n  "x": {}\n'),
    ]);
    expect([...desired.keys()]).toEqual(['y']);
    expect([...duplicates].map(([id, group]) => [id, group.map(({ at }) => at.path)])).toEqual([
      ['x', ['a.yaml', 'b.yaml', 'c.yaml']],
    ]);
    const common = {
      severity: 'error',
      rule: 'duplicate-conference',
      message: 'the conference "x" is also declared at a.yaml:1:15',
      hint: 'keep one of the two',
    };
    expect(problems).toEqual([
      {
        ...common,
        at: { path: 'b.yaml', line: 3, column: 3 },
        excerpt: { line: '  "x": {}', caret: 2, width: 1 },
      },
      {
        ...common,
        at: { path: 'c.yaml', line: 2, column: 3 },
        excerpt: { line: '  x: {}', caret: 2, width: 1 },
      },
    ]);
  });

  test('a broken file contributes no conference, but its duplicates are told in the same run', () => {
    const { desired, duplicates, problems } = combine([
      file('a.yaml', 'conferences: {x: {mutee: true}, z: {}}'),
      file('b.yaml', 'conferences: {x: {}}'),
    ]);
    expect([...desired].map(([id, { at }]) => [id, at.path])).toEqual([['x', 'b.yaml']]);
    expect(duplicates.size).toBe(0);
    expect(problems.map(({ at, rule }) => `${at.path} ${rule}`)).toEqual([
      'a.yaml unknown-key',
      'b.yaml duplicate-conference',
    ]);
  });

  test('a conference that one file declares twice is that file’s own error', () => {
    const { desired, problems } = combine([
      file('a.yaml', 'conferences: {x: , x: }'),
      file('b.yaml', 'conferences: {y: }'),
    ]);
    expect([...desired.keys()]).toEqual(['y']);
    expect(problems).toHaveLength(1);
  });

  test('problems are sorted by path, line and column', () => {
    const { problems } = combine([
      file('b.yaml', 'x: 1\n'),
      file('a.yaml', `${'\n'.repeat(9)}conferences: {a: {mutee: 1, tagg: 1}}\nx: 1\n`),
    ]);
    expect(problems.map(({ at }) => `${at.path}:${at.line}:${at.column}`)).toEqual([
      'a.yaml:10:19',
      'a.yaml:10:29',
      'a.yaml:11:1',
      'b.yaml:1:1',
    ]);
  });
});
