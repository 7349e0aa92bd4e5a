/**
 * The real program is killed at any moment, again and again, while manifests change and the API fails; then
 * everything calms down and a last process settles. What must hold all the time is in `judge.ts`.
 *
 * `HOLDFAST_KILL_RUNS=100` does it with so many seeds, one after the other, and with more kills in each;
 * `HOLDFAST_TEST_SEED` is the first.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { eventually, pause } from '../daemon/feed.js';
import { run, start, type Program } from '../daemon/program.js';
import { temporaryFolder, type Scope } from '../daemon/scope.js';
import { parseRecord, recordsAt } from '../support/json.js';
import { makeDice, type Dice } from './dice.js';
import { defaults, startFaultyApi, type FaultyApi, type Witness } from './faulty-api.js';
import { makeJudge, type Judge } from './judge.js';
import { makeKiller, momentFrom, showMoment, type Killer } from './killer.js';
import { readLedger } from './post-mortem.js';
import { makeStory, type Story } from './story.js';

const runs = Number(process.env['HOLDFAST_KILL_RUNS'] ?? 1);
const firstSeed = Number(process.env['HOLDFAST_TEST_SEED']);
const kills = runs === 1 ? 8 : 20;

interface Scene {
  readonly scope: Scope;
  readonly root: string;
  readonly dice: Dice;
  readonly story: Story;
  readonly api: FaultyApi;
  readonly judge: Judge;
  readonly killer: Killer;
  readonly onRemove: 'release' | 'reset';
}

/** Epoch milliseconds that never go back. */
const now = (): number => performance.timeOrigin + performance.now();

const makeScene = async (scope: Scope, seed: number): Promise<Scene> => {
  const root = temporaryFolder(scope);
  const desired = join(root, 'desired');
  const stateFolder = join(root, '.holdfast');
  mkdirSync(desired);
  mkdirSync(stateFolder);
  const dice = makeDice(seed);
  const onRemove = dice.pick<Scene['onRemove']>(['release', 'reset']);
  const story = makeStory(desired, makeDice(seed + 1), now);
  const judge = makeJudge(story, now);
  const killer = makeKiller(stateFolder);
  const witness: Witness = {
    arrived: (call) => {
      judge.arrived(call);
      killer.tell('arrived');
    },
    executed: (call) => {
      judge.executed(call);
      killer.tell('executed');
    },
    ended: (call, told) => {
      judge.ended(call, told);
      killer.tell('ended');
    },
  };
  const api = await startFaultyApi(scope, makeDice(seed + 2), witness);
  return { scope, root, dice, story, api, judge, killer, onRemove };
};

const command = ['watch', 'apply'] as const;

const launch = (
  { scope, root, api, judge, onRemove }: Scene,
  what: (typeof command)[number],
  rate: string,
  note: string,
): Program => {
  judge.begin(`${what} --rate ${rate}, ${note}`);
  return start(scope, root, [
    what,
    'desired',
    '--endpoint',
    api.endpoint,
    '--rate',
    rate,
    '--on-remove',
    onRemove,
    ...(what === 'apply' ? ['--yes', '--format', 'json'] : []),
  ]);
};

/** One process from its start to its end. True: it was killed, and did not end by itself. */
const live = async (scene: Scene, what: (typeof command)[number]): Promise<boolean> => {
  const { dice, story, killer, api, judge } = scene;
  for (let edits = dice.between(0, 2); edits > 0; edits -= 1) story.edit();
  const moment = momentFrom(dice);
  const program = launch(scene, what, dice.pick(['20', '50', 'unlimited']), showMoment(moment));
  const life = { isOver: false };
  const editing = (async () => {
    for (;;) {
      await pause(dice.between(20, 250));
      if (life.isOver) return;
      if (dice.chance(0.7)) story.edit();
    }
  })();
  await Promise.race([killer.strike(moment, () => program.kill('SIGKILL')), program.ended]);
  program.kill('SIGKILL');
  judge.died();
  const { signal, stderr } = await program.ended;
  life.isOver = true;
  expect(stderr).not.toMatch(/the state .* (cannot|is held|belongs)|taken over|defect|^ {4}at /m);
  await editing;
  await api.idle();
  return signal === 'SIGKILL';
};

/** What the state says after a death, to the store and to people. */
const inspect = async ({ scope, root, api, judge, dice, story }: Scene): Promise<void> => {
  judge.inspect(await readLedger(join(root, '.holdfast/state.db')), api.truth);
  expect(judge.broken()).toEqual([]);
  if (dice.chance(0.7)) return;
  const { code, stdout, stderr } = await run(scope, root, ['status', '--format', 'json']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  for (const { conference, applied } of recordsAt(parseRecord(stdout), 'conferences')) {
    for (const [name, value] of Object.entries(parseRecord(JSON.stringify(applied))))
      expect([conference, name, api.truth(String(conference), name)]).toEqual([conference, name, value]);
  }
  story.edit();
};

/** What is declared, as the API has to know it. */
const expectDeclared = ({ story, api }: Scene): void => {
  const declared = [...story.declared()];
  const seen = declared.map(([conference, settings]) => [
    conference,
    Object.fromEntries(Object.keys(settings).map((name) => [name, api.truth(conference, name)])),
  ]);
  expect(seen).toEqual(declared);
  for (const [conference, settings] of declared) {
    const wasAlways = story
      .inForceSince(conference, 0)
      .slice(1)
      .every(({ settings: version }) => version !== undefined);
    if (!wasAlways || settings['state'] !== undefined) continue;
    const others = Object.keys(defaults).filter((name) => settings[name] === undefined);
    expect([conference, others.map((name) => api.truth(conference, name))]).toEqual([
      conference,
      others.map((name) => defaults[name]),
    ]);
  }
  for (let index = 1; index <= 14; index += 1) {
    const conference = `conf-${index}`;
    const wasDeclaredSo = story
      .inForceSince(conference, 0)
      .some(({ settings }) => settings?.['state'] !== undefined);
    if (!wasDeclaredSo) expect([conference, api.truth(conference, 'state')]).toEqual([conference, undefined]);
  }
};

const settle = async (scene: Scene): Promise<void> => {
  const { scope, root, api, story, dice, judge } = scene;
  api.calm();
  const what = dice.pick(command);
  const program = launch(scene, what, 'unlimited', 'the last one');
  const status = async (): Promise<string> =>
    (await run(scope, root, ['status', '--format', 'json', '--on-remove', scene.onRemove])).stdout;
  const isSettled = async (): Promise<true | undefined> => {
    const standings = recordsAt(parseRecord(await status()), 'conferences').map(({ standing }) => standing);
    return (
      (standings.length === story.declared().size && standings.every((one) => one === 'settled')) || undefined
    );
  };
  try {
    if (what === 'watch') await eventually('everything is settled', isSettled);
    if (what === 'watch') program.kill('SIGTERM');
    expect(await program.ended).toMatchObject({ code: 0 });
    judge.died();
  } catch (error) {
    program.kill('SIGTERM');
    const { stdout, stderr } = await program.ended;
    throw new Error(`${String(error)}\n${await status()}\n${stdout}\n${stderr}`, { cause: error });
  }
  judge.inspect(await readLedger(join(root, '.holdfast/state.db')), api.truth);
  expect(judge.broken()).toEqual([]);
  expectDeclared(scene);
  const plan = await run(scope, root, ['plan', 'desired', '--format', 'json', '--on-remove', scene.onRemove]);
  expect(parseRecord(plan.stdout)).toMatchObject({ changes: [], summary: { calls: 0 } });
};

describe('killed at any moment', () => {
  const seeds = Array.from({ length: runs }, (_, index) => firstSeed + index);
  it.each(seeds)('the program keeps its promises; seed %d', async (seed) => {
    const scene = await makeScene({ onTestFinished }, seed);
    for (let killed = 0, lives = 0; killed < kills; lives += 1) {
      expect(lives).toBeLessThan(4 * kills);
      if (await live(scene, command[lives % 2] ?? 'watch')) killed += 1;
      await inspect(scene);
    }
    await settle(scene);
  });
});
