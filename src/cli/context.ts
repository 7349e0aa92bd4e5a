/** What a command is given: everything it may touch. */
import type { IO } from 'fp-ts/lib/IO.js';
import type { Clock } from '../time/clock.js';
import type { Environment } from './config.js';
import type { Terminal } from './terminal.js';

export interface Context {
  readonly terminal: Terminal;
  readonly env: Environment;
  readonly clock: Clock;
  readonly random: IO<number>;
  readonly version: string;
  /** `sinceMs`: when it was started, epoch ms. */
  readonly process: { readonly pid: number; readonly host: string; readonly sinceMs: number };
}
