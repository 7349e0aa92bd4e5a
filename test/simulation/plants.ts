/**
 * Mistakes that are planted on purpose, to see that the simulator finds them: each is a well-known way to get a
 * reconciler wrong, written into the real source while it is built for a simulation.
 */
export interface Plant {
  readonly name: string;
  /** What goes wrong. */
  readonly mistake: string;
  /** The promise that breaks, and the first seed from 1 that breaks it: `npm run simulate -- --plants` finds both. */
  readonly breaks: string;
  readonly foundBy: number;
  readonly edits: readonly PlantEdit[];
}

export interface PlantEdit {
  /** From the top of the repository. */
  readonly file: string;
  /** Must occur exactly once. */
  readonly find: string;
  readonly put: string;
}

export const plants: readonly Plant[] = [
  {
    name: 'intent-after-call',
    mistake: 'the request leaves before its intent is durable',
    breaks: 'an intent is durable before its call',
    foundBy: 1,
    edits: [
      {
        file: 'src/apply/call.ts',
        find: "const intended = await deps.ledger.write([{ _tag: 'Intended', conference, call }])();",
        put: "const early = deps.catapult.update(conference, bodyOf(change))(); const intended = await deps.ledger.write([{ _tag: 'Intended', conference, call }])();",
      },
      {
        file: 'src/apply/call.ts',
        find: 'place, isFresh, lastLook, deps);',
        put: 'place, isFresh, lastLook, { ...deps, catapult: { ...deps.catapult, update: () => () => early } });',
      },
    ],
  },
  {
    name: 'doubt-forgotten',
    mistake: 'a lost answer counts as not executed',
    breaks: 'the ledger is never ahead of the truth',
    foundBy: 22,
    edits: [
      {
        file: 'src/apply/outcome.ts',
        find: "case 'InDoubt':\n      return 'InDoubt';",
        put: "case 'InDoubt':\n      return 'NotExecuted';",
      },
    ],
  },
  {
    name: 'doubt-taken-for-success',
    mistake: 'a lost answer counts as applied',
    breaks: 'the ledger is never ahead of the truth',
    foundBy: 2,
    edits: [
      {
        file: 'src/apply/outcome.ts',
        find: "case 'InDoubt':\n      return 'InDoubt';",
        put: "case 'InDoubt':\n      return 'Applied';",
      },
    ],
  },
  {
    name: 'revert-in-doubt-not-sent',
    mistake: 'a setting in doubt is compared with what was applied before the doubt',
    breaks: 'everything comes to rest as declared',
    foundBy: 146,
    edits: [
      {
        file: 'src/plan/diff.ts',
        find: "return [{ setting, from: condition.before, to, why: 'in-doubt', at: O.some(place) }];",
        put: "return O.isSome(condition.before) && sameValue(condition.before.value, to) ? [] : [{ setting, from: condition.before, to, why: 'in-doubt', at: O.some(place) }];",
      },
    ],
  },
  {
    name: 'lease-without-fencing',
    mistake: 'a writer that lost the lease goes on writing',
    breaks: 'a writer that lost the lease writes nothing',
    foundBy: 6,
    edits: [
      {
        file: 'src/ledger/lease.ts',
        find: 'lease.token === token && O.isSome(lease.holder)',
        put: 'token >= 0',
      },
    ],
  },
  {
    name: 'stale-intent-sent',
    mistake: 'a process that was stopped between intent and request sends it when it goes on',
    breaks: 'an intent is durable before its call',
    foundBy: 202,
    edits: [
      {
        file: 'src/apply/call.ts',
        find: 'const intentCountsMs = 5_000;',
        put: 'const intentCountsMs = Infinity;',
      },
    ],
  },
  {
    name: 'superseded-intent-sent',
    mistake: 'what was declared otherwise while the intent was written is sent all the same',
    breaks: 'nothing that was superseded is sent',
    foundBy: 197,
    edits: [
      {
        file: 'src/apply/turns.ts',
        find: 'isStillWanted(change, deps.decide(conference)),',
        put: 'isStillWanted(change, change),',
      },
    ],
  },
  {
    name: 'answered-before-synced',
    mistake: 'a commit is answered before it is on the disk',
    breaks: 'an intent is durable before its call',
    foundBy: 1,
    edits: [
      {
        file: 'test/simulation/store.ts',
        find: 'disk.append(frame);\n    promises',
        put: 'disk.append(frame);\n    kernel.after(0, "is answered early", () => early(E.right(undefined)), owner);\n    promises',
      },
      {
        file: 'test/simulation/store.ts',
        find: 'const written = write(batch, fate);',
        put: 'const written = write(batch, fate, resolve);',
      },
      {
        file: 'test/simulation/store.ts',
        find: 'const write = (batch: Batch, fate: CommitFate | undefined)',
        put: 'const write = (batch: Batch, fate: CommitFate | undefined, early: (answer: E.Either<LedgerError, void>) => void)',
      },
    ],
  },
  {
    name: 'memory-before-disk',
    mistake: 'what could not be written is believed all the same',
    breaks: 'everything comes to rest as declared',
    foundBy: 71,
    edits: [
      {
        file: 'src/ledger/ledger.ts',
        find: 'if (E.isRight(result)) {',
        put: 'if (E.isRight(result) || batch.records.size > 0) {',
      },
    ],
  },
  {
    name: 'two-calls-at-once',
    mistake: 'a conference whose call is under way is handed out again',
    breaks: 'one apply without faults makes everything as declared',
    foundBy: 10,
    edits: [
      {
        file: 'src/apply/queue.ts',
        find: 'occupy(chosen.value.conference, isRetry(chosen.value));',
        put: '',
      },
    ],
  },
  {
    name: 'no-rest-after-doubt',
    mistake: 'the next call leaves while a lost one may still be executed',
    breaks: 'calls to one conference never overlap',
    foundBy: 126,
    edits: [
      {
        file: 'src/catapult/assumptions.ts',
        find: 'export const lateExecutionMs = 1_000;',
        put: 'export const lateExecutionMs = 0;',
      },
    ],
  },
  {
    name: 'conflict-taken-for-success',
    mistake: 'a 409 counts as applied',
    breaks: 'the ledger is never ahead of the truth',
    foundBy: 5,
    edits: [
      {
        file: 'src/apply/outcome.ts',
        find: "case 'Conflict':\n    case 'Limited':\n    case 'Unsent':\n      return 'NotExecuted';",
        put: "case 'Limited':\n    case 'Unsent':\n      return 'NotExecuted';\n    case 'Conflict':\n      return 'Applied';",
      },
    ],
  },
  {
    name: 'removed-at-once',
    mistake: 'what disappears from the files counts as removed without a time of quiet',
    breaks: 'nothing counts as removed that may only be out of sight',
    foundBy: 16,
    edits: [{ file: 'src/reconcile/look.ts', find: 'const quietMs = 2_000;', put: 'const quietMs = 0;' }],
  },
  {
    name: 'broken-reads-as-removed',
    mistake: 'a file that cannot be read counts as empty',
    breaks: 'nothing counts as removed that may only be out of sight',
    foundBy: 34,
    edits: [
      {
        file: 'src/reconcile/accept.ts',
        find: 'const declared = isBroken(file) ? lastGood.get(file.path) : file.declared;',
        put: 'const declared = file.declared;',
      },
    ],
  },
  {
    name: 'protection-forgotten',
    mistake: 'the word protect is forgotten with its conference',
    breaks: 'what is protected is never completed',
    foundBy: 32,
    edits: [
      {
        file: 'src/ledger/entry.ts',
        find: 'record.protected ? O.some({ ...emptyRecord',
        put: 'record.protected && record.id === "" ? O.some({ ...emptyRecord',
      },
    ],
  },
  {
    name: 'forgotten-before-applied',
    mistake: 'a removed conference is forgotten although its last call was not applied',
    breaks: 'one apply without faults makes everything as declared',
    foundBy: 94,
    edits: [
      {
        file: 'src/ledger/entry.ts',
        find: 'if (forgets && isDone && record.presence',
        put: 'if (forgets && record.presence',
      },
    ],
  },
  {
    name: 'people-not-counted',
    mistake: 'a call that cuts people off does not depend on how many are there',
    breaks: 'people are counted just before the call',
    foundBy: 1,
    edits: [{ file: 'src/apply/permit.ts', find: "guardOf(change)._tag === 'Free' ||", put: 'true ||' }],
  },
  {
    name: 'refusal-ignored',
    mistake: 'the daemon sends what a safety check refuses',
    breaks: 'what is protected is never completed',
    foundBy: 4,
    edits: [{ file: 'src/reconcile/in-force.ts', find: 'refused.has(conference) || (', put: '(' }],
  },
  {
    name: 'drift-not-healed',
    mistake: 'what drifted is not set again',
    breaks: 'everything comes to rest as declared',
    foundBy: 146,
    edits: [{ file: 'src/plan/diff.ts', find: 'if (!heal || ', put: 'if (heal || ' }],
  },
];
