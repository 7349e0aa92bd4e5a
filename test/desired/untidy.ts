/**
 * Manifests as many hands write them: any indentation, comments and blank lines anywhere, quotes of all kinds, texts
 * of several lines, anchors, aliases, `<<`, brackets over several lines, blanks at the ends, Windows line breaks.
 * Nearly all of them are valid; which ones, the reader says.
 */
import fc from 'fast-check';

export const untidy: fc.Arbitrary<string> = fc
  .array(fc.nat(9_999), { minLength: 20, maxLength: 400 })
  .map((tape) => write(makeDice(tape)));

interface Dice {
  readonly one: <A>(choices: readonly [A, ...A[]]) => A;
  readonly oneIn: (sides: number) => boolean;
  readonly upTo: (most: number) => number;
}

const makeDice = (tape: readonly number[]): Dice => {
  let at = 0;
  const next = (): number => {
    at += 1;
    return tape[at % tape.length] ?? 0;
  };
  return {
    one: (choices) => choices[next() % choices.length] ?? choices[0],
    oneIn: (sides) => next() % sides === sides - 1,
    upTo: (most) => next() % (most + 1),
  };
};

const write = (dice: Dice): string => {
  const documents = Array.from({ length: 1 + dice.upTo(2) }, (_none, index) => writeDocument(index, dice));
  const end = dice.one(['\n', '\n', '\n', '\r\n']);
  const text = documents.join(dice.one(['---\n', '--- # next\n', '...\n---\n', '  # between\n---  \n']));
  const broken = dice.oneIn(6) ? text : text.replaceAll('\n', end);
  return (
    (dice.oneIn(8) ? '\uFEFF' : '') +
    (dice.oneIn(5) ? broken.trimEnd() : broken + dice.one(['', '\n\n', '  \n']))
  );
};

const writeDocument = (index: number, dice: Dice): string => {
  const out = makeLines(dice);
  const margin = dice.oneIn(6) ? 1 + dice.upTo(3) : 0;
  if (!dice.oneIn(3)) {
    out.line(margin, `defaults:${dice.oneIn(2) ? ` &d${index}` : ''}${dice.oneIn(4) ? ' # for all' : ''}`);
    writeSettings(margin + 1 + dice.upTo(4), dice, out, ['callbackUrl', 'callbackTimeout', 'tag']);
  }
  out.line(margin, dice.one(['conferences:', '"conferences":', 'conferences: ', "'conferences' :"]));
  const column = margin + 1 + dice.upTo(5);
  const ids = Array.from({ length: 1 + dice.upTo(4) }, (_none, at) => `conf-${index}${at}`);
  for (const [at, id] of ids.entries()) writeConference(id, at > 0, column, index, dice, out);
  return out.text();
};

const writeConference = (
  id: string,
  isLater: boolean,
  column: number,
  index: number,
  dice: Dice,
  out: Lines,
): void => {
  const key = dice.one([id, id, `"${id}"`, `'${id}'`, `? ${id}\n${' '.repeat(column)}`]);
  const first = `first${index}`;
  switch (dice.upTo(5)) {
    case 0:
      out.line(column, `${key}: ${dice.one(['', '~', 'null', '{}', '# nothing'])}`);
      break;
    case 1:
      writeBrackets(`${key}: `, column, dice, out);
      break;
    case 2:
      if (isLater && !key.includes('?')) {
        out.line(column, `${key}:`);
        const inner = column + 1 + dice.upTo(3);
        writeMerge(inner, first, dice, out);
        writeSettings(inner, dice, out, ['hold', 'tag', 'protect']);
        break;
      }
      out.line(column, `${key}: {mute: false}`);
      break;
    default:
      out.line(column, `${key}:${isLater ? '' : ` &${first}`}${dice.oneIn(5) ? ' # who' : ''}`);
      writeSettings(column + 1 + dice.upTo(5), dice, out, [
        'name',
        'mute',
        'callbackHttpMethod',
        'callbackTimeout',
        'callbackUrl',
        'tag',
        'suspend',
      ]);
      return;
  }
  if (!isLater) out.line(column, `anchor-${index}: &${first} {mute: true, }`);
};

const writeMerge = (column: number, name: string, dice: Dice, out: Lines): void => {
  const deep = ' '.repeat(dice.upTo(3));
  switch (dice.upTo(3)) {
    case 0:
      out.line(column, `<<: *${name}`);
      break;
    case 1:
      out.line(column, `<<: [*${name}, {hold: 'true'}]`);
      break;
    case 2:
      out.line(column, '<<:');
      out.line(column, `${deep}- *${name}`);
      out.line(column, `${deep}- suspend: "true"`);
      out.line(column, `${deep}  mute: True`);
      break;
    default:
      out.line(column, '<<:');
      out.line(column + 1, `${deep}*${name}`);
  }
};

const writeBrackets = (start: string, column: number, dice: Dice, out: Lines): void => {
  const space = dice.one(['', ' ', '   ']);
  const pieces = [
    `hold:${dice.one([' ', '  '])}${value('hold', dice)}`,
    `"mute":${space}${dice.one(['"true"', 'true', '"false"'])}`,
    `tag: ${dice.one(["'a, b'", '"x"', "'y'", '"{z}"', 'w'])}`,
    dice.one(['suspend: ', 'suspend', '"suspend": ~']),
  ];
  if (dice.oneIn(2)) {
    out.line(column, `${start}{${space}${pieces.join(`,${space}`)}${space}}`);
    return;
  }
  const own = dice.oneIn(3);
  out.line(column, own ? start : `${start}{`);
  if (own) out.line(column + 1, '{');
  for (const piece of pieces) out.line(column + 1 + dice.upTo(6), `${piece},`);
  out.line(column + 1 + dice.upTo(3), '}');
};

const writeSettings = (column: number, dice: Dice, out: Lines, names: readonly string[]): void => {
  const chosen = names.filter(() => !dice.oneIn(3));
  for (const name of chosen.length > 0 ? chosen : ['mute']) {
    const key = dice.one([name, name, name, `"${name}"`, `'${name}' `]);
    if ((name === 'tag' || name === 'name') && dice.oneIn(2)) writeText(key, column, dice, out);
    else
      out.line(
        column,
        `${key}:${dice.one([' ', ' ', '   ', `\n${' '.repeat(column + 1 + dice.upTo(3))}`])}${value(name, dice)}`,
      );
  }
};

const value = (name: string, dice: Dice): string => {
  if (dice.oneIn(9)) return dice.one(['~', 'null', 'Null', '', '&n ~', '!!null null']);
  const written = plainValue(name, dice);
  return dice.oneIn(8) && !/[&!]/.test(written) ? `&v ${written}` : written;
};

const plainValue = (name: string, dice: Dice): string => {
  switch (name) {
    case 'callbackTimeout':
      return dice.one(['2000', "'2000'", '"0042"', '0x7D0', '2e3', '+7', '2000.0']);
    case 'callbackHttpMethod':
      return dice.one(['post', 'GET', '"Post"', "'get'"]);
    case 'callbackUrl':
      return dice.one(['https://a.example/x?y=1#z', '"https://a.example/"', "'http://u@b.example:80/{c}'"]);
    case 'tag':
    case 'name':
      return dice.one(texts);
    default:
      return dice.one(['true', 'True', 'FALSE', '"true"', "'false'"]);
  }
};

const texts: readonly [string, ...string[]] = [
  'plain words',
  '"quoted words"',
  "'123'",
  '"true"',
  "'no'",
  '"2024-01-31"',
  '"12:30"',
  '""',
  "' blank '",
  '"a: b"',
  '"it\'s"',
  "'#1'",
  '"caf\\u00e9"',
  '"tab\\there"',
  '"caf\u00e9 \u{1f389}"',
  '"<<"',
  "'- a'",
  '"--- "',
  '!!str 123',
  "'a #b'",
  '"a\\\\b"',
  '-dash',
  '"\\u200bzero"',
  "'{a}'",
  '"end:"',
  '"~"',
];

/** Over several lines. */
const writeText = (key: string, column: number, dice: Dice, out: Lines): void => {
  const deep = ' '.repeat(column + 1 + dice.upTo(4));
  const tail = dice.one(['', '  ', '']);
  const header = `${dice.one(['|', '>'])}${dice.one(['', '-', '+'])}${dice.one(['', ' # header'])}`;
  const forms: readonly [string, ...string[]] = [
    `"one${tail}\n${deep}two"`,
    `"one\\\n${deep}two\\ ${tail}\n\n${deep}three"`,
    `'one${tail}\n   \n${deep}two'`,
    `one${tail}\n${deep}two`,
    `\n${deep}one\n${deep} two`,
    `${header}\n${deep}one${tail}\n${deep}  two\n${tail}\n${deep}three`,
    `${header}\n\n${deep}one\n${deep}# no comment\n\n`,
    header,
    `|1\n${' '.repeat(column + 1)}one\n${' '.repeat(column + 2)}two`,
    `>2-\n${' '.repeat(column + 2)} one\n${tail}\n${' '.repeat(column + 2)}two`,
  ];
  out.line(column, `${key}: ${dice.one(forms)}`);
};

interface Lines {
  readonly line: (column: number, text: string) => void;
  readonly text: () => string;
}

/** Between the lines anything may stand that has no meaning. */
const makeLines = (dice: Dice): Lines => {
  const lines: string[] = [];
  return {
    line: (column, text) => {
      if (dice.oneIn(4)) lines.push(dice.one(['', '   ', '\t', '']));
      if (dice.oneIn(4))
        lines.push(`${' '.repeat(dice.upTo(12))}# ${dice.one(['why', 'TODO  ', 'it\'s: "x"'])}`);
      if (dice.oneIn(6)) lines.push(`${' '.repeat(column)}# above`);
      lines.push(`${' '.repeat(column)}${text}${dice.one(['', '', ' ', '\t'])}`);
    },
    text: () => lines.map((line) => `${line}\n`).join(''),
  };
};
