/** A holdfast in a simulated world: the real daemon, or the real apply, over the ports that the world binds. */
import * as E from 'fp-ts/lib/Either.js';
import type { IO } from 'fp-ts/lib/IO.js';
import * as O from 'fp-ts/lib/Option.js';
import type * as T from 'fp-ts/lib/Task.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { applyPlan } from '../../src/apply/apply.js';
import { combine } from '../../src/desired/combine.js';
import { isBroken } from '../../src/desired/broken-file.js';
import { startHeartbeat } from '../../src/ledger/sqlite-heartbeat.js';
import type { ManifestFile } from '../../src/desired/manifest.js';
import { openLedger, type Ledger } from '../../src/ledger/ledger.js';
import { judge, take, type Presence } from '../../src/ledger/lease.js';
import { takeWatching, type Seen, type Undecided } from '../../src/ledger/lease-watch.js';
import type { LedgerError, Store } from '../../src/ledger/store.js';
import { makePlan, type PlanRules } from '../../src/plan/make-plan.js';
import { removesSomebody } from '../../src/plan/safety.js';
import { startDaemon, type Daemon } from '../../src/reconcile/daemon.js';
import type { Glimpse, Observation } from '../../src/source/observation.js';
import { steadily } from '../../src/source/steady-look.js';
import type { Clock } from '../../src/time/clock.js';
import type { Api } from './api.js';
import type { Disk } from './disk.js';
import type { Kernel, Owner } from './kernel.js';
import type { Promises } from './promises.js';
import { luck } from './random.js';
import { fileNames, type FileName, type Scenario } from './scenario.js';
import { leaseFrame, makeStore, type StoreDeps } from './store.js';
import { observation, type Tree } from './tree.js';

export interface Process extends Owner {
  readonly kind: 'watch' | 'apply';
  /** Files that are said to have changed; none of them: anything may have. */
  readonly hint: (named: readonly FileName[]) => void;
  /** As SIGTERM does. */
  readonly stop: IO<void>;
  /** Nothing waits and nothing is under way. */
  readonly isIdle: () => boolean;
}

export interface ProcessDeps extends Omit<StoreDeps, 'seed' | 'commitMs'> {
  readonly kernel: Kernel;
  readonly disk: Disk;
  readonly promises: Promises;
  readonly scenario: Scenario;
  readonly tree: Tree;
  readonly api: Api;
  /** It ended by itself. */
  readonly ended: (process: Process) => void;
  /** Whether this process is alive, as another one on the same machine sees it. */
  readonly isAlive: (pid: number) => boolean;
}

const account = 'simulated';

export const startProcess = (kind: Process['kind'], pid: number, deps: ProcessDeps): Process => {
  const { kernel, scenario } = deps;
  let daemon: O.Option<Daemon> = O.none;
  let store: O.Option<Store> = O.none;
  let stopping = false;
  let stopHeartbeat: IO<void> = () => undefined;
  const process: Process = {
    kind,
    name: `${kind} ${pid}`,
    alive: true,
    frozenUntilMs: 0,
    hint: (named) => {
      eyes.noticed(named);
      if (O.isSome(daemon)) daemon.value.hint();
    },
    stop: () => {
      stopping = true;
      void finish();
    },
    isIdle: () => {
      if (O.isNone(daemon)) return false;
      const { started, dispatcher, stateError } = daemon.value.condition();
      return (
        started &&
        dispatcher.underWay === 0 &&
        Object.values(dispatcher.backlog.lanes).every((waiting) => waiting === 0) &&
        O.isNone(stateError)
      );
    },
  };

  const eyes = makeEyes(process, deps);

  const exit = (): void => {
    stopHeartbeat();
    process.alive = false;
    deps.ended(process);
  };

  const finish = async (): Promise<void> => {
    if (O.isSome(daemon)) await daemon.value.stop();
    if (O.isSome(store)) {
      stopHeartbeat();
      await store.value.close();
    }
    exit();
  };

  const clock = clockOf(process, deps);
  const run = async (): Promise<void> => {
    const token = await takeLease(pid, clock, deps);
    if (E.isLeft(token)) {
      exit();
      return undefined;
    }
    const opened = makeStore(process, token.right, {
      ...deps,
      seed: scenario.seed,
      commitMs: scenario.commitMs,
    });
    store = O.some(opened);
    stopHeartbeat = startHeartbeat(opened.commit(noBatch), clock);
    const ledger = await openLedger(opened)();
    if (E.isLeft(ledger)) {
      deps.promises.breaks('the state opens after every death', JSON.stringify(ledger.left));
      exit();
      return undefined;
    }
    if (stopping) return undefined;
    if (kind === 'apply') {
      await applyOnce(process, ledger.right, clock, deps);
      return finish();
    }
    const started = watch(process, eyes, ledger.right, clock, deps);
    daemon = O.some(started);
    await Promise.race([started.lost, ledger.right.lost]);
    return finish();
  };
  // A process needs a moment to start.
  void kernel.after(30, 'starts', () => void run(), process);
  return process;
};

const noBatch = { records: new Map(), calls: [], facts: O.none, forced: [] };

const clockOf = (process: Owner, { kernel, now }: ProcessDeps): Clock => ({
  now,
  elapsed: kernel.elapsedMs,
  after: (delayMs, run) => kernel.after(delayMs, 'timer', run, process),
});

const rulesOf = ({
  rate,
  onRemove,
  maxComplete,
  maxAudience,
}: Scenario): Omit<PlanRules, 'removals' | 'heal'> => ({
  rate,
  onRemove,
  maxComplete,
  maxAudience: O.fromNullable(maxAudience),
});

const watch = (process: Owner, eyes: Eyes, ledger: Ledger, clock: Clock, deps: ProcessDeps): Daemon =>
  startDaemon({
    observe: eyes.observe,
    glimpse: eyes.glimpse,
    ledger,
    account,
    catapult: deps.api.catapultFor(process),
    clock,
    random: jitter(process, deps),
    rules: rulesOf(deps.scenario),
    drift: deps.scenario.drift,
    prepare: (desired) => deps.promises.accepts(process, desired, deps.tree.view()),
    report: (event) => {
      if (event._tag === 'Broken') deps.promises.breaks('no loop breaks', event.message);
      if (event._tag === 'Dispatched' && event.event._tag === 'Broken')
        deps.promises.breaks('no loop breaks', event.event.message);
    },
  });

const applyOnce = async (process: Owner, ledger: Ledger, clock: Clock, deps: ProcessDeps): Promise<void> => {
  const looked = await steadily(
    TE.fromTask<Observation, 'restless'>(() => look(process, deps)),
    ({ files }) => removesSomebody(combine(files).desired, ledger.records),
    'restless',
  )(await look(process, deps))();
  if (E.isLeft(looked)) return;
  const { files, complete, revision } = looked.right;
  if (!complete || files.some(isBroken)) return;
  const { desired, duplicates } = combine(files);
  if (duplicates.size > 0) return;
  deps.promises.accepts(process, desired, deps.tree.view());
  const rules: PlanRules = { ...rulesOf(deps.scenario), removals: 'count', heal: false };
  const input = { revision, commit: O.none, desired, records: ledger.records, live: new Map(), rules };
  const plan = makePlan(input);
  if (plan.refused.length > 0) return;
  await applyPlan(
    plan,
    input,
    O.none,
  )({
    ledger,
    account,
    catapult: deps.api.catapultFor(process),
    clock,
    random: jitter(process, deps),
    report: (event) => {
      if (event._tag === 'Broken') deps.promises.breaks('no loop breaks', event.message);
    },
    onStart: () => undefined,
  })();
};

const jitter =
  (process: Owner, { kernel, scenario }: ProcessDeps): IO<number> =>
  () =>
    luck(scenario.seed, process.name, kernel.steps());

interface Eyes {
  readonly observe: T.Task<Observation>;
  readonly glimpse: T.Task<O.Option<Glimpse>>;
  readonly noticed: (named: readonly FileName[]) => void;
}

type Read = O.Option<ManifestFile>;

/** As a directory is seen: by a look everything, by a glimpse what was named and is there and valid. */
const makeEyes = (process: Owner, { kernel, tree }: ProcessDeps): Eyes => {
  const last = new Map<FileName, Read>();
  let names = new Set<FileName>();
  let mayBeAnything = false;
  const readAll = async (files: readonly FileName[]): Promise<readonly Read[]> => {
    const found: Read[] = [];
    // Every file at a moment of its own.
    for (const file of files)
      await new Promise<void>((done) => {
        const read = (): void => {
          found.push(tree.read(file));
          done();
        };
        void kernel.after(1, `reads ${file}`, read, process);
      });
    return found;
  };
  const remember = (files: readonly FileName[], found: readonly Read[]): void =>
    files.forEach((file, index) => last.set(file, found[index] ?? O.none));
  const taken = (): readonly FileName[] => {
    const files = mayBeAnything ? [] : [...names];
    names = new Set();
    mayBeAnything = false;
    return files;
  };
  return {
    noticed: (named) => {
      mayBeAnything ||= named.length === 0;
      for (const name of named) names.add(name);
    },
    observe: async () => {
      void taken();
      const found = await readAll(fileNames);
      remember(fileNames, found);
      return observation(found);
    },
    glimpse: async () => {
      const files = taken();
      const before = fileNames.map((file) => last.get(file) ?? O.none);
      const found = await readAll(files);
      if (files.length === 0 || before.some(O.isNone) || !found.every(isGood)) return O.none;
      remember(files, found);
      const { revision } = observation(fileNames.map((file) => last.get(file) ?? O.none));
      return O.some({ revision, files: found.flatMap((file) => (O.isSome(file) ? [file.value] : [])) });
    },
  };
};

const isGood = (file: Read): boolean => O.isSome(file) && !isBroken(file.value);

const look = (process: Owner, deps: ProcessDeps): Promise<Observation> => makeEyes(process, deps).observe();

/** As opening a real state does. Left: somebody else holds it. */
const takeLease = (
  pid: number,
  clock: Clock,
  { disk, scenario, isAlive }: ProcessDeps,
): Promise<E.Either<LedgerError, number>> => {
  const presence = (holder: number): Presence =>
    scenario.sameMachine ? (isAlive(holder) ? 'alive' : 'gone') : 'unknown';
  const attempt = async (first: O.Option<Seen>): Promise<E.Either<LedgerError | Undecided, number>> => {
    const nowMs = clock.elapsed();
    const now = disk.visible().lease;
    if (O.isSome(now.holder)) {
      const { lease, atMs } = O.getOrElse(() => ({ lease: now, atMs: nowMs }))(first);
      const holderIs = presence(now.holder.value.pid);
      const verdict = judge({ first: lease, firstMs: atMs, now, nowMs, wallMs: clock.now(), holderIs });
      const held = { _tag: 'Held', location: 'simulated', holder: now.holder.value } as const;
      if (verdict === 'held') return E.left(held);
      if (verdict === 'watch') return E.left({ _tag: 'Undecided', lease: now, held });
    }
    const taken = take(now, holderFor(pid), clock.now());
    disk.append(leaseFrame(taken));
    disk.sync();
    return E.right(taken.token);
  };
  return takeWatching(attempt, { clock, onWait: () => undefined });
};

const holderFor = (pid: number) => ({
  pid,
  host: 'simulated',
  command: 'watch',
  sinceMs: 0,
  machine: O.none,
  started: O.none,
});
