/** A folder with manifests and a state in which all of it is applied, made without any call. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as E from 'fp-ts/lib/Either.js';
import * as O from 'fp-ts/lib/Option.js';
import { combine } from '../../src/desired/combine.js';
import type { Entry } from '../../src/ledger/entry.js';
import { openLedger } from '../../src/ledger/ledger.js';
import { openForWriting } from '../../src/ledger/open-store.js';
import type { Call, CallResult } from '../../src/ledger/store.js';
import { bookkeeping } from '../../src/plan/bookkeeping.js';
import { bodyOf } from '../../src/plan/diff.js';
import { makePlan, type PlanInput } from '../../src/plan/make-plan.js';
import type { Plan } from '../../src/plan/plan.js';
import { makeDirectorySource } from '../../src/source/directory.js';
import type { Clock } from '../../src/time/clock.js';

export const stateIn = (folder: string): string => join(folder, '.holdfast', 'state.db');

/** One document a conference: nine lines, about 275 bytes. `edition` is another tag. */
export const documentOf = (number: number, edition?: number): string =>
  [
    'defaults:',
    '  callbackUrl: https://hooks.example.com/conferences',
    '  callbackTimeout: 2000',
    'conferences:',
    `  conf-${String(number).padStart(8, '0')}abcdefghijklmno:`,
    `    name: Weekly all-hands number ${number}`,
    `    mute: ${number % 2 === 0}`,
    '    hold: false',
    `    tag: ${edition === undefined ? 'all-hands' : `edition-${edition}`}-${number}`,
    '',
  ].join('\n');

const filesPerFolder = 100;

export const fileOf = (folder: string, number: number): string =>
  join(
    folder,
    'desired',
    String(Math.floor(number / filesPerFolder)).padStart(4, '0'),
    `${String(number).padStart(6, '0')}.yaml`,
  );

export const writeFiles = (folder: string, count: number): void => {
  for (let number = 0; number < count; number += 1) {
    const path = fileOf(folder, number);
    if (number % filesPerFolder === 0) mkdirSync(join(path, '..'), { recursive: true });
    writeFileSync(path, documentOf(number));
  }
};

/** With an edition, the document in the middle is of it. */
export const writeOneFile = (folder: string, count: number, edition?: number): void => {
  mkdirSync(join(folder, 'desired'), { recursive: true });
  const documents = Array.from({ length: count }, (_, number) =>
    documentOf(number, number === Math.floor(count / 2) ? edition : undefined),
  );
  writeFileSync(join(folder, 'desired', 'all.yaml'), documents.join('---\n'));
};

/** As if everything had been applied. `directory` as the program will be given it, from the present folder. */
export const recordApplied = async (directory: string, state: string): Promise<void> => {
  const { revision, commit, files } = await makeDirectorySource(directory).observe();
  const store = await openForWriting({ _tag: 'Sqlite', path: state }, { ...asWriter, clock })();
  if (E.isLeft(store)) throw new Error(JSON.stringify(store.left));
  const ledger = await openLedger(store.right)();
  if (E.isLeft(ledger)) throw new Error(JSON.stringify(ledger.left));
  const { desired } = combine(files);
  const { records } = ledger.right;
  const input: PlanInput = { revision, commit, desired, records, live: new Map(), rules };
  const plan = makePlan(input);
  const written = await ledger.right.write([
    ...bookkeeping(plan, input, new Set(), Date.now()),
    ...callsOf(plan, ledger.right.nextCall),
  ])();
  if (E.isLeft(written)) throw new Error(JSON.stringify(written.left));
  await ledger.right.writeFacts({ account: O.some(asWriter.account), revision: O.none })();
  await ledger.right.close();
};

const rules: PlanInput['rules'] = {
  onRemove: 'release',
  maxComplete: 5,
  maxAudience: O.none,
  rate: 'unlimited',
  removals: 'count',
  heal: false,
};

const clock: Clock = {
  now: Date.now,
  elapsed: () => performance.now(),
  after: (delayMs, run) => {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
};

const asWriter = {
  holder: { pid: process.pid, host: 'bench', command: 'apply', sinceMs: Date.now() },
  account: 'u-1 at this machine',
  onWait: () => undefined,
} as const;

const callsOf = (plan: Plan, nextCall: () => number): readonly Entry[] =>
  plan.changes.flatMap((change): readonly Entry[] => {
    if (change._tag !== 'Update' && change._tag !== 'Complete') return [];
    const { conference, at } = change;
    const call: Call = {
      call: nextCall(),
      conference,
      method: 'POST',
      revision: plan.revision,
      commit: plan.commit,
      at,
      body: bodyOf(change),
      attempt: 1,
      force: O.none,
      startedAtMs: Date.now(),
      result: O.none,
    };
    return [
      { _tag: 'Intended', conference, call },
      { _tag: 'Finished', conference, call, result: applied, trouble: O.none, forget: false },
    ];
  });

const applied: CallResult = {
  outcome: 'Applied',
  status: O.some(200),
  code: O.none,
  message: '',
  durationMs: 20,
};
