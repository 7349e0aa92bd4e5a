/**
 * Whether a process that once wrote its mark is certainly gone.
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

export const isCertainlyGone = (holder: LeaseHolder): boolean => {
  const here = machine();
  if (O.isNone(here) || O.isNone(holder.machine) || here.value !== holder.machine.value) return false;
  const signalled = E.tryCatch(() => process.kill(holder.pid, 0), errorCode);
  if (E.isLeft(signalled)) return signalled.left === 'ESRCH';
  // It runs, or something with its pid does, or it has been killed and waits to be reaped.
  const started = startOf(holder.pid);
  return O.isSome(holder.started) && (O.isNone(started) || started.value !== holder.started.value);
};

const machine = (): O.Option<string> =>
  attempt(() =>
    [
      os.hostname(),
      fs.readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim(),
      fs.readlinkSync('/proc/self/ns/pid'),
    ].join(' '),
  );

/** Ticks since boot (field 22 of proc_pid_stat(5)); none when the process is not there or only waits to be reaped. */
const startOf = (pid: number): O.Option<string> =>
  pipe(
    attempt(() => fs.readFileSync(`/proc/${String(pid)}/stat`, 'utf8')),
    // The command (field 2) is in parentheses and may hold anything; field 3 is the state.
    O.map((stat) => stat.slice(stat.lastIndexOf(')') + 2).split(' ')),
    O.filter(([state]) => state !== 'Z' && state !== 'X'),
    O.chain((fields) => O.fromNullable(fields[22 - 3])),
  );

const attempt = <A>(read: () => A): O.Option<A> => O.fromEither(E.tryCatch(read, errorCode));

const errorCode = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
