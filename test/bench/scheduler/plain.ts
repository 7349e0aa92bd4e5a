/**
 * What the plain strategies share: every edit is one call, in the order of the edits, and none overtakes another
 * one of its conference. They know what failed, and not what is applied.
 */
import type { ConferenceId } from '../../../src/conference/id.js';
import type { Edit } from './workload.js';
import type { Reply, World } from './world.js';

export interface Line {
  readonly add: (edits: readonly Edit[]) => void;
  /** Resolves with the oldest edit whose conference has no call under way, and counts it as such. */
  readonly next: () => Promise<Edit>;
  /** It is done with: the next one of its conference may go. */
  readonly finish: (edit: Edit) => void;
  /** To the end of the line; a later edit of the same setting takes its place. */
  readonly putBack: (edit: Edit) => void;
}

export const makeLine = (): Line => {
  let edits: readonly Edit[] = [];
  let idle: readonly ((edit: Edit) => void)[] = [];
  const busy = new Set<ConferenceId>();
  const serve = (): void => {
    for (;;) {
      const [first, ...others] = idle;
      const edit = edits.find(({ conference }) => !busy.has(conference));
      if (first === undefined || edit === undefined) return;
      idle = others;
      edits = edits.filter((other) => other !== edit);
      busy.add(edit.conference);
      first(edit);
    }
  };
  return {
    add: (more) => {
      edits = [...edits, ...more];
      serve();
    },
    next: () =>
      new Promise((resolve) => {
        idle = [...idle, resolve];
        serve();
      }),
    finish: ({ conference }) => {
      busy.delete(conference);
      serve();
    },
    putBack: (edit) => {
      const isSuperseded = edits.some(
        ({ conference, setting }) => conference === edit.conference && setting === edit.setting,
      );
      if (!isSuperseded) edits = [...edits, edit];
      busy.delete(edit.conference);
      serve();
    },
  };
};

export const sendEdit = ({ send }: World, { conference, setting, value }: Edit): Promise<Reply> =>
  send(conference, { [setting]: value });

export type Meaning = 'done' | 'limited' | 'again' | 'hopeless';

export const meaningOf = (reply: Reply): Meaning => {
  if (reply._tag === 'TimedOut') return 'again';
  if (reply.status === 200) return 'done';
  if (reply.status === 429) return 'limited';
  return reply.status >= 500 ? 'again' : 'hopeless';
};
