import { test as property } from '@fast-check/vitest';
import fc from 'fast-check';
import * as O from 'fp-ts/lib/Option.js';
import { describe, expect, test } from 'vitest';
import { combine } from '../../src/desired/combine.js';
import type { Declared, Desired } from '../../src/desired/desired.js';
import { isBroken } from '../../src/desired/broken-file.js';
import type { ManifestFile } from '../../src/desired/manifest.js';
import { readManifest } from '../../src/desired/read-manifest.js';
import { acceptGlimpse } from '../../src/reconcile/accept-glimpse.js';
import { accept, type Accepted, type Look, nothingAccepted } from '../../src/reconcile/accept.js';

/** Texts by path, as the files stand at one moment. */
type Files = Readonly<Record<string, string>>;

interface Moment {
  readonly files: Files;
  readonly quiet?: boolean;
  readonly complete?: boolean;
}

/** The same text is read once, as the directory does with files that did not change. */
const alreadyRead = new Map<string, ManifestFile>();
const read = (path: string, text: string): ManifestFile => {
  const key = `${path}\0${text}`;
  const file = alreadyRead.get(key) ?? readManifest(path, text);
  alreadyRead.set(key, file);
  return file;
};

const toLook = ({ files, quiet = false, complete = true }: Moment): Look => ({
  files: Object.entries(files).map(([path, text]) => read(path, text)),
  problems: [],
  obstacles: [],
  complete,
  quiet,
});

const afterAll = (moments: readonly Moment[], start = nothingAccepted): Accepted =>
  moments.map(toLook).reduce(accept, start);

/** `conf-1: mute=true tag=a` for each conference, by id: what people would notice. */
const show = (desired: Desired): readonly string[] =>
  [...desired.values()].map((declared) => `${declared.id}: ${words(declared).join(' ')}`).sort();

const words = ({ protect, suspend, whenEmpty, settings }: Declared): readonly string[] => [
  ...Object.entries(settings).map(([name, { value }]) => `${name}=${String(O.toUndefined(value))}`),
  ...(O.isSome(protect) ? [`protect=${String(protect.value)}`] : []),
  ...(suspend ? ['suspend'] : []),
  ...(whenEmpty ? ['whenEmpty'] : []),
];

const showHeld = ({ held }: Accepted): readonly string[] =>
  held.map(({ conference, what }) => `${conference} ${what}`);

const manifest = (...conferences: readonly string[]): string =>
  `conferences:\n${conferences.map(indent).join('')}`;
const indent = (text: string): string => text.replace(/^/gm, '  ').replace(/ *$/, '').concat('\n');

const one = manifest('conf-1:\n  mute: true\n  tag: all-hands');
const two = manifest('conf-2:\n  hold: true');
const three = manifest('conf-3:\n  hold: false');
const both = manifest('conf-1:\n  mute: true\n  tag: all-hands', 'conf-2:\n  hold: true');
const broken = 'conferences:\n  conf-1:\n    mute: perhaps\n';
const inForce1 = 'conf-1: mute=true tag=all-hands';
const inForce2 = 'conf-2: hold=true';
const inForce3 = 'conf-3: hold=false';

interface Story {
  readonly name: string;
  readonly moments: readonly Moment[];
  /** After the last moment. */
  readonly inForce: readonly string[];
  readonly held?: readonly string[];
  readonly rules?: readonly string[];
  readonly trusted?: boolean;
}

const stories: readonly Story[] = [
  {
    name: 'the first look counts at once, but for removals',
    moments: [{ files: { 'a.yaml': one } }],
    inForce: [inForce1],
    trusted: false,
  },
  {
    name: 'after quiet removals are trusted',
    moments: [{ files: { 'a.yaml': one } }, { files: { 'a.yaml': one }, quiet: true }],
    inForce: [inForce1],
  },
  {
    name: 'an addition and a change count at once',
    moments: [
      { files: { 'a.yaml': one }, quiet: true },
      { files: { 'a.yaml': one.replace('true', 'false'), 'b.yaml': two } },
    ],
    inForce: ['conf-1: mute=false tag=all-hands', inForce2],
  },
  {
    name: 'a checkout in progress: one file deleted, one not yet written',
    moments: [
      { files: { 'a.yaml': one, 'b.yaml': two }, quiet: true },
      { files: { 'b.yaml': two } },
      { files: {} },
    ],
    inForce: [inForce1, inForce2],
    held: ['conf-1 conference', 'conf-2 conference'],
  },
  {
    name: 'a checkout in progress, then done',
    moments: [
      { files: { 'a.yaml': one, 'b.yaml': two }, quiet: true },
      { files: {} },
      { files: { 'a.yaml': one } },
      { files: { 'a.yaml': one, 'b.yaml': two } },
    ],
    inForce: [inForce1, inForce2],
  },
  {
    name: 'a truncated save that is valid',
    moments: [
      { files: { 'a.yaml': both }, quiet: true },
      { files: { 'a.yaml': manifest('conf-1:\n  mute: true') } },
    ],
    inForce: [inForce1, inForce2],
    held: ['conf-1 tag', 'conf-2 conference'],
  },
  {
    name: 'a truncated save, at last whole',
    moments: [
      { files: { 'a.yaml': both }, quiet: true },
      { files: { 'a.yaml': '' } },
      { files: { 'a.yaml': manifest('conf-1:\n  mute: true') } },
      { files: { 'a.yaml': both } },
    ],
    inForce: [inForce1, inForce2],
  },
  {
    name: 'an emptied file',
    moments: [{ files: { 'a.yaml': one }, quiet: true }, { files: { 'a.yaml': '' } }],
    inForce: [inForce1],
    held: ['conf-1 conference'],
  },
  {
    name: 'an emptied file after quiet',
    moments: [
      { files: { 'a.yaml': one }, quiet: true },
      { files: { 'a.yaml': '' } },
      { files: { 'a.yaml': '' }, quiet: true },
    ],
    inForce: [],
  },
  {
    name: 'emptied, then broken for long: what it said last, not the empty moment',
    moments: [
      { files: { 'a.yaml': one }, quiet: true },
      { files: { 'a.yaml': '' } },
      { files: { 'a.yaml': broken } },
      { files: { 'a.yaml': broken }, quiet: true },
    ],
    inForce: [inForce1],
    rules: ['invalid-flag'],
  },
  {
    name: 'cut short, then broken for long: the lost setting stays',
    moments: [
      { files: { 'a.yaml': one }, quiet: true },
      { files: { 'a.yaml': manifest('conf-1:\n  mute: true') } },
      { files: { 'a.yaml': broken }, quiet: true },
    ],
    inForce: [inForce1],
    rules: ['invalid-flag'],
  },
  {
    name: 'gone for a moment, then broken for long',
    moments: [
      { files: { 'a.yaml': one }, quiet: true },
      { files: {} },
      { files: { 'a.yaml': broken }, quiet: true },
    ],
    inForce: [inForce1],
    rules: ['invalid-flag'],
  },
  {
    name: 'broken for long beside files that go on',
    moments: [
      { files: { 'a.yaml': one, 'b.yaml': two }, quiet: true },
      { files: { 'a.yaml': broken, 'b.yaml': three } },
      { files: { 'a.yaml': broken, 'b.yaml': three }, quiet: true },
    ],
    inForce: [inForce1, inForce3],
    rules: ['invalid-flag'],
  },
  {
    name: 'broken, then mended',
    moments: [
      { files: { 'a.yaml': one }, quiet: true },
      { files: { 'a.yaml': broken }, quiet: true },
      { files: { 'a.yaml': one.replace('true', 'false') } },
    ],
    inForce: ['conf-1: mute=false tag=all-hands'],
  },
  {
    name: 'broken, then mended with something removed, which waits',
    moments: [
      { files: { 'a.yaml': one }, quiet: true },
      { files: { 'a.yaml': broken }, quiet: true },
      { files: { 'a.yaml': manifest('conf-1:\n  mute: true') } },
    ],
    inForce: [inForce1],
    held: ['conf-1 tag'],
  },
  {
    name: 'broken from the start: nothing of it, and no removal is believed',
    moments: [
      { files: { 'a.yaml': broken, 'b.yaml': two } },
      { files: { 'a.yaml': broken, 'b.yaml': two }, quiet: true },
    ],
    inForce: [inForce2],
    rules: ['invalid-flag'],
    trusted: false,
  },
  {
    name: 'broken from the start, then mended: trusted after quiet',
    moments: [
      { files: { 'a.yaml': broken } },
      { files: { 'a.yaml': one } },
      { files: { 'a.yaml': one }, quiet: true },
    ],
    inForce: [inForce1],
  },
  {
    name: 'a broken file that was never good takes the trust back',
    moments: [
      { files: { 'b.yaml': two }, quiet: true },
      { files: { 'a.yaml': broken }, quiet: true },
    ],
    inForce: [],
    rules: ['invalid-flag'],
    trusted: false,
  },
  {
    name: 'a file moved to a broken one: held until that one can be read',
    moments: [
      { files: { 'a.yaml': one }, quiet: true },
      { files: { 'b.yaml': broken } },
      { files: { 'b.yaml': broken }, quiet: true },
    ],
    inForce: [inForce1],
    held: ['conf-1 conference'],
    rules: ['invalid-flag'],
    trusted: false,
  },
  {
    name: 'a conference moved into a file that has been broken since: held, for it is named there',
    moments: [
      { files: { 'a.yaml': one, 'b.yaml': two }, quiet: true },
      { files: { 'a.yaml': one, 'b.yaml': `${two}  : [` }, quiet: true },
      { files: { 'a.yaml': '', 'b.yaml': `${two}  conf-1:\n    mute: perhaps\n` }, quiet: true },
    ],
    inForce: [inForce1, inForce2],
    held: ['conf-1 conference'],
    rules: ['invalid-flag'],
  },
  {
    name: 'a conference removed while a file is broken that does not name it: gone',
    moments: [
      { files: { 'a.yaml': one, 'b.yaml': two }, quiet: true },
      { files: { 'a.yaml': '', 'b.yaml': `${two}    mute: perhaps\n` }, quiet: true },
    ],
    inForce: [inForce2],
    rules: ['invalid-flag'],
  },
  {
    name: 'the root vanishes, also for long',
    moments: [
      { files: { 'a.yaml': one, 'b.yaml': two }, quiet: true },
      { files: {}, complete: false },
      { files: {}, complete: false, quiet: true },
    ],
    inForce: [inForce1, inForce2],
  },
  {
    name: 'the root vanishes and returns changed',
    moments: [
      { files: { 'a.yaml': one, 'b.yaml': two }, quiet: true },
      { files: {}, complete: false, quiet: true },
      { files: { 'a.yaml': one } },
    ],
    inForce: [inForce1, inForce2],
    held: ['conf-2 conference'],
  },
  {
    name: 'the root is deleted file by file, then vanishes for long',
    moments: [
      { files: { 'a.yaml': one, 'b.yaml': two }, quiet: true },
      { files: { 'b.yaml': two } },
      { files: {}, complete: false, quiet: true },
    ],
    inForce: [inForce1, inForce2],
  },
  {
    name: 'no root at the start',
    moments: [
      { files: {}, complete: false },
      { files: {}, complete: false, quiet: true },
    ],
    inForce: [],
    trusted: false,
  },
  {
    name: 'an unread folder at the start',
    moments: [{ files: { 'a.yaml': one }, complete: false, quiet: true }],
    inForce: [inForce1],
    trusted: false,
  },
  {
    name: 'a broken file without a good version vanishes with its folder',
    moments: [
      { files: { 'a.yaml': one, 'sub/b.yaml': broken }, quiet: true },
      { files: { 'a.yaml': one }, complete: false, quiet: true },
    ],
    inForce: [inForce1],
    trusted: false,
  },
  {
    name: 'a file deleted for good',
    moments: [{ files: { 'a.yaml': one, 'b.yaml': two }, quiet: true }, { files: { 'b.yaml': two } }],
    inForce: [inForce1, inForce2],
    held: ['conf-1 conference'],
  },
  {
    name: 'a file deleted for good, after quiet',
    moments: [
      { files: { 'a.yaml': one, 'b.yaml': two }, quiet: true },
      { files: { 'b.yaml': two } },
      { files: { 'b.yaml': two }, quiet: true },
    ],
    inForce: [inForce2],
  },
  {
    name: 'a renamed file',
    moments: [
      { files: { 'a.yaml': one }, quiet: true },
      { files: { 'b.yaml': one.replace('true', 'false') } },
    ],
    inForce: ['conf-1: mute=false tag=all-hands'],
  },
  {
    name: 'moved in two saves, removed first',
    moments: [
      { files: { 'a.yaml': both, 'b.yaml': three }, quiet: true },
      { files: { 'a.yaml': two, 'b.yaml': three } },
    ],
    inForce: [inForce1, inForce2, inForce3],
    held: ['conf-1 conference'],
  },
  {
    name: 'moved in two saves, removed first, then written elsewhere',
    moments: [
      { files: { 'a.yaml': both }, quiet: true },
      { files: { 'a.yaml': two } },
      { files: { 'a.yaml': two, 'b.yaml': one.replace('true', 'false') } },
    ],
    inForce: ['conf-1: mute=false tag=all-hands', inForce2],
  },
  {
    name: 'moved in two saves, written first: the earlier one stays, and a problem says so',
    moments: [
      { files: { 'b.yaml': one }, quiet: true },
      { files: { 'b.yaml': one, 'a.yaml': one.replace('true', 'false') } },
      { files: { 'b.yaml': one, 'a.yaml': one.replace('true', 'false') }, quiet: true },
    ],
    inForce: [inForce1],
    rules: ['duplicate-conference'],
  },
  {
    name: 'moved in two saves, written first, then removed: waits for quiet',
    moments: [
      { files: { 'b.yaml': one }, quiet: true },
      { files: { 'b.yaml': one, 'a.yaml': one.replace('true', 'false') } },
      { files: { 'b.yaml': '', 'a.yaml': one.replace('true', 'false') } },
    ],
    inForce: [inForce1],
    held: ['conf-1 conference'],
  },
  {
    name: 'moved in two saves, written first, then removed, after quiet',
    moments: [
      { files: { 'b.yaml': one }, quiet: true },
      { files: { 'b.yaml': one, 'a.yaml': one.replace('true', 'false') } },
      { files: { 'b.yaml': '', 'a.yaml': one.replace('true', 'false') } },
      { files: { 'b.yaml': '', 'a.yaml': one.replace('true', 'false') }, quiet: true },
    ],
    inForce: ['conf-1: mute=false tag=all-hands'],
  },
  {
    name: 'in two files, and the earlier one is cut short for a moment',
    moments: [
      { files: { 'b.yaml': one }, quiet: true },
      { files: { 'b.yaml': one, 'a.yaml': one.replace('true', 'false') }, quiet: true },
      { files: { 'b.yaml': '', 'a.yaml': one.replace('true', 'false') } },
      { files: { 'b.yaml': one, 'a.yaml': one.replace('true', 'false') }, quiet: true },
    ],
    inForce: [inForce1],
    rules: ['duplicate-conference'],
  },
  {
    name: 'in two files, and the earlier one moves to a third: waits for quiet, too',
    moments: [
      { files: { 'b.yaml': one }, quiet: true },
      { files: { 'b.yaml': one, 'a.yaml': one.replace('true', 'false') }, quiet: true },
      { files: { 'c.yaml': one, 'a.yaml': one.replace('true', 'false') } },
    ],
    inForce: [inForce1],
    held: ['conf-1 conference'],
    rules: ['duplicate-conference'],
  },
  {
    name: 'in two files from the start: the smaller path',
    moments: [{ files: { 'b.yaml': one.replace('true', 'false'), 'a.yaml': one }, quiet: true }],
    inForce: [inForce1],
    rules: ['duplicate-conference'],
  },
  {
    name: 'in two files, and the earlier one breaks',
    moments: [
      { files: { 'b.yaml': one }, quiet: true },
      { files: { 'b.yaml': broken, 'a.yaml': one.replace('true', 'false') }, quiet: true },
    ],
    inForce: [inForce1],
    rules: ['duplicate-conference', 'invalid-flag'],
  },
];

describe('what is in force', () => {
  test.each(stories)('$name', ({ moments, inForce, held = [], rules = [], trusted = true }) => {
    const accepted = afterAll(moments);
    expect(show(accepted.desired)).toEqual(inForce);
    expect(showHeld(accepted)).toEqual(held);
    expect(accepted.problems.map(({ rule }) => rule)).toEqual(rules);
    expect(accepted.removalsTrusted).toBe(trusted);
  });

  test('the problem of a conference in two files names both places', () => {
    const { problems } = afterAll([
      { files: { 'b.yaml': one }, quiet: true },
      { files: { 'b.yaml': one, 'a.yaml': one } },
    ]);
    expect(problems).toMatchObject([
      { at: { path: 'a.yaml', line: 2, column: 3 }, severity: 'error', rule: 'duplicate-conference' },
    ]);
    expect(problems[0]?.message).toContain('b.yaml:2:3');
  });

  test('problems of the directory are handed on', () => {
    const problem = {
      at: { path: 'desired', line: 1, column: 1 },
      severity: 'error',
      rule: 'missing-directory',
      message: 'there is no such directory',
      hint: '',
    } as const;
    const { problems } = accept(nothingAccepted, {
      files: [],
      problems: [problem],
      obstacles: [],
      complete: false,
      quiet: true,
    });
    expect(problems).toEqual([problem]);
  });
});

/** A manifest with defaults, an anchor, overrides and every word that a truncated save can lose. */
const conferenceBlock = (id: string): fc.Arbitrary<string> =>
  fc
    .record({
      merges: fc.boolean(),
      lines: fc.subarray([
        'mute: true',
        'hold: false',
        'callbackTimeout: 500',
        'tag: a b',
        'suspend: true',
        'protect: true',
      ]),
      end: fc.constantFrom([], ['state: completed'], ['state: completed', 'whenEmpty: true']),
    })
    .map(({ merges, lines, end }) =>
      [
        `  ${id}:`,
        ...(merges ? ['    <<: *base'] : []),
        ...[...lines, ...end].map((line) => `    ${line}`),
      ].join('\n'),
    );

const textOf = (ids: readonly string[]): fc.Arbitrary<string> =>
  fc
    .tuple(...ids.map(conferenceBlock))
    .map((blocks) =>
      [
        'defaults:',
        '  callbackTimeout: 2000',
        '  tag: general',
        'conferences:',
        `  ${ids.join('-')}-base: &base`,
        '    mute: false',
        ...blocks,
        '',
      ].join('\n'),
    );

const paths = ['a.yaml', 'b.yaml', 'sub/c.yml'] as const;

/** Valid files in which no conference stands twice. */
const validFiles: fc.Arbitrary<Files> = fc
  .tuple(
    ...['1', '2', '3', '4', '5', '6'].map((n) =>
      fc.tuple(fc.constant(`conf-${n}`), fc.constantFrom(...paths)),
    ),
  )
  .chain((homes) =>
    fc.record(
      Object.fromEntries(
        paths.map((path) => {
          const ids = homes.filter(([, home]) => home === path).map(([id]) => id);
          return [path, ids.length === 0 ? fc.constant('') : textOf(ids)];
        }),
      ),
    ),
  );

/** What can be seen while the files are being written: nothing but a part of what they say. */
const disturb = (files: Files): fc.Arbitrary<Moment> =>
  fc
    .tuple(
      fc.tuple(
        ...paths.map((path) => {
          const text = files[path] ?? '';
          const lines = text.split('\n');
          return fc.oneof(
            { weight: 3, arbitrary: fc.constant<string | undefined>(text) },
            { weight: 2, arbitrary: fc.nat(lines.length).map((count) => lines.slice(0, count).join('\n')) },
            fc.constantFrom('', 'conferences: [', 'conferences:\n  conf-1:\n    mute: perhaps', undefined),
          );
        }),
      ),
      fc.boolean(),
    )
    .map(([texts, complete]) => ({
      files: Object.fromEntries(
        paths.flatMap((path, index) => {
          const text = texts[index];
          return text === undefined ? [] : [[path, text] as const];
        }),
      ),
      complete,
    }));

/** Cut at any character: what is seen may then differ in value, too. */
const cutAnywhere = (files: Files): fc.Arbitrary<Moment> =>
  fc.tuple(...paths.map((path) => fc.nat((files[path] ?? '').length))).map((lengths) => ({
    files: Object.fromEntries(
      paths.map((path, index) => [path, (files[path] ?? '').slice(0, lengths[index])]),
    ),
  }));

const history = fc.array(
  validFiles.chain((files) => fc.oneof(fc.constant({ files }), disturb(files), cutAnywhere(files))),
  {
    maxLength: 6,
  },
);

const copied = (accepted: Accepted): Accepted => ({
  ...accepted,
  desired: new Map(accepted.desired),
  lastGood: new Map(accepted.lastGood),
});

const settled = (files: Files): Moment => ({ files, quiet: true });

/** Every run reads dozens of files. */
const runs = { numRuns: 30 };

describe('laws', () => {
  property.prop(
    [validFiles.chain((files) => fc.tuple(fc.constant(files), fc.array(disturb(files), { maxLength: 8 })))],
    runs,
  )('files that are written again as they were never change what is in force', ([files, moments]) => {
    let accepted = afterAll([{ files }, settled(files)]);
    const before = show(accepted.desired);
    for (const moment of [...moments, { files }]) {
      accepted = accept(accepted, toLook(moment));
      expect(show(accepted.desired)).toEqual(before);
    }
    expect(accepted.held).toEqual([]);
    // A file that went away and came back broken may declare anything: trust returns with the whole, quiet.
    expect(accept(accepted, toLook(settled(files))).removalsTrusted).toBe(true);
  });

  property.prop([history, validFiles], runs)(
    'after quiet exactly what the files declare is in force',
    (moments, files) => {
      const accepted = afterAll([...moments, { files }, settled(files)]);
      const expected = combine(toLook({ files }).files);
      expect(new Map([...accepted.desired].sort())).toEqual(new Map([...expected.desired].sort()));
      expect(accepted).toMatchObject({ held: [], removalsTrusted: true, problems: expected.problems });
      expect([...accepted.lastGood.keys()].sort()).toEqual(Object.keys(files).sort());
    },
  );

  property.prop([history], runs)(
    'before quiet nothing disappears, and every new value was declared by a valid file',
    (moments) => {
      let accepted = nothingAccepted;
      const declaredEver = new Set<string>();
      for (const moment of moments) {
        const look = toLook(moment);
        for (const declared of look.files
          .filter((file) => !isBroken(file))
          .flatMap((file) => file.declared)) {
          for (const word of words(declared)) declaredEver.add(`${declared.id} ${word}`);
        }
        const next = accept(accepted, look);
        for (const before of accepted.desired.values()) {
          const after = next.desired.get(before.id);
          if (after === undefined) throw new Error(`${before.id} disappeared`);
          expect(Object.keys(after.settings)).toEqual(expect.arrayContaining(Object.keys(before.settings)));
        }
        for (const declared of next.desired.values()) {
          for (const word of words(declared)) expect(declaredEver).toContain(`${declared.id} ${word}`);
        }
        accepted = next;
      }
    },
  );

  property.prop([history, fc.boolean()], runs)('looking again changes nothing', (moments, quiet) => {
    const last = moments.at(-1) ?? { files: {} };
    const once = afterAll([...moments, { ...last, quiet }]);
    expect(afterAll([{ ...last, quiet }], once)).toEqual(once);
  });

  property.prop([validFiles, history], { numRuns: 100 })(
    'where nothing is held and removals are trusted, quiet changes nothing',
    (files, moments) => {
      const last = moments.at(-1) ?? { files };
      const accepted = afterAll([settled(files), ...moments]);
      const { held, removalsTrusted } = accepted;
      if (held.length > 0 || !removalsTrusted) return;
      expect(afterAll([{ ...last, quiet: true }], accepted)).toEqual(accepted);
    },
  );

  property.prop([history], runs)('the order of the files makes no difference', (moments) => {
    const looks = moments.map(toLook);
    const turned = looks.map((look) => ({ ...look, files: [...look.files].reverse() }));
    const accepted = looks.reduce(accept, nothingAccepted);
    const other = turned.reduce(accept, nothingAccepted);
    expect([...other.desired]).toEqual([...accepted.desired]);
    expect({ ...other, lastGood: [...other.lastGood] }).toEqual({
      ...accepted,
      lastGood: [...accepted.lastGood],
    });
  });

  property.prop([history], runs)('what is in force is also remembered for its file', (moments) => {
    const { desired, lastGood } = afterAll(moments);
    for (const declared of desired.values()) expect(lastGood.get(declared.at.path)).toContainEqual(declared);
  });

  property.prop(
    [
      fc.array(validFiles, { minLength: 2, maxLength: 4 }),
      history,
      fc.array(fc.tuple(fc.constantFrom(...paths), fc.nat())),
      fc.boolean(),
    ],
    { numRuns: 100 },
  )('what a glimpse comes to is what a look comes to', (valid, disturbed, changes, quiet) => {
    const moments = [...disturbed, ...valid.map(settled)];
    const last = moments.at(-1) ?? { files: {} };
    const previous = afterAll([...moments, { ...last, quiet }]);
    const changed = new Map(
      changes.flatMap(([path, index]) => {
        const texts = moments.flatMap(({ files }) => files[path] ?? []);
        return texts.length === 0 ? [] : [[path, texts[index % texts.length] ?? '']];
      }),
    );
    const glimpsed = acceptGlimpse(
      previous,
      [...changed].map(([path, text]) => read(path, text)),
    );
    const looked = accept(
      previous,
      toLook({ ...last, files: { ...last.files, ...Object.fromEntries(changed) } }),
    );
    if (O.isSome(glimpsed)) expect(copied(glimpsed.value)).toStrictEqual(looked);
  });
});

describe('a glimpse', () => {
  const before = afterAll([{ files: { 'a.yaml': both, 'b.yaml': three }, quiet: true }]);
  const glimpse = (text: string, previous = before): O.Option<Accepted> =>
    acceptGlimpse(previous, [read('a.yaml', text)]);

  test.each<readonly [string, string]>([
    ['another value', both.replace('true', 'false')],
    ['another place', `\n${both}`],
    ['one more setting', both.replace('hold: true', 'hold: true\n    mute: true')],
    ['another order', manifest('conf-2:\n  hold: true', 'conf-1:\n  mute: true\n  tag: other')],
  ])('is enough for %s', (_, text) => {
    const accepted = glimpse(text);
    expect(O.map(copied)(accepted)).toStrictEqual(
      O.some(accept(before, toLook({ files: { 'a.yaml': text, 'b.yaml': three } }))),
    );
  });

  test.each<readonly [string, string]>([
    ['a conference that is gone', one],
    ['an empty file', ''],
    ['one conference more', both + manifest('conf-4: {}').replace('conferences:\n', '')],
    ['another conference', both.replace('conf-2', 'conf-4')],
    ['a conference that stands elsewhere', both.replace('conf-2', 'conf-3')],
    ['a setting that is gone', both.replace('    tag: all-hands\n', '')],
    ['an end', both.replace('hold: true', 'state: completed')],
    ['a mistake', both.replace('true', 'perhaps')],
    ['a warning', both.replace('hold: true', 'fallbackUrl: https://example.com')],
  ])('is not enough for %s', (_, text) => {
    expect(glimpse(text)).toStrictEqual(O.none);
  });

  test.each<readonly [string, Moment]>([
    ['something is held', { files: { 'a.yaml': both } }],
    ['a file is broken', { files: { 'a.yaml': both, 'b.yaml': broken }, quiet: true }],
    ['a conference stands twice', { files: { 'a.yaml': both, 'b.yaml': two }, quiet: true }],
    [
      'an end is withdrawn',
      { files: { 'a.yaml': both.replace('hold: true', 'state: completed') }, quiet: true },
    ],
  ])('is not enough while %s', (_, moment) => {
    expect(glimpse(both.replace('true', 'false'), accept(before, toLook(moment)))).toStrictEqual(O.none);
  });

  test('of a file that was never seen is not enough', () => {
    expect(acceptGlimpse(before, [read('c.yaml', manifest('conf-1:\n  mute: false'))])).toStrictEqual(O.none);
  });
});
