/**
 * The daemon as a user has it: the built program in a process of its own, its log lines as they come, the calls
 * that arrive at a scripted API on loopback, and a folder of manifests to write to.
 *
 * Absence is shown by a sentinel: a removal counts last of all, after the quiet time, so that whatever an
 * unfinished save would have caused has been sent before the sentinel's call arrives.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { manifest, save, type SettingsText } from './manifests.js';
import { start, type LogEntry, type Program } from './program.js';
import { scriptedApi, type Arrival, type ScriptedApi } from './scripted-api.js';
import { temporaryFolder, type Scope } from './scope.js';

/** So often the daemon looks without a hint. */
export const rescanMs = 60_000;
/** After what disappears. Timers and clocks of two processes differ by a few milliseconds. */
export const quietMs = 1_990;

export interface World {
  readonly root: string;
  /** The directory of manifests. */
  readonly desired: string;
  readonly api: ScriptedApi;
  /** A path below the directory of manifests. */
  readonly file: (name: string) => string;
  readonly write: (name: string, conferences: Readonly<Record<string, SettingsText>>) => void;
  readonly watch: (...flags: readonly string[]) => Program;
}

/** A folder with an empty directory of manifests, and an API that says yes to everything. */
export const makeWorld = async (scope: Scope): Promise<World> => {
  const root = temporaryFolder(scope);
  const desired = join(root, 'desired');
  mkdirSync(desired);
  const api = await scriptedApi(scope);
  const file = (name: string): string => join(desired, name);
  return {
    root,
    desired,
    api,
    file,
    write: (name, conferences) => save(file(name), manifest(conferences)),
    watch: (...flags) =>
      start(scope, root, [
        'watch',
        'desired',
        '--endpoint',
        api.endpoint,
        ...(flags.includes('--rate') ? [] : ['--rate', 'unlimited']),
        ...flags,
      ]),
  };
};

export const settled = (program: Program, from = 0): Promise<LogEntry> =>
  program.log.next('event settled', ({ event }) => event === 'settled', from);

/**
 * A sentinel: a muted conference in a file of its own. `remove` takes the mute away, whose call comes only
 * after the directory has been quiet for two seconds; it gives all calls that arrived since `from`, but its own.
 */
export const sentinelName = 'zz-sentinel.yaml';
const sentinel = 'conf-sentinel';

export const plantSentinel = (world: World): void =>
  world.write(sentinelName, { [sentinel]: { mute: true } });

export const callsUntilSentinel = async (world: World, from: number): Promise<readonly Arrival[]> => {
  world.write(sentinelName, { [sentinel]: {} });
  await world.api.calls.next('the call of the sentinel', ({ conference }) => conference === sentinel, from);
  return world.api.calls.all.slice(from).filter(({ conference }) => conference !== sentinel);
};
