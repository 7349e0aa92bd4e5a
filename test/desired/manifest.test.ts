import * as O from 'fp-ts/lib/Option.js';
import { describe, expect, test } from 'vitest';
import type { SettingValue } from '../../src/conference/settings.js';
import type { Declared } from '../../src/desired/desired.js';
import { readManifest } from '../../src/desired/read-manifest.js';
import type { Problem } from '../../src/desired/problem.js';
import { workMs } from '../support/work.js';

/** One line for a problem: place, severity, rule, message and hint. */
const show = ({ at, severity, rule, message, hint }: Problem): string =>
  `${at.line}:${at.column} ${severity} ${rule}: ${message}${hint === '' ? '' : ` (${hint})`}`;

const problemsOf = (text: string): readonly string[] => readManifest('a.yaml', text).problems.map(show);

const rulesOf = (text: string): readonly string[] =>
  readManifest('a.yaml', text).problems.map(({ at, rule }) => `${at.line}:${at.column} ${rule}`);

/** A conference with these lines, the first of which is line 3. */
const conference = (...lines: readonly string[]): string =>
  `conferences:\n  conf-1:\n${lines.map((line) => `    ${line}\n`).join('')}`;

interface Plain {
  readonly id: string;
  readonly settings: Readonly<Record<string, string>>;
}

/** `value @ line:column origin` for each setting; `~` for a declared null. */
const plain = ({ id, settings }: Declared): Plain => ({
  id,
  settings: Object.fromEntries(
    Object.entries(settings).map(([name, { value, at, origin }]) => [
      name,
      `${O.getOrElse<SettingValue>(() => '~')(value)} @ ${at.line}:${at.column} ${origin}`,
    ]),
  ),
});

const declaredIn = (text: string): readonly Plain[] => {
  const { declared, problems } = readManifest('a.yaml', text);
  expect(problems).toEqual([]);
  return declared.map(plain);
};

describe('what a manifest declares', () => {
  test('the example of the contract', () => {
    const text = `defaults:                                # optional
  callbackUrl: https://hooks.example.com/conferences
  callbackTimeout: 2000
conferences:
  conf-25adm5b6fxyyd6ad2rcqvoqa:         # the conference's id
    name: Weekly all-hands               # for people
    mute: true
    hold: false
    tag: all-hands
  conf-7qrj2t3lfixl4cgjcdonknaa:
    state: completed
`;
    const defaults = {
      callbackUrl: 'https://hooks.example.com/conferences @ 2:16 default',
      callbackTimeout: '2000 @ 3:20 default',
    };
    expect(declaredIn(text)).toEqual([
      {
        id: 'conf-25adm5b6fxyyd6ad2rcqvoqa',
        settings: {
          ...defaults,
          mute: 'true @ 7:11 own',
          hold: 'false @ 8:11 own',
          tag: 'all-hands @ 9:10 own',
        },
      },
      { id: 'conf-7qrj2t3lfixl4cgjcdonknaa', settings: { ...defaults, state: 'completed @ 11:12 own' } },
    ]);
    expect(readManifest('desired/a.yaml', text).declared[0]).toMatchObject({
      at: { path: 'desired/a.yaml', line: 5, column: 3 },
      name: O.some('Weekly all-hands'),
      protect: O.none,
      suspend: false,
      whenEmpty: false,
    });
  });

  const settings: readonly (readonly [line: string, settings: Plain['settings']])[] = [
    ['mute: "true"', { mute: 'true @ 3:11 own' }],
    ["hold: 'false'", { hold: 'false @ 3:11 own' }],
    ['mute: True', { mute: 'true @ 3:11 own' }],
    ['mute: ~', { mute: '~ @ 3:11 own' }],
    ['mute: null', { mute: '~ @ 3:11 own' }],
    ['mute:', { mute: '~ @ 3:10 own' }],
    ['callbackTimeout: "2000"', { callbackTimeout: '2000 @ 3:22 own' }],
    ['callbackTimeout: 1', { callbackTimeout: '1 @ 3:22 own' }],
    ['callbackTimeout: 10000', { callbackTimeout: '10000 @ 3:22 own' }],
    ['callbackHttpMethod: get', { callbackHttpMethod: 'GET @ 3:25 own' }],
    ['callbackHttpMethod: Post', { callbackHttpMethod: 'POST @ 3:25 own' }],
    ['callbackUrl: HTTP://Example.com/A?b#c', { callbackUrl: 'HTTP://Example.com/A?b#c @ 3:18 own' }],
    ['tag: ""', { tag: ' @ 3:10 own' }],
    ['tag: "123"', { tag: '123 @ 3:10 own' }],
    ['tag: !!str 123', { tag: '123 @ 3:16 own' }],
    ['tag: no', { tag: 'no @ 3:10 own' }],
    ['tag: 2024-01-31', { tag: '2024-01-31 @ 3:10 own' }],
    ['tag: |-\n      two\n      lines', { tag: 'two\nlines @ 3:10 own' }],
    ['state: completed', { state: 'completed @ 3:12 own' }],
    ['"mute": true', { mute: 'true @ 3:13 own' }],
    ['protect: true', {}],
  ];
  test.each(settings)('%s', (line, expected) => {
    expect(declaredIn(conference(line))).toEqual([{ id: 'conf-1', settings: expected }]);
  });

  const words: readonly (readonly [lines: readonly string[], words: Partial<Declared>])[] = [
    [['protect: true'], { protect: O.some(true) }],
    [['protect: "false"'], { protect: O.some(false) }],
    [['protect: ~'], { protect: O.none }],
    [['suspend: true'], { suspend: true }],
    [['suspend: false'], { suspend: false }],
    [['whenEmpty: true', 'state: completed'], { whenEmpty: true }],
    [['whenEmpty: false'], { whenEmpty: false }],
    [['name: "123"'], { name: O.some('123') }],
    [['name: ~'], { name: O.none }],
  ];
  test.each(words)('%s', (lines, expected) => {
    const { declared, problems } = readManifest('a.yaml', conference(...lines));
    expect(problems).toEqual([]);
    expect(declared[0]).toMatchObject(expected);
  });

  const empties: readonly (readonly [name: string, text: string])[] = [
    ['an empty file', ''],
    ['only blank lines', '\n\n  \n'],
    ['only comments', '# nothing\n# yet\n'],
    ['only a document start', '---\n'],
    ['several empty documents', '---\n---\n# x\n---\n'],
    ['a document end', '...\n'],
    ['only a directive', '%YAML 1.2\n---\n'],
    ['empty conferences', 'conferences:\n'],
    ['empty defaults', 'defaults:\nconferences: {}\n'],
    ['a null document', '~\n'],
  ];
  test.each(empties)('nothing: %s', (_name, text) => {
    expect(declaredIn(text)).toEqual([]);
  });

  test('a conference without settings, and its defaults', () => {
    expect(declaredIn('conferences:\n  a:\n  b: {}\n  c: ~\n')).toEqual(
      ['a', 'b', 'c'].map((id) => ({ id, settings: {} })),
    );
    expect(declaredIn('defaults: {tag: x}\nconferences:\n  a:\n')).toEqual([
      { id: 'a', settings: { tag: 'x @ 1:17 default' } },
    ]);
  });

  test('null switches a default off, in the conference and in defaults', () => {
    const text = 'defaults:\n  tag: x\n  mute: ~\nconferences:\n  a:\n    tag: ~\n  b:\n    mute: true\n';
    expect(declaredIn(text)).toEqual([
      { id: 'a', settings: { mute: '~ @ 3:9 default', tag: '~ @ 6:10 own' } },
      { id: 'b', settings: { mute: 'true @ 8:11 own', tag: 'x @ 2:8 default' } },
    ]);
  });

  test('defaults count in their own document only', () => {
    const text = 'defaults: {tag: x}\nconferences: {a: }\n---\nconferences: {b: }\n';
    expect(declaredIn(text)).toEqual([
      { id: 'a', settings: { tag: 'x @ 1:17 default' } },
      { id: 'b', settings: {} },
    ]);
  });

  test.each(['123', '0123', '1e3', '0x1F', 'true', 'null', '1.50', 'A.b_c-d'])(
    'the id %s, unquoted',
    (id) => {
      expect(declaredIn(`conferences:\n  ${id}:\n    mute: true\n`)).toEqual([
        { id, settings: { mute: 'true @ 3:11 own' } },
      ]);
    },
  );

  test.each(['a'.repeat(128), '0', 'conf-1'])('the id %s is accepted', (id) => {
    expect(declaredIn(`conferences: {"${id}": {}}`)).toEqual([{ id, settings: {} }]);
  });

  test('a byte order mark does not count as a column', () => {
    expect(declaredIn('\uFEFFconferences: {a: {mute: true}}')).toEqual([
      { id: 'a', settings: { mute: 'true @ 1:25 own' } },
    ]);
  });

  test('line breaks of Windows', () => {
    const text = 'conferences:\r\n  a:\r\n    mute: true\r\n    tag: |\r\n      x\r\n';
    expect(declaredIn(text)).toEqual([
      { id: 'a', settings: { mute: 'true @ 3:11 own', tag: 'x\n @ 4:10 own' } },
    ]);
  });

  test('a %YAML 1.1 line does not turn words into booleans', () => {
    expect(declaredIn('%YAML 1.1\n---\nconferences: {a: {tag: yes}}\n')).toEqual([
      { id: 'a', settings: { tag: 'yes @ 3:24 own' } },
    ]);
  });

  test('columns count UTF-16 code units', () => {
    expect(declaredIn('conferences: {a: {name: "😀é", mute: true}}')).toEqual([
      { id: 'a', settings: { mute: 'true @ 1:38 own' } },
    ]);
  });
});

describe('anchors, aliases and <<', () => {
  test('an aliased value stands where its anchor stands', () => {
    const text = 'conferences:\n  a:\n    tag: &t x\n  b:\n    tag: *t\n  c: &c\n    mute: true\n  d: *c\n';
    expect(declaredIn(text)).toEqual([
      { id: 'a', settings: { tag: 'x @ 3:13 own' } },
      { id: 'b', settings: { tag: 'x @ 3:13 own' } },
      { id: 'c', settings: { mute: 'true @ 7:11 own' } },
      { id: 'd', settings: { mute: 'true @ 7:11 own' } },
    ]);
  });

  test('own keys win over merged ones, wherever << stands; merged ones win over defaults', () => {
    const text = `defaults:
  tag: default
  hold: true
conferences:
  a: &a
    mute: true
    tag: merged
  b:
    mute: false
    <<: *a
`;
    expect(declaredIn(text)[1]).toEqual({
      id: 'b',
      settings: { hold: 'true @ 3:9 default', mute: 'false @ 9:11 own', tag: 'merged @ 7:10 merged' },
    });
  });

  test('of several merged mappings the earlier wins; a merged mapping can merge', () => {
    const text = `conferences:
  a: &a {tag: a, mute: true}
  b: &b {<<: *a, tag: b}
  c: {<<: [*b, {tag: c, hold: true}]}
`;
    expect(declaredIn(text)[2]).toEqual({
      id: 'c',
      settings: { mute: 'true @ 2:24 merged', tag: 'b @ 3:23 merged', hold: 'true @ 4:31 merged' },
    });
  });

  test('defaults as a base: what they merge is still a default', () => {
    const text = 'conferences:\n  a: &a {mute: true}\ndefaults: {<<: *a}\n';
    expect(declaredIn(text)[0]?.settings).toEqual({ mute: 'true @ 2:16 own' });
    expect(declaredIn(text.replace('a: &a', 'a: {}\n  b: &a'))[0]?.settings).toEqual({
      mute: 'true @ 3:16 default',
    });
  });

  test('the nearest anchor before the alias counts', () => {
    const text = 'conferences:\n  a: {tag: &t one, name: *t}\n  b: {tag: &t two, name: *t}\n';
    const names = readManifest('a.yaml', text).declared.map(({ name }) => name);
    expect(names).toEqual([O.some('one'), O.some('two')]);
  });

  test('an alias as a key', () => {
    expect(declaredIn('conferences:\n  a: {tag: &t b}\n  *t : {}\n').map(({ id }) => id)).toEqual(['a', 'b']);
  });

  test('a mistake in a merged mapping is told once', () => {
    const users = Array.from({ length: 50 }, (_, index) => `  c${index}: {<<: *base}\n`).join('');
    expect(rulesOf(`conferences:\n  base: &base {mute: 3, tagg: x, name: 1}\n${users}`)).toEqual([
      '2:22 invalid-flag',
      '2:25 unknown-key',
      '2:40 invalid-name',
    ]);
  });

  test('5,000 conferences that merge one base', () => {
    const users = Array.from({ length: 5_000 }, (_, index) => `  c${index}:\n    <<: *base\n`).join('');
    const { declared, problems } = readManifest(
      'a.yaml',
      `defaults: &base\n  tag: x\nconferences:\n${users}`,
    );
    expect(problems).toEqual([]);
    expect(declared).toHaveLength(5_000);
    expect(declared[4_999]?.settings.tag).toMatchObject({ at: { line: 2, column: 8 }, origin: 'merged' });
  });

  const broken: readonly (readonly [text: string, problems: readonly string[]])[] = [
    [
      conference('tag: *nowhere'),
      [
        '3:10 error yaml-syntax: no anchor "nowhere" stands before this alias (write &nowhere where the value stands)',
      ],
    ],
    [conference('<<: 3'), ['3:9 error not-a-mapping: << takes a mapping, not 3 (write an alias: <<: *name)']],
    [
      conference('<<: [[]]'),
      ['3:10 error not-a-mapping: << takes a mapping, not a list (write an alias: <<: *name)'],
    ],
    [
      conference('<<: {tag: a}', '<<: {mute: true}'),
      ['4:5 error duplicate-key: << stands here and on line 3 (write one << with a list: [*a, *b])'],
    ],
    [
      conference('<<: {tag: a, tag: b}'),
      ['3:18 error duplicate-key: "tag" stands here and on line 3 (keep one of them)'],
    ],
    [
      'conferences: &c\n  a: *c\n',
      ['2:6 error alias-bomb: the value of the anchor "c" contains itself (write the value out)'],
    ],
    [
      'conferences:\n  a: &a\n    <<: *a\n',
      ['3:9 error alias-bomb: the value of the anchor "a" contains itself (write the value out)'],
    ],
  ];
  test.each(broken)('%j', (text, expected) => {
    expect(problemsOf(text)).toEqual(expected);
  });
});

describe('alias bombs', () => {
  /** The rules that a bomb breaks; let off, it would take minutes. */
  const rulesOfBomb = (text: string): readonly string[] => {
    let rules: readonly string[] = [];
    expect(workMs(() => (rules = rulesOf(text)))).toBeLessThan(10_000);
    return rules;
  };

  const laughs = (wrap: (names: string) => string, first: string): string => {
    const levels = Array.from('abcdefghi').map((name, index) => {
      const previous = 'abcdefghi'[index - 1];
      return `${name}: &${name} ${previous === undefined ? first : wrap(Array(10).fill(`*${previous}`).join(', '))}`;
    });
    return `${levels.join('\n')}\n`;
  };

  test('a billion laughs in lists', () => {
    const rules = rulesOfBomb(laughs((names) => `[${names}]`, '[lol]'));
    expect(rules.filter((rule) => rule.endsWith('alias-bomb'))).toEqual(['7:20 alias-bomb']);
  });

  test('a billion laughs in merges', () => {
    const rules = rulesOfBomb(laughs((names) => `{<<: [${names}]}`, '{mute: true}'));
    expect(rules.filter((rule) => rule.endsWith('alias-bomb'))).toHaveLength(1);
  });

  test('many merges of a large mapping', () => {
    const keys = Array.from({ length: 1_000 }, (_, index) => `k${index}: 1`).join(', ');
    const users = Array.from({ length: 3_000 }, (_, index) => `  c${index}: {<<: *x}\n`).join('');
    const rules = rulesOfBomb(`x: &x {${keys}}\nconferences:\n${users}`);
    expect(rules.filter((rule) => rule.endsWith('alias-bomb'))).toHaveLength(1);
  });

  test.each(['[', '{a: ', '- '])('%s, nested without end', (opening) => {
    const rules = rulesOf(`conferences: ${opening.repeat(1_500)}`);
    expect(rules.length).toBeGreaterThan(0);
    expect(rules.length).toBeLessThan(5);
  });

  // Deep enough that reading it level by level ended the process: nothing could catch that.
  test.each(['[', '{', '{a: ', '? ', '- ', '[a: ', '{? '])('64 KiB of %j, alone in the file', (opening) => {
    const { problems } = readManifest('a.yaml', opening.repeat(65_536 / opening.length));
    expect(problems.map(({ message }) => message)).toContain('nested more than 100 deep');
  });

  test('what is not too deep is read, and what is wrong beside it is told', () => {
    const deep = `${'['.repeat(200)}${']'.repeat(200)}`;
    expect(rulesOf(`conferences:\n  a: {mute: yes}\n  b: ${deep}\n`)).toEqual([
      '2:13 invalid-flag',
      '3:6 not-a-mapping',
      '3:105 yaml-syntax',
    ]);
  });

  test('a long text that is told often costs its length once', () => {
    const text = `${'a'.repeat(9_000)}@`;
    const users = Array.from({ length: 2_000 }, (_, index) => `  c${index}: *x\n`).join('');
    const rules = rulesOfBomb(`x: &x ${text}\nconferences:\n${users}`);
    expect(rules).toEqual(['1:1 unknown-key', '1:7 not-a-mapping']);
  });
});

describe('what is not text', () => {
  test.each(['\u061c', '\u202e', '\u2028', '\u0000', '\ufeff'])('%j is never in a message', (sign) => {
    for (const text of [`x${sign}`, `[${sign}suspend: yes`, `&a${sign} [\r${sign}`, `- ${sign}: "`]) {
      for (const { message, hint, excerpt } of readManifest('a.yaml', text).problems)
        expect(message + hint + (excerpt?.line ?? '')).not.toContain(sign);
    }
  });
});

describe('what is wrong with a manifest', () => {
  const rows: readonly (readonly [text: string, ...problems: readonly string[]])[] = [
    // state
    [
      conference('state: active'),
      '3:12 error invalid-state: state must be completed (nothing else can be set), not "active" (write state: completed, or remove the line)',
    ],
    [
      conference('state: Completed'),
      '3:12 error invalid-state: state must be completed (nothing else can be set), not "Completed" (write state: completed, or remove the line)',
    ],
    [
      'defaults: {state: completed}',
      '1:12 error unknown-key: unknown key "state" in defaults (write it in each conference)',
    ],
    // hold, mute and the other flags
    [
      conference('mute: yes'),
      '3:11 error invalid-flag: mute must be true or false, not "yes" (YAML 1.2 reads yes as text; write mute: true)',
    ],
    [
      conference('hold: Off'),
      '3:11 error invalid-flag: hold must be true or false, not "Off" (YAML 1.2 reads Off as text; write hold: false)',
    ],
    [
      conference('hold: "on"'),
      '3:11 error invalid-flag: hold must be true or false, not "on" (write hold: true)',
    ],
    [
      conference('mute: 0'),
      '3:11 error invalid-flag: mute must be true or false, not the number 0 (write mute: false)',
    ],
    [
      conference('suspend: maybe'),
      '3:14 error invalid-flag: suspend must be true or false, not "maybe" (write suspend: true or suspend: false)',
    ],
    [conference('protect: [true]'), '3:14 error invalid-flag: protect must be true or false, not a list'],
    // callbackTimeout
    [
      conference('callbackTimeout: 10001'),
      '3:22 error invalid-callback-timeout: callbackTimeout must be a whole number of milliseconds from 1 to 10000, not the number 10001 (write callbackTimeout: 10000)',
    ],
    [
      conference('callbackTimeout: "0"'),
      '3:22 error invalid-callback-timeout: callbackTimeout must be a whole number of milliseconds from 1 to 10000, not "0" (write callbackTimeout: 1)',
    ],
    [
      conference('callbackTimeout: 2.5'),
      '3:22 error invalid-callback-timeout: callbackTimeout must be a whole number of milliseconds from 1 to 10000, not the number 2.5 (write callbackTimeout: 3)',
    ],
    [
      conference('callbackTimeout: 2s'),
      '3:22 error invalid-callback-timeout: callbackTimeout must be a whole number of milliseconds from 1 to 10000, not "2s" (write such as callbackTimeout: 2000)',
    ],
    // callbackHttpMethod
    [
      conference('callbackHttpMethod: PUT'),
      '3:25 error invalid-callback-http-method: callbackHttpMethod must be GET or POST, not "PUT" (write callbackHttpMethod: GET or callbackHttpMethod: POST)',
    ],
    // URLs
    [
      conference('callbackUrl: example.com/hook'),
      '3:18 error invalid-url: callbackUrl must be an absolute http or https URL, not "example.com/hook" (write it in full, such as https://hooks.example.com/conferences)',
    ],
    [
      conference('callbackUrl: https://a.example/x', 'fallbackUrl: ftp://example.com'),
      '4:18 error invalid-url: fallbackUrl must be an absolute http or https URL, not "ftp://example.com" (write it in full, such as https://hooks.example.com/conferences)',
    ],
    [
      conference('callbackUrl: https://me:pa ss@example.com'),
      '3:18 error invalid-url: callbackUrl must be an absolute http or https URL, not "https://me:***@example.com" (write %20 for a blank, and no backslash)',
    ],
    [
      conference('callbackUrl: https://me:pa/ss@example.com'),
      '3:18 error invalid-url: callbackUrl must be an absolute http or https URL, not "https://me:***@example.com" (write https://, and percent-encode what is special in user and password)',
    ],
    [
      conference('callbackUrl: https://me:pass@example.com'),
      '3:18 warning password-in-url: callbackUrl holds a password (whoever can read the repository can read it; it is sent to the API and never printed)',
    ],
    // tag and name
    [
      conference('tag: 123'),
      '3:10 error invalid-tag: tag must be a text, not the number 123 (write tag: "123")',
    ],
    [
      conference('tag: 0123'),
      '3:10 error invalid-tag: tag must be a text, not the number 0123 (write tag: "0123")',
    ],
    [
      conference('tag: true'),
      '3:10 error invalid-tag: tag must be a text, not the boolean true (write tag: "true")',
    ],
    [conference('tag: {a: b}'), '3:10 error invalid-tag: tag must be a text, not a mapping'],
    [
      conference('name: 7'),
      '3:11 error invalid-name: name must be a text, not the number 7 (write name: "7")',
    ],
    // ids
    [
      'conferences:\n  -a: {}\n',
      '2:3 error invalid-id: "-a" is no conference id (an id is 1 to 128 letters, digits, dots, hyphens and underscores, and begins with a letter or digit)',
    ],
    [
      `conferences:\n  ${'a'.repeat(129)}: {}\n`,
      `2:3 error invalid-id: "${'a'.repeat(59)}…" is no conference id (an id is 1 to 128 letters, digits, dots, hyphens and underscores, and begins with a letter or digit)`,
    ],
    ['conferences:\n  ? [a]\n  : {}\n', '2:5 error unknown-key: a key must be a word, not a list'],
    // whenEmpty
    [
      conference('whenEmpty: true'),
      '3:5 error misplaced-when-empty: whenEmpty has a meaning only beside state: completed (add state: completed, or remove it)',
    ],
    [
      conference('whenEmpty: true', 'state: ~'),
      '3:5 error misplaced-when-empty: whenEmpty has a meaning only beside state: completed (add state: completed, or remove it)',
    ],
    // unknown keys
    [
      conference('mutee: true'),
      '3:5 error unknown-key: unknown key "mutee" in a conference (did you mean "mute"?)',
    ],
    [
      conference('callbackURL: x'),
      '3:5 error unknown-key: unknown key "callbackURL" in a conference (did you mean "callbackUrl"?)',
    ],
    [
      conference('callback_url: x'),
      '3:5 error unknown-key: unknown key "callback_url" in a conference (did you mean "callbackUrl"?)',
    ],
    [
      conference('colour: red'),
      '3:5 error unknown-key: unknown key "colour" in a conference (known here: name, protect, suspend, whenEmpty, state, hold, mute, callbackUrl, callbackHttpMethod, callbackTimeout, fallbackUrl, tag)',
    ],
    [
      'Conference:\n  a: {}\n',
      '1:1 error unknown-key: unknown key "Conference" at the top of a document (did you mean "conferences"?)',
    ],
    [
      'mute: true\n',
      '1:1 error unknown-key: unknown key "mute" at the top of a document (write it in defaults, or in a conference)',
    ],
    [
      'defaults: {name: x}',
      '1:12 error unknown-key: unknown key "name" in defaults (write it in each conference)',
    ],
    // duplicates
    [
      conference('mute: true', 'mute: false'),
      '4:5 error duplicate-key: "mute" stands here and on line 3 (keep one of them)',
    ],
    [
      conference('mute: true', '"mute": 3'),
      '4:5 error duplicate-key: "mute" stands here and on line 3 (keep one of them)',
      '4:13 error invalid-flag: mute must be true or false, not the number 3 (write mute: true or mute: false)',
    ],
    [
      'conferences: {a: {mutee: 1}}\nconferences: {b: {tagg: 1}}\n',
      '1:19 error unknown-key: unknown key "mutee" in a conference (did you mean "mute"?)',
      '2:1 error duplicate-key: "conferences" stands here and on line 1 (keep one of them)',
      '2:19 error unknown-key: unknown key "tagg" in a conference (did you mean "tag"?)',
    ],
    [
      'conferences:\n  1: {}\n  "1": {}\n',
      '3:3 error duplicate-conference: the conference "1" is also declared at a.yaml:2:3 (keep one of the two)',
    ],
    [
      'conferences: {a: }\n---\nconferences: {a: }\n---\nconferences: {b: , a: }\n',
      '3:15 error duplicate-conference: the conference "a" is also declared at a.yaml:1:15 (keep one of the two)',
      '5:20 error duplicate-conference: the conference "a" is also declared at a.yaml:1:15 (keep one of the two)',
    ],
    // shapes
    [
      '- a\n',
      '1:1 error not-a-mapping: a document must be a mapping, not a list (write conferences: and the ids below it)',
    ],
    [
      'text\n',
      '1:1 error not-a-mapping: a document must be a mapping, not "text" (write conferences: and the ids below it)',
    ],
    [
      'conferences:\n  - a\n',
      '2:3 error not-a-mapping: conferences must be a mapping, not a list (write ids below it, without hyphens)',
    ],
    [
      'defaults: 3\n',
      '1:11 error not-a-mapping: defaults must be a mapping, not 3 (write settings below it)',
    ],
    [
      'conferences:\n  a: completed\n',
      '2:6 error not-a-mapping: the conference "a" must be a mapping, not "completed" (write "key: value" lines below its id)',
    ],
    // warnings
    [
      conference('fallbackUrl: https://a.example'),
      '3:5 warning fallback-without-callback: fallbackUrl without callbackUrl: there is no call that could fail (add callbackUrl, or remove it)',
    ],
    [
      'defaults: {fallbackUrl: "https://a.example"}\nconferences: {a: , b: {}, c: {callbackUrl: "https://a.example"}}\n',
      '1:12 warning fallback-without-callback: fallbackUrl without callbackUrl: there is no call that could fail (add callbackUrl, or remove it)',
    ],
    [
      conference('state: completed', 'hold: true', 'mute: ~'),
      '4:5 warning ignored-when-completed: hold has no effect beside state: completed (remove one of them)',
    ],
  ];
  test.each(rows)('%j', (text, ...expected) => {
    expect(problemsOf(text)).toEqual(expected);
  });

  const quiet: readonly (readonly [why: string, text: string])[] = [
    [
      'callbackUrl is a default',
      'defaults: {callbackUrl: "https://a.example"}\nconferences: {a: {fallbackUrl: "https://b.example"}}',
    ],
    [
      'both are defaults',
      'defaults: {callbackUrl: "https://a.example", fallbackUrl: "https://b.example"}\nconferences: {a: }',
    ],
    ['nobody uses the default', 'defaults: {fallbackUrl: "https://b.example"}'],
    ['null is no fallbackUrl', conference('fallbackUrl: ~')],
    [
      'a default mute is meant for the others',
      'defaults: {mute: true}\nconferences: {a: {state: completed}}',
    ],
    ['a user without a password', conference('callbackUrl: https://token@a.example')],
  ];
  test.each(quiet)('no warning: %s', (_why, text) => {
    expect(problemsOf(text)).toEqual([]);
  });

  const followUps: readonly (readonly [why: string, text: string, rules: readonly string[]])[] = [
    [
      'whenEmpty beside a misspelt state',
      conference('state: complete', 'whenEmpty: true'),
      ['3:12 invalid-state'],
    ],
    [
      'fallbackUrl beside a wrong callbackUrl',
      conference('callbackUrl: x', 'fallbackUrl: https://a.example'),
      ['3:18 invalid-url'],
    ],
    ['what stands below an unknown key', 'confrences: {a: {mutee: 1, mutee: 2}}', ['1:1 unknown-key']],
    [
      'an invalid id hides nothing',
      'conferences: {"a b": {mute: 3}}',
      ['1:15 invalid-id', '1:29 invalid-flag'],
    ],
  ];
  test.each(followUps)('no noise: %s', (_why, text, expected) => {
    expect(rulesOf(text)).toEqual(expected);
  });

  test('a broken file declares nothing, but its ids are seen', () => {
    const { declared, seen } = readManifest('a.yaml', 'conferences: {a: {mute: true}, b: {mute: 3}}');
    expect(declared).toEqual([]);
    expect(seen?.ids).toEqual([
      { id: 'a', at: { path: 'a.yaml', line: 1, column: 15 } },
      { id: 'b', at: { path: 'a.yaml', line: 1, column: 32 } },
    ]);
  });

  test('a warning does not break a file', () => {
    expect(readManifest('a.yaml', conference('fallbackUrl: https://a.example')).declared).toHaveLength(1);
  });
});

describe('syntax', () => {
  // Line 3 is wrong; the mistake in the second conference is told as well wherever the parser can get there.
  const after = '  conf-2:\n    mutee: true\n';
  const rows: readonly (readonly [name: string, lines: readonly string[], problems: readonly string[]])[] = [
    ['no colon', ['mute true', 'hold: 3'], ['3:5 this line is no "key: value"', 'next']],
    [
      'no colon on a later line',
      ['hold: 3', 'mute true'],
      ['3:11', '4:5 this line is no "key: value"', 'next'],
    ],
    ['no blank after the colon', ['mute:true', 'tag: x'], ['3:5 a key and its value run together', 'next']],
    [
      'indented too little',
      ['  tag: x', 'hold: true'],
      ['4:5 all mapping items must start at the same column', 'next'],
    ],
    ['indented too much', ['tag: x', '  hold: true'], ['3:10 a second key stands in the value', 'next']],
    ['a colon in a value', ['name: foo: bar'], ['3:11 a second key stands in the value', 'next']],
    ['a reserved character', ['tag: @x', 'hold: 3'], ['3:10 plain value cannot start with', '4:11', 'next']],
    ['a bad escape', ['tag: "a\\qb"'], ['3:12 invalid escape sequence \\q', 'next']],
    ['an open bracket', ['tag: [x', 'hold: true'], ['3:10 this [ is never closed']],
    ['an open brace', ['tag: {a: x'], ['3:10 this { is never closed', 'next']],
    ['brackets crossed', ['tag: [{]'], ['3:11 this { is never closed', 'next']],
    ['an open double quote', ['tag: "x'], ['3:10 this " is never closed']],
    [
      'an open double quote, closed by the next',
      ['tag: "x', 'name: "y"'],
      ['3:10 this " is never closed', 'next'],
    ],
    ['an escaped closing quote', ['tag: "x\\"'], ['3:10 this " is never closed']],
    ['an open single quote', ["tag: 'x"], ["3:10 this ' is never closed"]],
    ['an unknown tag', ['tag: !secret x', 'hold: 3'], ['3:10 unresolved tag: !secret', '4:11', 'next']],
    ['a binary tag', ['tag: !!binary eA=='], ['3:10 unresolved tag', 'next']],
    ['an unclosed string of a URL', ['callbackUrl: "https://u:secret@h'], ['3:18 this " is never closed']],
  ];
  test.each(rows)('%s', (_name, lines, expected) => {
    const found = problemsOf(`${conference(...lines)}${after}`);
    const next = found.findIndex((problem) => problem.includes('"mutee"'));
    const shown = found.map((problem, index) =>
      index === next ? 'next' : problem.replace(' error yaml-syntax:', ''),
    );
    expect(shown).toHaveLength(expected.length);
    for (const [index, start] of expected.entries())
      expect(shown[index]).toMatch(new RegExp(`^${escape(start)}`));
  });
  const escape = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

  test('a tab', () => {
    expect(problemsOf('conferences:\n\ta:\n\t\tmute: true\n')[0]).toBe(
      '2:1 error yaml-syntax: a tab cannot indent (indent with blanks)',
    );
  });

  test('an unresolved merge conflict', () => {
    const text = '<<<<<<< HEAD\nconferences: {}\n=======\nconferences: {a: }\n>>>>>>> branch\n';
    expect(problemsOf(text)).toContain(
      '1:1 error yaml-syntax: a merge conflict is not resolved (keep one side)',
    );
    expect(rulesOf(text).every((rule) => rule.endsWith('yaml-syntax'))).toBe(true);
  });

  test('one document does not hide another', () => {
    expect(rulesOf('conferences: {a: {mute: [}}\n---\nconferences: {b: {mute: 3}}\n')).toEqual([
      '1:25 yaml-syntax',
      '3:25 invalid-flag',
    ]);
  });

  test('a file of nothing but a bad directive', () => {
    expect(problemsOf('%FOO\n')).toEqual(['1:1 error yaml-syntax: unknown directive %FOO']);
  });

  test('no message holds a password', () => {
    const text = conference(
      'callbackUrl: "https://u:secret@h',
      '  - https://u:secret@h',
      ' }https://u:secret@h',
    );
    expect(JSON.stringify(readManifest('a.yaml', text).problems)).not.toContain('secret');
  });
});
