/**
 * A plan by an index is the plan without one, whatever happens to files, ledger, flags and index in between.
 *
 * Where the clock of a run is ahead, every stamp counts as old, and the file system's own clock ticks before the
 * next change, as it would have. Where it is not, every stamp is young and proves nothing.
 */
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fc, test } from '@fast-check/vitest';
import { DatabaseSync } from '@photostructure/sqlite';
import * as E from 'fp-ts/lib/Either.js';
import * as O from 'fp-ts/lib/Option.js';
import picocolors from 'picocolors';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { commonConfig, type CommonConfig } from '../../src/cli/config.js';
import type { Context } from '../../src/cli/context.js';
import type { CommandError } from '../../src/cli/exit.js';
import { loadByIndex } from '../../src/cli/indexed-load.js';
import { indexedPlan } from '../../src/cli/indexed-plan.js';
import { loadValid } from '../../src/cli/load-desired.js';
import { inputFrom, loadLedger, nobodyAsked } from '../../src/cli/plan-input.js';
import type { Entry } from '../../src/ledger/entry.js';
import { openLedger } from '../../src/ledger/ledger.js';
import { openForWriting } from '../../src/ledger/open-store.js';
import type { Outcome } from '../../src/ledger/record.js';
import { bookkeeping } from '../../src/plan/bookkeeping.js';
import { makePlan, type PlanInput } from '../../src/plan/make-plan.js';
import type { Plan } from '../../src/plan/plan.js';
import { planJsonPieces } from '../../src/render/plan-json.js';
import { renderProblemsText } from '../../src/render/problems.js';
import { openIndex } from '../../src/source/index-file.js';
import { finished, intended, sendableIn } from '../plan/model.js';
import { conference } from '../plan/sides.js';
import { whole } from '../support/whole.js';

let folder = '';
beforeEach(() => {
  folder = fs.mkdtempSync(join(tmpdir(), 'holdfast-index-'));
});
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

const aheadMs = 60_000;

interface Settings {
  readonly flags: Readonly<Record<string, unknown>>;
  readonly isAhead: boolean;
}

interface Seen {
  readonly plan: string;
  readonly budget: O.Option<unknown>;
  readonly warned: string;
}

/** Everything lies below `at`. */
const place = (at: string) => ({
  desired: join(at, 'desired'),
  file: (name: string) => join(at, 'desired', name),
  state: join(at, 'state', 'state.db'),
  index: join(at, 'state', 'state.db.index'),
});

const configOf = (at: string, { flags }: Settings): CommonConfig => {
  const layers = { flags: { state: `sqlite:${place(at).state}`, ...flags }, env: {}, file: new Map() };
  const config = commonConfig(layers);
  if (E.isLeft(config)) throw new Error(config.left.join());
  return config.right;
};

const plain = picocolors.createColors(false);

const contextOf = (err: (text: string) => void, now: () => number): Context => ({
  terminal: {
    out: () => undefined,
    err,
    input: () => Promise.resolve(new Uint8Array()),
    outAll: () => () => Promise.resolve(),
    giveBack: () => undefined,
    outColors: plain,
    errColors: plain,
    errIsTerminal: false,
    outRows: () => O.none,
    interactive: false,
    ask: () => () => Promise.resolve({ _tag: 'Ended' }),
    onReload: () => () => undefined,
    onSignal: () => () => undefined,
  },
  env: {},
  clock: { now, elapsed: () => 0, after: () => () => undefined },
  random: () => 0,
  version: '1.2.3',
  process: { pid: process.pid, host: 'test', sinceMs: 0 },
});

const nowOf =
  ({ isAhead }: Settings) =>
  (): number =>
    Date.now() + (isAhead ? aheadMs : 0);

const planned = async (at: string, settings: Settings): Promise<E.Either<CommandError, Seen>> => {
  let warned = '';
  const context = contextOf((text) => void (warned += text), nowOf(settings));
  const found = await indexedPlan(place(at).desired, configOf(at, settings), context)();
  return E.map(({ plan, budget }: { readonly plan: Plan; readonly budget: O.Option<unknown> }) => ({
    plan: whole(planJsonPieces(plan)),
    budget,
    warned,
  }))(found);
};

/** What `apply` begins with. */
const loadedBy = (at: string, settings: Settings) =>
  loadByIndex(
    place(at).desired,
    configOf(at, settings).state,
    contextOf(() => undefined, nowOf(settings)),
  )();

const inputAt = async (at: string, settings: Settings): Promise<E.Either<CommandError, PlanInput>> => {
  const config = configOf(at, settings);
  const loaded = await loadValid(place(at).desired)();
  if (E.isLeft(loaded)) return loaded;
  const stored = await loadLedger(config.state)();
  return E.map((known: { readonly records: PlanInput['records'] }) =>
    inputFrom(loaded.right, known, nobodyAsked, config),
  )(stored);
};

const fromScratch = async (at: string, settings: Settings): Promise<E.Either<CommandError, Seen>> => {
  const loaded = await loadValid(place(at).desired)();
  const input = await inputAt(at, settings);
  if (E.isLeft(loaded)) return loaded;
  const warned = renderProblemsText(loaded.right.problems, plain);
  return E.map((found: PlanInput) => ({
    plan: whole(planJsonPieces(makePlan(found))),
    budget: O.none,
    warned,
  }))(input);
};

const withSecret = 'conferences:\n  conf-5: { callbackUrl: "https://a.example/events/0123456789abcdef01" }\n';

const withWarning = 'conferences:\n  conf-5: { callbackUrl: "https://u:secret-word@a.example/x" }\n';

/** Large enough to be cut into pieces. */
const large = (...pieces: readonly string[]): string =>
  `# ${'x'.repeat(70_000)}\n---\n${pieces.join('---\n')}`;

const muted = (number: number): string => `conferences:\n  conf-${number}:\n    mute: true\n`;
const held = (number: number): string => `conferences:\n  conf-${number}:\n    hold: true\n\n`;

const documents: readonly string[] = [
  '',
  'conferences:\n  conf-1:\n    mute: true\n',
  'conferences:\n  conf-1:\n    hold: true\n',
  'conferences:\n  conf-2:\n    mute: true\n    tag: north\n',
  'conferences:\n  conf-2:\n    mute: true\n    tag: south\n',
  'conferences:\n  conf-2:\n    mute: true\n',
  'conferences:\n  conf-3: { state: completed, whenEmpty: true }\n  conf-4: { hold: true, protect: true }\n',
  'conferences:\n  conf-3: { suspend: true }\n  conf-4: { hold: null }\n',
  'conferences:\n  conf-4: { state: completed, protect: false }\n',
  'conferences:\n  conf-4: { state: completed }\n',
  'conferences:\n  conf-5: { fallbackUrl: "https://a.example/x" }\n',
  withWarning,
  withSecret,
  'conferences:\n  conf-6: { mute: false }\n---\nconferences:\n  conf-7: { tag: "" }\n',
  'conferences:\n  conf-6: { mute: perhaps }\n',
  'conferences: [',
  large(muted(1), muted(2), muted(3)),
  large(held(1), muted(2), muted(3)),
  large(muted(3), held(4)),
  large(muted(1), muted(2), muted(2)),
];

const ids = [1, 2, 3, 4, 5, 6, 7].map((number) => conference(`conf-${number}`));
const names = ['a.yaml', 'b.yaml', 'c/d.yml'];

type Step =
  | { readonly _tag: 'Nothing' }
  | { readonly _tag: 'Write'; readonly name: string; readonly text: string }
  /** In place, with the old times, and with bytes added so that the size is the same as it was. */
  | { readonly _tag: 'Disguise'; readonly name: string; readonly text: string }
  | { readonly _tag: 'Swap'; readonly name: string; readonly other: string }
  | { readonly _tag: 'Rename'; readonly name: string; readonly other: string }
  | { readonly _tag: 'Delete'; readonly name: string }
  | { readonly _tag: 'Date'; readonly name: string; readonly seconds: number }
  | { readonly _tag: 'Mode'; readonly name: string; readonly mode: number }
  | { readonly _tag: 'Link'; readonly name: string; readonly text: string }
  | { readonly _tag: 'Folder'; readonly name: string }
  | { readonly _tag: 'Apply'; readonly outcome: Outcome['_tag'] }
  | { readonly _tag: 'Entry'; readonly entry: Entry }
  | { readonly _tag: 'RemoveState' }
  | { readonly _tag: 'RemoveIndex' }
  | { readonly _tag: 'CutIndex'; readonly share: number }
  | { readonly _tag: 'SpoilIndex'; readonly share: number };

const name = fc.constantFrom(...names);
const text = fc.constantFrom(...documents);
const id = fc.constantFrom(...ids);
const often = (weight: number, arbitrary: fc.Arbitrary<Step>) => ({ weight, arbitrary });
const share = fc.double({ min: 0, max: 0.999, noNaN: true });
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.constantFrom<Step[]>({ _tag: 'Nothing' }, { _tag: 'RemoveState' }, { _tag: 'RemoveIndex' }),
  often(
    5,
    fc.tuple(name, text).map(([one, written]): Step => ({ _tag: 'Write', name: one, text: written })),
  ),
  often(
    3,
    fc.tuple(name, text).map(([one, written]): Step => ({ _tag: 'Disguise', name: one, text: written })),
  ),
  fc.tuple(name, name).map(([one, other]): Step => ({ _tag: 'Swap', name: one, other })),
  fc.tuple(name, name).map(([one, other]): Step => ({ _tag: 'Rename', name: one, other })),
  name.map((one): Step => ({ _tag: 'Delete', name: one })),
  fc
    .tuple(name, fc.constantFrom(0, 1_000_000_000, 4_000_000_000))
    .map(([one, seconds]): Step => ({ _tag: 'Date', name: one, seconds })),
  fc
    .tuple(name, fc.constantFrom(0o000, 0o444, 0o644))
    .map(([one, mode]): Step => ({ _tag: 'Mode', name: one, mode })),
  fc.tuple(name, text).map(([one, written]): Step => ({ _tag: 'Link', name: one, text: written })),
  name.map((one): Step => ({ _tag: 'Folder', name: one })),
  often(
    4,
    fc
      .constantFrom('Applied', 'Applied', 'InDoubt', 'Ended', 'NotExecuted')
      .map((outcome): Step => ({ _tag: 'Apply', outcome })),
  ),
  id.map((one): Step => ({ _tag: 'Entry', entry: { _tag: 'EndReported', conference: one, atMs: 5 } })),
  id.map((one): Step => ({ _tag: 'Entry', entry: { _tag: 'Protected', conference: one, protected: true } })),
  id.map((one): Step => ({ _tag: 'Entry', entry: { _tag: 'Released', conference: one } })),
  share.map((kept): Step => ({ _tag: 'CutIndex', share: kept })),
  share.map((offset): Step => ({ _tag: 'SpoilIndex', share: offset })),
);

const settings: fc.Arbitrary<Settings> = fc.record({
  flags: fc.record({
    onRemove: fc.constantFrom('release', 'reset', 'complete'),
    maxComplete: fc.constantFrom('0', '1', '5'),
    maxAudience: fc.constantFrom(undefined, '3'),
    rate: fc.constantFrom('1', 'unlimited'),
  }),
  isAhead: fc.oneof({ weight: 4, arbitrary: fc.constant(true) }, fc.constant(false)),
});

const usual: Settings = { flags: {}, isAhead: true };

const writeEntries = async (at: string, entriesFor: (records: PlanInput['records']) => readonly Entry[]) => {
  const { state } = configOf(at, usual);
  const store = await openForWriting(state, {
    holder: { pid: process.pid, host: 'test', command: 'apply', sinceMs: 0 },
    account: 'test',
    clock: { now: Date.now, elapsed: () => performance.now(), after: () => () => undefined },
    onWait: () => undefined,
  })();
  if (E.isLeft(store)) throw new Error(JSON.stringify(store.left));
  const ledger = await openLedger(store.right)();
  if (E.isLeft(ledger)) throw new Error(JSON.stringify(ledger.left));
  expect(await ledger.right.write(entriesFor(ledger.right.records))()).toStrictEqual(E.right(undefined));
  await ledger.right.close();
};

const applyAll = async (at: string, outcome: Outcome['_tag']): Promise<void> => {
  const input = await inputAt(at, usual);
  if (E.isLeft(input)) return;
  const plan = makePlan(input.right);
  await writeEntries(at, () => [
    ...bookkeeping(plan, input.right, new Set(), 1),
    ...sendableIn(plan).flatMap((change) => [intended(change), finished(change, outcome)]),
  ]);
};

/** What was asked of a file that is not there has no effect. */
const tried = (work: () => unknown): void => void E.tryCatch(work, E.toError);

/** A time that can be given back exactly. */
const writeDated = (path: string, written: string): void => {
  fs.writeFileSync(path, written);
  fs.utimesSync(path, 1_000_000_000, 1_000_000_000);
};

const disguise = (path: string, next: string): void => {
  const { size, atime, mtime } = fs.statSync(path);
  fs.writeFileSync(path, next.length < size ? `${next}#`.padEnd(size, '#') : next);
  fs.utimesSync(path, atime, mtime);
};

const swap = (path: string, other: string, spare: string): void => {
  fs.renameSync(path, spare);
  tried(() => fs.renameSync(other, path));
  fs.renameSync(spare, other);
};

const take = async (at: string, taken: Step): Promise<void> => {
  const { file, state, index } = place(at);
  switch (taken._tag) {
    case 'Nothing':
      return;
    case 'Write': {
      tried(() => writeDated(file(taken.name), taken.text));
      return;
    }
    case 'Disguise': {
      tried(() => disguise(file(taken.name), taken.text));
      return;
    }
    case 'Swap': {
      tried(() => swap(file(taken.name), file(taken.other), join(at, 'spare')));
      return;
    }
    case 'Rename': {
      tried(() => fs.renameSync(file(taken.name), file(taken.other)));
      return;
    }
    case 'Delete': {
      fs.rmSync(file(taken.name), { recursive: true, force: true });
      return;
    }
    case 'Date': {
      tried(() => fs.utimesSync(file(taken.name), taken.seconds, taken.seconds));
      return;
    }
    case 'Mode': {
      tried(() => fs.chmodSync(file(taken.name), taken.mode));
      return;
    }
    case 'Link': {
      fs.writeFileSync(join(at, 'elsewhere.yaml'), taken.text);
      fs.rmSync(file(taken.name), { recursive: true, force: true });
      tried(() => fs.symlinkSync(join(at, 'elsewhere.yaml'), file(taken.name)));
      return;
    }
    case 'Folder':
      fs.rmSync(file(taken.name), { recursive: true, force: true });
      {
        tried(() => fs.mkdirSync(file(taken.name)));
        return;
      }
    case 'Apply':
      return applyAll(at, taken.outcome);
    case 'Entry':
      return writeEntries(at, () => [taken.entry]);
    case 'RemoveState':
      for (const part of ['', '-wal', '-shm']) fs.rmSync(`${state}${part}`, { force: true });
      return;
    case 'RemoveIndex': {
      fs.rmSync(index, { force: true });
      return;
    }
    case 'CutIndex': {
      tried(() => fs.truncateSync(index, Math.floor(fs.statSync(index).size * taken.share)));
      return;
    }
    case 'SpoilIndex': {
      tried(() => {
        const bytes = fs.readFileSync(index);
        const offset = Math.floor(bytes.length * taken.share);
        bytes[offset] = (bytes[offset] ?? 0) ^ 1;
        fs.writeFileSync(index, bytes);
      });
      return;
    }
  }
};

/** Until the file system tells a later time: what is written now has another stamp than what was written before. */
const tick = (at: string): void => {
  const probe = join(at, 'probe');
  const changed = (): bigint => {
    fs.writeFileSync(probe, '');
    fs.utimesSync(probe, 1, 1);
    return fs.statSync(probe, { bigint: true }).ctimeNs;
  };
  const before = changed();
  const deadline = Date.now() + 5_000;
  while (changed() === before) if (Date.now() > deadline) throw new Error('the clock stands still');
};

let worlds = 0;

const newWorld = (): string => {
  worlds += 1;
  const at = join(folder, String(worlds));
  fs.mkdirSync(join(at, 'desired', 'c'), { recursive: true });
  fs.mkdirSync(join(at, 'state'));
  return at;
};

describe('a plan by an index', () => {
  test.prop([fc.array(fc.tuple(step, settings), { minLength: 6, maxLength: 14 })], { numRuns: 25 })(
    'is the plan without one',
    async (steps) => {
      const at = newWorld();
      for (const [number, file] of names.entries())
        writeDated(place(at).file(file), documents[3 * number + 1] ?? '');
      await applyAll(at, 'Applied');
      await planned(at, usual);
      for (const [taken, rules] of steps) {
        tick(at);
        await take(at, taken);
        expect(await loadedBy(at, rules)).toStrictEqual(await loadValid(place(at).desired)());
        expect(await planned(at, rules)).toStrictEqual(await fromScratch(at, rules));
      }
    },
    60_000,
  );
});

describe('a file with a warning, which the index leaves out', () => {
  it('is missed when it declares nothing any more', async () => {
    const at = newWorld();
    fs.writeFileSync(place(at).file('a.yaml'), documents[1] ?? '');
    fs.writeFileSync(place(at).file('b.yaml'), withWarning);
    await applyAll(at, 'Applied');
    await planned(at, usual);
    tick(at);
    fs.writeFileSync(place(at).file('b.yaml'), '');
    const seen = await planned(at, usual);
    expect(E.isRight(seen) && seen.right.plan).toContain('"action": "release"');
    expect(seen).toStrictEqual(await fromScratch(at, usual));
  });
});

describe('beside a daemon, whose state is never old', () => {
  const besideDaemon: Settings = { ...usual, isAhead: false };

  const change = (at: string, statement: string): void => {
    const database = new DatabaseSync(place(at).state);
    database.exec(statement);
    database.close();
  };

  it('nobody who is as declared is loaded, as long as the content is the same', async () => {
    const at = newWorld();
    fs.writeFileSync(place(at).file('a.yaml'), muted(1));
    await applyAll(at, 'Applied');
    const before = await planned(at, besideDaemon);
    change(at, 'drop trigger conference_update_marks');
    change(at, `update conference set record = 'no record'`);
    change(at, 'update lease set heartbeat_ms = heartbeat_ms + 3000');
    expect(await planned(at, besideDaemon)).toStrictEqual(before);
    change(at, `insert into conference (id, record) values ('conf-9', 'no record')`);
    expect(await planned(at, besideDaemon)).toMatchObject({ left: { _tag: 'State' } });
  });

  it('a content that comes back from a copy is known again', async () => {
    const at = newWorld();
    const copy = join(at, 'copy.db');
    fs.writeFileSync(place(at).file('a.yaml'), muted(1));
    await applyAll(at, 'Applied');
    fs.copyFileSync(place(at).state, copy);
    await planned(at, besideDaemon);
    fs.writeFileSync(place(at).file('a.yaml'), held(1));
    await applyAll(at, 'Applied');
    expect(await planned(at, besideDaemon)).toStrictEqual(await fromScratch(at, besideDaemon));
    fs.copyFileSync(copy, place(at).state);
    expect(await planned(at, besideDaemon)).toStrictEqual(await fromScratch(at, besideDaemon));
  });
});

describe('the index', () => {
  const filled = async (text: string): Promise<string> => {
    const at = newWorld();
    fs.writeFileSync(place(at).file('a.yaml'), text);
    await applyAll(at, 'Applied');
    await planned(at, usual);
    return at;
  };

  it('is for its owner alone, and holds no secret', async () => {
    const at = await filled(withSecret);
    const kept = fs.readFileSync(place(at).index, 'latin1');
    expect(fs.statSync(place(at).index).mode & 0o777).toBe(0o600);
    expect(kept).toContain('conf-5');
    expect(kept).not.toContain('0123456789abcdef01');
  });

  it('is not written again when nothing has changed', async () => {
    const at = await filled(documents[1] ?? '');
    const before = fs.statSync(place(at).index, { bigint: true }).ctimeNs;
    tick(at);
    expect(E.isRight(await planned(at, usual))).toBe(true);
    expect(fs.statSync(place(at).index, { bigint: true }).ctimeNs).toBe(before);
    fs.writeFileSync(place(at).file('a.yaml'), documents[2] ?? '');
    expect(E.isRight(await planned(at, usual))).toBe(true);
    expect(fs.statSync(place(at).index, { bigint: true }).ctimeNs).not.toBe(before);
  });

  it('believes no stamp that was young when the file was read', async () => {
    const at = newWorld();
    fs.writeFileSync(place(at).file('a.yaml'), documents[1] ?? '');
    const isSettled = (): readonly number[] => {
      const { index, close } = openIndex(place(at).index, '1.2.3');
      close();
      return [...(index?.settled ?? [])];
    };
    await planned(at, { ...usual, isAhead: false });
    expect(isSettled()).toStrictEqual([0]);
    await planned(at, usual);
    expect(isSettled()).toStrictEqual([1]);
  });

  it('is left out where there is no folder for the state, or none that can be written', async () => {
    const at = newWorld();
    fs.writeFileSync(place(at).file('a.yaml'), documents[1] ?? '');
    fs.rmdirSync(join(at, 'state'));
    expect(E.isRight(await planned(at, usual))).toBe(true);
    expect(fs.existsSync(join(at, 'state'))).toBe(false);
    fs.mkdirSync(place(at).index, { recursive: true });
    expect(await planned(at, usual)).toStrictEqual(await fromScratch(at, usual));
    expect(fs.readdirSync(join(at, 'state'))).toStrictEqual(['state.db.index']);
  });
});
