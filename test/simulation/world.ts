/**
 * A world of declarations, disk and API in which processes come and go as the scenario says, until the time of
 * chaos is over; then nothing is in the way any more, and everything has to become as declared.
 */
import type { ConferenceId } from '../../src/conference/id.js';
import { makeApi } from './api.js';
import { makeDisk } from './disk.js';
import type { Kernel } from './kernel.js';
import { startProcess, type Process } from './process.js';
import { makePromises } from './promises.js';
import { luck } from './random.js';
import { makeRest } from './rest.js';
import { fileNames, type Edit, type FileName, type Injection, type Scenario } from './scenario.js';
import { makeTree } from './tree.js';
import type { Truth } from './truth.js';

const epochMs = 1_700_000_000_000;
/** More than the longest a missing conference waits. */
const restMs = 40 * 60_000;
const quietMs = 5_000;
const startAgainMs = 200;

export interface World {
  /** Strikes when its time has come. */
  readonly beforeStep: () => void;
  readonly isOver: () => boolean;
}

export const makeWorld = (
  scenario: Scenario,
  kernel: Kernel,
  breaks: (promise: string, detail: string) => void,
  trace: string[] | undefined,
): World => {
  const { seed, injections, mode } = scenario;
  const truths = new Map<ConferenceId, Truth>();
  const disk = makeDisk();
  const tree = makeTree(kernel.elapsedMs);
  const promises = makePromises({ disk, truths, scenario, elapsedMs: kernel.elapsedMs, broken: breaks });
  const fates = new Map(injections.flatMap((one) => (one._tag === 'Answer' ? [[one.nth, one.fate]] : [])));
  const commitFates = new Map(
    injections.flatMap((one) => (one._tag === 'Commit' ? [[one.nth, one.fate]] : [])),
  );
  let jumpedMs = 0;
  const now = (): number => epochMs + Math.floor(kernel.elapsedMs()) + jumpedMs;
  const api = makeApi({ kernel, promises, scenario, fates, epochMs: now }, truths);
  const rest = makeRest({ scenario, tree, disk, api });
  const processes: Process[] = [];
  let commits = 0;
  let pids = 0;
  let diskOutageUntilMs = 0;
  let calmAtMs: number | undefined;
  let asDeclaredSinceMs: number | undefined;
  let finalApply: Process | undefined;
  let over = false;

  const say = (line: string): void => {
    trace?.push(`${(kernel.elapsedMs() / 1000).toFixed(4)} -- ${line}`);
  };

  const alive = (): readonly Process[] => processes.filter((process) => process.alive);

  const launch = (kind: Process['kind']): Process => {
    pids += 1;
    const process = startProcess(kind, pids, {
      kernel,
      disk,
      promises,
      scenario,
      tree,
      api,
      now,
      nextFate: () => {
        commits += 1;
        const fate = kernel.elapsedMs() < diskOutageUntilMs ? 'fails' : commitFates.get(commits);
        return { nth: commits, fate: calmAtMs === undefined ? fate : undefined };
      },
      freeze: (owner) => {
        const victim = alive().find((process) => process === owner);
        freeze(victim, { forMs: 20_000, rivalMs: 1_000 });
      },
      isAlive: (pid) => processes.some(({ name, alive: lives }) => lives && name.endsWith(` ${pid}`)),
      ended: (process) => {
        say(`${process.name} ends`);
        api.died(process);
        again(startAgainMs);
      },
    });
    processes.push(process);
    say(`${process.name} is started`);
    return process;
  };

  /** Somebody always sees to it that one runs. */
  const again = (downMs: number): void => {
    void kernel.after(downMs, 'is started again', () => {
      if (alive().length > 0 || (calmAtMs !== undefined && mode === 'apply')) return;
      const kind = mode === 'both' ? (luck(seed, 'kind', pids) < 0.5 ? 'watch' : 'apply') : mode;
      launch(calmAtMs === undefined ? kind : 'watch');
    });
  };

  const kill = (process: Process): void => {
    say(`${process.name} is killed`);
    process.alive = false;
    api.died(process);
  };

  const die = (downMs: number, cut: boolean): void => {
    const victims = cut ? alive() : alive().slice(-1);
    victims.forEach(kill);
    if (victims.length === 0) return;
    const chance = luck(seed, 'disk', kernel.steps());
    if (cut) disk.powerCut(chance);
    else disk.abandon(chance);
    again(downMs);
  };

  const freeze = (
    victim: Process | undefined,
    { forMs, rivalMs }: { readonly forMs: number; readonly rivalMs: number },
  ): void => {
    if (victim === undefined || calmAtMs !== undefined) return;
    say(`${victim.name} is frozen`);
    victim.frozenUntilMs = kernel.elapsedMs() + forMs;
    void kernel.after(rivalMs, 'a rival is started', () => {
      if (calmAtMs === undefined) launch(victim.kind);
    });
  };

  const stepped = injections
    .filter((one) => 'atStep' in one)
    .sort((left, right) => left.atStep - right.atStep);
  for (const one of injections) {
    if (!('atMs' in one)) continue;
    void kernel.after(one.atMs, JSON.stringify(one), () => happen(one));
  }

  const happen = (one: Extract<Injection, { readonly atMs: number }>): void => {
    if (calmAtMs !== undefined) return;
    switch (one._tag) {
      case 'Edit':
        if (one.noticed) hint(changedBy(one.edit));
        else tree.change(one.edit);
        return;
      case 'ClockJump':
        jumpedMs += one.byMs;
        return;
      case 'Ends': {
        const truth = api.truthOf(one.conference);
        truth.ended = true;
        truth.members = 0;
        return;
      }
      case 'Members':
        if (!api.truthOf(one.conference).ended) api.truthOf(one.conference).members = one.count;
        return;
      case 'Elsewhere': {
        const truth = api.truthOf(one.conference);
        if (truth.ended) return;
        truth.settings = { ...truth.settings, [one.setting]: one.value };
        truth.elsewhere.add(one.setting);
        promises.setElsewhere(one.conference, one.setting);
        return;
      }
      case 'Outage':
        if (one.kind === 'disk') diskOutageUntilMs = kernel.elapsedMs() + one.forMs;
        else api.outage(one.kind, kernel.elapsedMs() + one.forMs);
    }
  };

  /** The files that an edit changes; none where the directory comes or goes. */
  const changedBy = (edit: Edit): readonly FileName[] => {
    const before = fileNames.map(textOf);
    tree.change(edit);
    return edit._tag === 'Vanish' || edit._tag === 'Return'
      ? []
      : fileNames.filter((file, index) => textOf(file) !== before[index]);
  };

  const textOf = (file: FileName): string => JSON.stringify(tree.read(file));

  /** Of several files one may go unmentioned. */
  const hint = (named: readonly FileName[]): void => {
    const isLossy = luck(seed, 'names', kernel.steps()) < 0.3;
    void kernel.after(1, 'a file event', () => {
      for (const process of alive()) process.hint(isLossy ? named.slice(0, 1) : named);
    });
  };

  const strike = (one: Extract<Injection, { readonly atStep: number }>): void => {
    switch (one._tag) {
      case 'Kill':
      case 'PowerCut':
        die(one.downMs, one._tag === 'PowerCut');
        return;
      case 'Stop':
        alive().at(-1)?.stop();
        return;
      case 'Freeze':
        freeze(alive().at(-1), one);
    }
  };

  const calm = (): void => {
    say('calm');
    calmAtMs = kernel.elapsedMs();
    tree.mend();
    api.calm();
    for (const truth of truths.values()) truth.members = 0;
    for (const process of processes) process.frozenUntilMs = 0;
    // What was rejected is tried again only when it is declared otherwise.
    for (const conference of scenario.conferences)
      if (api.hasRejected(conference))
        tree.change({ _tag: 'Set', conference, setting: 'tag', value: `after ${calmAtMs}` });
    hint([]);
    again(0);
  };

  const watchRest = (sinceMs: number): void => {
    const isIdle = alive().some((process) => process.isIdle());
    const nowMs = kernel.elapsedMs();
    const differing = nowMs - sinceMs < quietMs || !isIdle ? undefined : rest.differing();
    if (differing?.length === 0) asDeclaredSinceMs ??= nowMs;
    else asDeclaredSinceMs = undefined;
    if (asDeclaredSinceMs !== undefined && nowMs - asDeclaredSinceMs > quietMs) over = true;
    if (nowMs - sinceMs > restMs)
      breaks(
        'everything comes to rest as declared',
        (differing ?? [...rest.differing(), 'not idle']).join('; '),
      );
  };

  const applyRest = (): void => {
    if (alive().length > 0) return;
    if (finalApply === undefined) {
      finalApply = launch('apply');
      return;
    }
    over = true;
    const differing = rest.isRefused() ? [] : rest.differing();
    if (differing.length > 0)
      breaks('one apply without faults makes everything as declared', differing.join('; '));
  };

  if (mode === 'apply') launch('apply');
  else launch('watch');
  return {
    isOver: () => over,
    beforeStep: () => {
      for (let next = stepped[0]; next !== undefined && next.atStep <= kernel.steps(); next = stepped[0]) {
        stepped.shift();
        if (calmAtMs === undefined) strike(next);
      }
      if (calmAtMs === undefined) {
        if (kernel.elapsedMs() >= scenario.chaosMs) calm();
      } else if (mode === 'apply') applyRest();
      else watchRest(calmAtMs);
    },
  };
};
