/** What can be wrong with the machine that a process runs on. Linux only: `setpriv` and `prlimit` are util-linux. */
import { execFileSync } from 'node:child_process';
import { type World } from '../daemon/world.js';

const works = (command: string, ...args: readonly string[]): boolean => {
  try {
    execFileSync(command, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};

/** Becomes the program with the permissions that everybody has: root may do anything otherwise. */
const asAnybody: readonly string[] =
  process.getuid?.() === 0 ? ['setpriv', '--bounding-set', '-dac_override,-dac_read_search'] : [];

/** undefined: root cannot give up its rights here. */
export const permissionsCount = (): readonly string[] | undefined => {
  const [command, ...args] = asAnybody;
  return command === undefined || works(command, ...args, 'true') ? asAnybody : undefined;
};

/** Becomes the program after a limit is set, such as `-n 20`. */
export const withLimit = (limit: string): readonly string[] => [
  'sh',
  '-c',
  `ulimit ${limit} && exec "$@"`,
  'sh',
];

/** Whether the limits of a process that runs can be changed. */
export const canLimit = (): boolean => works('prlimit', '--version');

/** The soft limit of a running process; `unlimited` gives everything back. */
export const limit = (pid: number, what: 'fsize' | 'nofile', value: number | 'unlimited'): void => {
  const text = value === 'unlimited' && what === 'nofile' ? '1024' : String(value);
  execFileSync('prlimit', ['--pid', String(pid), `--${what}=${text}:`], { stdio: 'ignore' });
};

export const commonArgs = ({ api }: World): readonly string[] => [
  'desired',
  '--endpoint',
  api.endpoint,
  '--rate',
  'unlimited',
];

/** What no output may hold. */
export const trace = /^ {4}at |a defect in holdfast|node:internal/m;
