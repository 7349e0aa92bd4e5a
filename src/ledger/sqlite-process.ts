/**
 * What is certain about a process that once wrote its mark.
 *
 * A pid alone says little: it is given again, after a reboot or in another container soon. The mark therefore
 * names the machine (host, boot, pid namespace) and when the process started. Only Linux tells both without
 * another program; elsewhere nothing is certain and the heartbeat decides.
 */
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as E from 'fp-ts/lib/Either.js';
import * as O from 'fp-ts/lib/Option.js';
import { pipe } from 'fp-ts/lib/function.js';
import type { Presence } from './lease.js';
import type { LeaseHolder } from './record-codec.js';
import type { Holder } from './store.js';

export const markHolder = (holder: Holder): LeaseHolder => ({
  pid: holder.pid,
  host: holder.host,
  command: holder.command,
  sinceMs: holder.sinceMs,
  machine: machine(),
  started: startOf(holder.pid),
});

export const presenceOf = (holder: LeaseHolder): Presence => {
  const here = machine();
  if (O.isNone(here) || O.isNone(holder.machine) || here.value !== holder.machine.value) return 'unknown';
  const signalled = E.tryCatch(() => process.kill(holder.pid, 0), errorCode);
  if (E.isLeft(signalled) && signalled.left === 'ESRCH') return 'gone';
  const found = lookAt(holder.pid);
  // It has just ended, or /proc is closed to us (its option hidepid).
  if (O.isNone(found)) return 'unknown';
  const { state, started } = found.value;
  if (hasEnded(state)) return 'gone';
  if (O.isNone(holder.started)) return 'unknown';
  if (started !== holder.started.value) return 'gone';
  // What is stopped may never be continued.
  return /[Tt]/.test(state) ? 'unknown' : 'alive';
};

const machine = (): O.Option<string> =>
  attempt(() =>
    [
      os.hostname(),
      fs.readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim(),
      fs.readlinkSync('/proc/self/ns/pid'),
    ].join(' '),
  );

/** Ticks since boot; none when there is no such process any more, or the system does not say. */
const startOf = (pid: number): O.Option<string> =>
  pipe(
    lookAt(pid),
    O.filter(({ state }) => !hasEnded(state)),
    O.map(({ started }) => started),
  );

/** State and start time, fields 3 and 22 of proc_pid_stat(5). */
const lookAt = (pid: number): O.Option<{ readonly state: string; readonly started: string }> =>
  pipe(
    attempt(() => fs.readFileSync(`/proc/${String(pid)}/stat`, 'utf8')),
    // The command (field 2) is in parentheses and may hold anything.
    O.map((stat) => stat.slice(stat.lastIndexOf(')') + 2).split(' ')),
    O.chain(([state, ...fields]) =>
      pipe(
        O.fromNullable(fields[22 - 4]),
        O.map((started) => ({ state: state ?? '', started })),
      ),
    ),
  );

/** It has been killed and only waits to be reaped. */
const hasEnded = (state: string): boolean => state === 'Z' || state === 'X';

const attempt = <A>(read: () => A): O.Option<A> => O.fromEither(E.tryCatch(read, errorCode));

const errorCode = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
