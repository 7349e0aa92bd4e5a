/** Texts of the kind that the reader of ordinary manifests takes, nearly takes, and must not take. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';

const listed = (text: string): readonly string[] => text.split(' ¦ ');

const keys = [
  ...listed('defaults ¦ conferences ¦ conf-1 ¦ conf-2 ¦ mute ¦ hold ¦ tag ¦ name ¦ callbackUrl ¦ state'),
  ...listed('callbackTimeout ¦ protect ¦ a ¦ a.b_c-d ¦ 7 ¦ true ¦ Null ¦ "mute" ¦ \'tag\' ¦ "a b"'),
  ...listed('\'it\'\'s\' ¦ "1" ¦ "a: b" ¦ "#" ¦ ""'),
  'x'.repeat(200),
];

const oddKeys = [
  ...listed(
    '? ¦ ? a ¦ - a ¦ << ¦ "<<" ¦ &a b ¦ *a ¦ !!str a ¦ [a] ¦ {a: b} ¦ .a ¦ -a ¦ a b ¦ é ¦ 😀 ¦ ~ ¦ 007',
  ),
  ...listed('0x1f ¦ 1e3 ¦ "a\\n" ¦ "a"  ¦ \'a\'b ¦ | ¦ > ¦ %a ¦ @ ¦ ` ¦ ... ¦ --- ¦ --- a ¦ ---a'),
  'y'.repeat(900),
  'z'.repeat(1100),
];

const values = [
  ...listed('~ ¦ null ¦ Null ¦ NULL ¦ nULL ¦ true ¦ True ¦ TRUE ¦ tRUE ¦ false ¦ False ¦ FALSE ¦ yes ¦ no'),
  ...listed('0 ¦ 1 ¦ 10000 ¦ 999999999999999 ¦ 7 ¦ 2000 ¦ 3rd floor ¦ 1_000 ¦ 2025-01-31 ¦ 10.0.0.1 ¦ 1,000'),
  ...listed(
    'word ¦ two words ¦ https://a.example/b?c#d ¦ http://u:p@a ¦ a:b ¦ a::b ¦ a#b ¦ a# b ¦ é ü ¦ 日本',
  ),
  ...listed('😀 x ¦ x 😀 ¦ (a) ¦ /a ¦ _a ¦ a, b ¦ a [b] {c} ¦ a "b" ¦ it\'s ¦ a & b ¦ a * b ¦ a ! b ¦ a - b'),
  ...listed(
    '"a" ¦ \'a\' ¦ "" ¦ \'\' ¦ \'it\'\'s\' ¦ \'\'\'\' ¦ " a " ¦ "#" ¦ ": " ¦ "1" ¦ \'true\' ¦ "é 😀" ¦ "a # b"',
  ),
  ...listed('conf-25adm5b6fxyyd6ad2rcqvoqa ¦ 3fa85f64-5717-4562-b3fc-2c963f66afa6 ¦ POST ¦ get ¦ completed'),
  ...['\u00A1', '\uFFFD', 'two  words', 'a | b'],
];

const oddValues = [
  ...listed(
    '00 ¦ 007 ¦ 0o7 ¦ 0o8 ¦ 0x1F ¦ 0xg ¦ .5 ¦ 5. ¦ 1.5 ¦ 1e3 ¦ 1e ¦ +1 ¦ -1 ¦ -0 ¦ - ¦ + ¦ . ¦ 1000000000000000',
  ),
  ...listed(
    '99999999999999999999 ¦ .inf ¦ -.INF ¦ .nan ¦ .NaN ¦ .Nan ¦ - a ¦ -a ¦ ? a ¦ ? ¦ : ¦ : a ¦ :a ¦ !',
  ),
  ...listed(
    '!!str 1 ¦ &a b ¦ *a ¦ &a ¦ | ¦ > ¦ >- ¦ |2 ¦ %a ¦ @a ¦ `a ¦ ,a ¦ ] ¦ } ¦ [a] ¦ [a ¦ {a: b} ¦ {a ¦ # ¦ #a',
  ),
  ...listed(
    'a: b ¦ a: ¦ a :b ¦ a : b ¦ a # b: c ¦ "a ¦ \'a ¦ "a"b ¦ \'a\'b ¦ "a" b ¦ "a": b ¦ \'a\': b ¦ "a":b',
  ),
  ...listed(
    '"a" : b ¦ "a"#b ¦ "a\\"b" ¦ "\\n" ¦ "\\x41" ¦ "\\" ¦ \'\\\' ¦ << ¦ = ¦ ~a ¦ ~ a ¦ --- ¦ ... ¦ --- a',
  ),
  ...listed('<a ¦ =a ¦ ;a ¦ $a ¦ \\a'),
  ...['a\tb', '\ta', 'a\t', '\u00A0', 'a\u00A0', '\u0085', '\u2028', '\u0007', '\uFEFF', '\uD800'],
  'z'.repeat(1100),
];

const often = <A>(usual: fc.Arbitrary<A>, odd: fc.Arbitrary<A>, weight = 40): fc.Arbitrary<A> =>
  fc.oneof({ weight, arbitrary: usual }, { weight: 1, arbitrary: odd });

const gap = often(fc.constant(' '), fc.constantFrom('', '  ', '   ', '\t', ' \t', '\n', '\n ', '\n    '));
const lineEnd = often(
  fc.constantFrom('', '', '', '  ', ' # c', '   # c: d'),
  fc.constantFrom('#c', '\t', ' #', ' # \t', ' \r', '\r', ' # é'),
);

/** What stands in a line, with the levels it goes up or down from the line before. */
const keyLine = fc
  .tuple(
    fc.constantFrom(-2, -1, 0, 0, 0, 1),
    often(fc.constant(''), fc.constantFrom(' ', '  ', '\t')),
    often(fc.constantFrom(...keys), fc.constantFrom(...oddKeys)),
    often(fc.constant(':'), fc.constantFrom('', ' :', '::')),
    gap,
    fc.option(often(fc.constantFrom(...values), fc.constantFrom(...oddValues), 10), { freq: 2 }),
    lineEnd,
  )
  .map(([shift, blanks, key, colon, between, value, end]) => ({
    shift: value === null ? shift : Math.min(shift, 0),
    opens: value === null,
    text: blanks + key + colon + (value === null ? '' : between + value) + end,
  }));

const otherLine = fc
  .constantFrom(
    ...listed(
      '# c ¦   # c ¦       # c ¦ --- ¦ --- ¦ --- ¦ --- # c ¦ ---   ¦ ---#c ¦ --- a ¦ --- a: 1 ¦ ---a ¦ ...',
    ),
    ...listed('... # c ¦ %YAML 1.1 ¦ - a ¦   - a: 1 ¦   word ¦ word ¦     "word" ¦  --- ¦  ...'),
    ...['', '', '', '  ', '\t', '#\t', '# \u0007'],
  )
  .map((text) => ({ shift: 0, opens: false, text }));

/** Lines one below the other, with indentation that mostly fits. */
export const lines: fc.Arbitrary<string> = fc
  .tuple(
    fc.array(often(keyLine, otherLine, 6), { minLength: 1, maxLength: 7 }),
    often(fc.constant('\n'), fc.constantFrom('\r\n', '\r', '\n\n', '\n \n')),
    fc.constantFrom('', '\n', '\n\n', '\n  '),
  )
  .map(([all, between, end]) => {
    let level = 0;
    let mayOpen = false;
    const texts = all.map(({ shift, opens, text }) => {
      level = Math.max(0, mayOpen && shift >= 0 ? level + 1 : level + Math.min(shift, 0));
      mayOpen = opens && shift > 0;
      return '  '.repeat(level) + text;
    });
    return texts.join(between) + end;
  });

const usualValue = fc.constantFrom(...values);
const comment = fc.constantFrom('', '', '', ' # c', '   # c: "d', ' #');

const wellFormedLine = (blanks: string, key: string): fc.Arbitrary<string> =>
  fc
    .tuple(fc.constantFrom(' ', '  ', '    '), usualValue, comment, fc.constantFrom('', ' '))
    .map(([between, value, note, end]) => `${blanks}${key}:${between}${value}${note}${end}\n`);

const wellFormedKey = fc.constantFrom(...keys);
const filler = fc.constantFrom('', '', '', '\n', '  \n', '# c\n', '        # c\n');

const block = (blanks: string, level: number): fc.Arbitrary<string> =>
  fc
    .array(
      fc
        .tuple(wellFormedKey, filler, fc.constantFrom(' ', '  ', '    '), comment, fc.boolean())
        .chain(([key, above, deeper, note, isNested]) =>
          (isNested && level < 3
            ? fc.oneof(
                { weight: 1, arbitrary: fc.constant(`${blanks}${key}:${note}\n`) },
                {
                  weight: 4,
                  arbitrary: block(blanks + deeper, level + 1).map(
                    (inner) => `${blanks}${key}:${note}\n${inner}`,
                  ),
                },
              )
            : wellFormedLine(blanks, key)
          ).map((text) => above + text),
        ),
      { minLength: 1, maxLength: 3 },
    )
    .map((parts) => parts.join(''));

/** Always of the ordinary kind, whatever it means. */
export const wellFormed: fc.Arbitrary<string> = fc
  .tuple(
    fc.constantFrom('', '---\n', '# c\n---   # c\n', '\n'),
    fc.array(block('', 1), { maxLength: 3 }),
    fc.boolean(),
  )
  .map(([start, blocks, isOpen]) => {
    const text = start + blocks.join('---\n');
    return isOpen ? text.replace(/\n$/, '') : text;
  });

const manifestsBelow = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.yaml'))
    .sort()
    .map((name) => readFileSync(join(folder, name), 'utf8'));

/** Manifests that somebody has written: the examples, and those with mistakes. */
export const written: readonly string[] = [
  ...manifestsBelow('desired'),
  ...manifestsBelow('test/golden/problems'),
  ...[...readFileSync('README.md', 'utf8').matchAll(/```yaml\n([^`]*)```/g)].map(([, text = '']) => text),
];

const token = fc.constantFrom(
  ...[...keys, ...oddKeys].map((key) => `${key}:`),
  ...[...values, ...oddValues].map((value) => ` ${value}`),
  ...[
    '\n',
    '\n  ',
    '\n    ',
    '\n      ',
    ' ',
    '  ',
    ':',
    ': ',
    ' #',
    '#',
    '"',
    "'",
    '\t',
    '\r',
    '---\n',
    '- ',
    '\n---\n',
    '\n...\n',
  ],
);

type Edit = readonly [where: number, length: number, inserted: string];

const edit: fc.Arbitrary<Edit> = fc.tuple(
  fc.double({ min: 0, max: 1, noNaN: true }),
  fc.constantFrom(0, 0, 0, 1, 1, 2, 5, 20),
  fc.oneof(fc.constant(''), token, token, fc.string({ unit: 'binary', maxLength: 2 })),
);

/** What somebody has written after some slips. */
export const slipped: fc.Arbitrary<string> = fc
  .tuple(fc.oneof(fc.constantFrom(...written), wellFormed), fc.array(edit, { minLength: 1, maxLength: 2 }))
  .map(([text, edits]) =>
    edits.reduce((before, [where, length, inserted]) => {
      const at = Math.floor(where * before.length);
      return before.slice(0, at) + inserted + before.slice(at + length);
    }, text),
  );
