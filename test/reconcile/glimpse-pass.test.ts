/** The whole daemon over real files, in virtual time: with glimpses, and without. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fc, test } from '@fast-check/vitest';
import * as E from 'fp-ts/lib/Either.js';
import * as O from 'fp-ts/lib/Option.js';
import * as T from 'fp-ts/lib/Task.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Body } from '../../src/conference/settings.js';
import { openLedger } from '../../src/ledger/ledger.js';
import { nothingStored, type Batch, type LedgerError, type Store } from '../../src/ledger/store.js';
import { startDaemon, type Daemon } from '../../src/reconcile/daemon.js';
import type { DaemonEvent } from '../../src/reconcile/daemon-event.js';
import { makeDirectorySource } from '../../src/source/directory.js';
import { matching } from '../ledger/sqlite-state.js';
import { rules } from '../plan/sides.js';
import { makeVirtualClock, type VirtualClock } from '../support/virtual-clock.js';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'holdfast-glimpses-'));
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

interface Watched {
  readonly clock: VirtualClock;
  readonly daemon: Daemon;
  /** Commits and calls, in their order. */
  readonly happened: (Batch | { readonly conference: string; readonly body: Body })[];
  readonly told: DaemonEvent['_tag'][];
  readonly remote: Map<string, Body>;
  readonly fail: (fails: boolean) => void;
  /** Saves a file, and says so. */
  readonly save: (name: string, text: string) => void;
}

const full: LedgerError = { _tag: 'Unavailable', location: 'memory', detail: 'the disk is full' };

const watching = async (directory: string, glimpses: boolean): Promise<Watched> => {
  const clock = makeVirtualClock();
  const source = makeDirectorySource(directory, clock.now);
  const happened: Watched['happened'] = [];
  const told: DaemonEvent['_tag'][] = [];
  const remote = new Map<string, Body>();
  let failing = false;
  const store: Store = {
    load: TE.right(nothingStored),
    history: () => TE.right([]),
    forced: () => TE.right([]),
    lost: new Promise(() => undefined),
    commit: (batch) => async () => {
      if (failing) return Promise.resolve(E.left(full));
      happened.push(batch);
      return Promise.resolve(E.right(undefined));
    },
    close: () => Promise.resolve(),
  };
  const ledger = await openLedger(store)();
  if (E.isLeft(ledger)) return expect.unreachable();
  const daemon = startDaemon({
    observe: source.observe,
    glimpse: glimpses ? source.glimpse : T.of(O.none),
    ledger: ledger.right,
    account: 'simulated',
    catapult: {
      update: (conference, body) => async () => {
        happened.push({ conference, body });
        remote.set(conference, { ...remote.get(conference), ...body });
        return Promise.resolve(E.right(200));
      },
      read: () => () => expect.unreachable(),
    },
    clock,
    random: () => 0.5,
    rules: { ...rules, rate: 'unlimited' },
    drift: { mode: 'ignore', everyMs: 60_000 },
    prepare: () => undefined,
    report: ({ _tag }) => told.push(_tag),
  });
  const save = (name: string, text: string): void => {
    writeFileSync(join(directory, name), text);
    source.noticed(O.some(join(directory, name)));
    daemon.hint();
  };
  const fail = (fails: boolean): void => {
    failing = fails;
  };
  return { clock, daemon, happened, told, remote, fail, save };
};

const manifest = (id: string, ...settings: readonly string[]): string =>
  `conferences:\n  ${id}:\n${['name: one', ...settings].map((line) => `    ${line}\n`).join('')}`;

/** Two files, both applied, and the daemon at rest. */
const atRest = async (): Promise<Watched> => {
  writeFileSync(join(root, 'a.yaml'), manifest('conf-a', 'mute: true'));
  writeFileSync(join(root, 'b.yaml'), manifest('conf-b', 'mute: true'));
  const watched = await watching(root, true);
  await watched.clock.pass(10_000);
  watched.happened.splice(0);
  watched.told.splice(0);
  return watched;
};

it('writes a save, its revision and the intent of its call together, and then calls', async () => {
  const { clock, happened, told, save, daemon } = await atRest();
  save('a.yaml', manifest('conf-a', 'mute: false'));
  await clock.pass(20);
  const [batch, call] = happened;
  expect(batch).toMatchObject({
    calls: [{ conference: 'conf-a', body: { mute: false }, result: O.none }],
    facts: { value: { revision: { value: { revision: matching(/^dir:sha256:/) } } } },
  });
  expect(call).toStrictEqual({ conference: 'conf-a', body: { mute: false } });
  expect(told).toStrictEqual(['Revision', 'Planned', 'Dispatched', 'Settled']);
  await clock.pass(10_000);
  expect(happened.filter((one) => 'body' in one)).toHaveLength(1);
  expect(told).toHaveLength(4);
  await daemon.stop();
});

it('looks at the others a moment later, although they were not named', async () => {
  const { clock, happened, save, daemon } = await atRest();
  writeFileSync(join(root, 'b.yaml'), manifest('conf-b', 'mute: false'));
  save('a.yaml', manifest('conf-a', 'mute: false'));
  await clock.pass(20);
  const called = (): readonly string[] => happened.flatMap((one) => ('body' in one ? [one.conference] : []));
  expect(called()).toStrictEqual(['conf-a']);
  await clock.pass(120);
  expect(called()).toStrictEqual(['conf-a', 'conf-b']);
  await daemon.stop();
});

it('calls nobody while the state cannot be written, and then does', async () => {
  const { clock, happened, remote, save, fail, daemon } = await atRest();
  fail(true);
  save('a.yaml', manifest('conf-a', 'mute: false'));
  await clock.pass(5_000);
  expect(happened).toStrictEqual([]);
  fail(false);
  await clock.pass(20_000);
  expect(remote.get('conf-a')).toStrictEqual({ mute: false });
  await daemon.stop();
});

const edit = fc.record({
  name: fc.constantFrom('a.yaml', 'b.yaml', 'c.yaml'),
  id: fc.constantFrom('conf-a', 'conf-a', 'conf-b', 'conf-c'),
  settings: fc.subarray([
    'mute: true',
    'tag: x',
    'tag: y',
    'hold: true',
    'protect: true',
    'callbackTimeout: ~',
  ]),
  broken: fc.boolean().map((one) => (one ? '  wrong: [' : '')),
  thenMs: fc.constantFrom(5, 25, 60, 200, 3_000),
});

test.prop([fc.array(edit, { minLength: 1, maxLength: 8 })], { numRuns: 30 })(
  'ends as it would without glimpses, whatever is saved and whenever',
  async (edits) => {
    const ends: unknown[] = [];
    for (const glimpses of [true, false]) {
      const directory = mkdtempSync(join(root, 'one-'));
      const { clock, remote, save, daemon } = await watching(directory, glimpses);
      for (const { name, id, settings, broken, thenMs } of edits) {
        save(name, `${manifest(id, ...settings)}${broken}`);
        await clock.pass(thenMs);
      }
      await clock.pass(70_000);
      const { alerts } = daemon.condition();
      await daemon.stop();
      const shown = alerts.map(({ kind, message }) => `${kind} ${message.replaceAll(directory, '')}`);
      ends.push([[...remote].sort(([left], [right]) => (left < right ? -1 : 1)), shown]);
    }
    expect(ends[0]).toStrictEqual(ends[1]);
  },
);
