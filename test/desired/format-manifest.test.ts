import { describe, expect, it } from 'vitest';

import { formatManifest, formatManifestBytes } from '../../src/desired/format-manifest.js';
import { isPlainText, singleQuoted } from '../../src/desired/plain-text.js';

const format = (text: string): string => {
  const formatted = formatManifest('a.yaml', text);
  if (formatted._tag !== 'Formatted') throw new Error(JSON.stringify(formatted));
  return formatted.text;
};

/** One line below a conference. */
const line = (text: string): string => {
  const start = 'conferences:\n  a:\n    ';
  const formatted = format(`${start}${text}\n`);
  expect(formatted.startsWith(start)).toBe(true);
  return formatted.slice(start.length, -1);
};

describe('the spelling of values', () => {
  it.each([
    ["mute: 'true'", 'mute: true'],
    ['mute: TRUE', 'mute: true'],
    ['hold: "false" # why', 'hold: false # why'],
    ['protect: True', 'protect: true'],
    ["callbackTimeout: '2000'", 'callbackTimeout: 2000'],
    ['callbackTimeout: 0x7D0', 'callbackTimeout: 2000'],
    ['callbackTimeout: "0042"', 'callbackTimeout: 42'],
    ['callbackHttpMethod: post', 'callbackHttpMethod: POST'],
    ['callbackHttpMethod: "Get"', 'callbackHttpMethod: GET'],
    ["state: 'completed'", 'state: completed'],
    ['tag: ~', 'tag: null'],
    ['tag: Null', 'tag: null'],
    ['tag:', 'tag: null'],
    ['tag: # nothing', 'tag: null # nothing'],
    ['name:', 'name: null'],
    ['callbackUrl: "https://a.example/x?y=1#z"', 'callbackUrl: https://a.example/x?y=1#z'],
    ['tag: "all-hands"', 'tag: all-hands'],
    ['"tag": x', 'tag: x'],
    ['{"mute":"true", "tag": "a, b"}', '{"mute":true, tag: \'a, b\'}'],
    ['tag: "a, b"', 'tag: a, b'],
  ])('%s becomes %s', (written, wanted) => {
    expect(line(written)).toBe(wanted);
  });

  it.each([
    "tag: '123'",
    "tag: 'true'",
    "tag: 'null'",
    "tag: ''",
    "tag: 'no'",
    "tag: '2024-01-31'",
    "tag: '12:30'",
    "tag: '- a'",
    "tag: 'a: b'",
    "tag: 'a #b'",
    "tag: 'end:'",
    "tag: ' blank '",
    'tag: "tab\\there"',
    'tag: "zero\\u200bwidth"',
    'tag: !!str 123',
    'tag: no',
    'tag: -x',
    'mute: !!str true',
    'name: plain words # and a comment',
    'mute:   true',
  ])('%s stays', (written) => {
    expect(line(written)).toBe(written);
  });

  it('uses single quotes where some are needed', () => {
    expect(line('tag: "a: b"')).toBe("tag: 'a: b'");
    expect(line('tag: "it\'s: x"')).toBe("tag: 'it''s: x'");
    expect(line('tag: "caf\\u00e9"')).toBe('tag: café');
  });

  it('changes nothing but quotes of what has an anchor, for another key may use it', () => {
    const text = "conferences:\n  a:\n    mute: &on 'true'\n    tag: *on\n    callbackTimeout: &n 0x10\n";
    expect(format(text)).toBe(text);
    expect(line('tag: &x "w"')).toBe('tag: &x w');
  });

  it('leaves empty conferences empty, and other spellings of null not', () => {
    expect(format('conferences:\n  a:\n  b: ~\n')).toBe('conferences:\n  a:\n  b: null\n');
  });

  it('keeps the quotes of JSON', () => {
    const json =
      '{"conferences": {"a": {"mute": "true", "callbackHttpMethod": "post", "tag": "x", "name":null}}}\n';
    expect(format(json)).toBe(json.replace('"true"', 'true').replace('post', 'POST'));
  });
});

describe('the layout', () => {
  it('indents by two, comments with what they stand at', () => {
    const written = `# top
defaults: &d   # kept
      callbackTimeout: 2000
      # of defaults
  # deeper than the next
conferences:

    # of a
    a:
       <<:
       - *d
       -  mute: true
          hold: true
       # end of a
    # before b
    b: {
     mute: true,   # inside
         hold: false
       }
    c:
          name: >-
             folded

               deeper
             text
          tag: "one
             two"
...
`;
    expect(format(written)).toBe(`# top
defaults: &d   # kept
  callbackTimeout: 2000
  # of defaults
# deeper than the next
conferences:

  # of a
  a:
    <<:
      - *d
      -  mute: true
         hold: true
    # end of a
  # before b
  b: {
    mute: true,   # inside
    hold: false
  }
  c:
    name: >-
      folded

        deeper
      text
    tag: "one
      two"
...
`);
  });

  it('keeps a block scalar to the letter, blanks included', () => {
    const written =
      'conferences:\n   a:\n      name: |+ # header\n         one  \n           two\n\n      tag: |2-\n          x\n';
    expect(format(written)).toBe(
      'conferences:\n  a:\n    name: |+ # header\n      one  \n        two\n\n    tag: |2-\n        x\n',
    );
  });

  it('takes blanks from the ends of lines, and ends with one line break', () => {
    expect(format('conferences: \t\n  \n  a: # why  \n\n\n \n')).toBe('conferences:\n\n  a: # why\n');
    expect(format('conferences: {}')).toBe('conferences: {}\n');
    expect(format('\n\n')).toBe('');
    expect(format('')).toBe('');
    expect(format('conferences:\n  a:\n    tag: |+\n      x\n\n\n')).toBe(
      'conferences:\n  a:\n    tag: |+\n      x\n\n\n',
    );
  });

  it('keeps Windows line breaks, makes mixed ones even, and drops a byte order mark', () => {
    expect(format('\uFEFFconferences:\r\n   a:\r\n')).toBe('conferences:\r\n  a:\r\n');
    expect(format('conferences:\r\n  a:\n  b:')).toBe('conferences:\r\n  a:\r\n  b:\r\n');
    expect(format('conferences:\n  a:\r\n')).toBe('conferences:\n  a:\n');
  });
});

describe('what is not formatted', () => {
  it('is a manifest with an error; a warning is no hindrance', () => {
    expect(formatManifest('a.yaml', 'conferences:\n   a: { mute: yes }\n')).toMatchObject({
      _tag: 'Broken',
      problems: [{ rule: 'invalid-flag' }],
    });
    expect(line('fallbackUrl: "https://a.example/"')).toBe('fallbackUrl: https://a.example/');
  });

  it('is what is no text', () => {
    expect(formatManifestBytes('a.yaml', Buffer.from([0xff]))).toMatchObject({
      _tag: 'Broken',
      problems: [{ rule: 'invalid-utf8' }],
    });
  });
});

describe('a text without quotes', () => {
  it.each([
    ['a,b', false, true],
    ['a,b', true, false],
    ['<<', false, false],
    ['---', false, false],
    ['...', false, false],
    ['1e3', false, false],
    ['12_000', false, false],
    ['a\u00a0b', false, false],
    ['a\rb', false, false],
    ['\u{1f389} party', false, true],
  ])('%j in brackets %s: %s', (text, isFlow, wanted) => {
    expect(isPlainText(text, isFlow)).toBe(wanted);
  });

  it('is never quoted where an escape is needed', () => {
    expect(singleQuoted('a\tb')).toBeUndefined();
    expect(singleQuoted("it's")).toBe("'it''s'");
  });
});
