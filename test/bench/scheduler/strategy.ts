import type { Edit, Workload } from './workload.js';
import type { World } from './world.js';

/** A way to bring edits to the API. */
export interface Strategy {
  readonly name: string;
  /** Called once; nothing has been edited yet. */
  readonly start: (world: World, workload: Workload) => Promise<Scheduler>;
}

export interface Scheduler {
  /** These were committed together, just now. */
  readonly edited: (edits: readonly Edit[]) => void;
}
