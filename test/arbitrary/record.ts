/** Everything that a store keeps. Times are any integers: clocks jump. */
import fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';
import * as O from 'fp-ts/lib/Option.js';
import { ConferenceId } from '../../src/conference/id.js';
import type { Place } from '../../src/conference/place.js';
import type { Setting } from '../../src/conference/settings.js';
import type { Evidence } from '../../src/catapult/answer.js';
import type {
  Condition,
  Conditions,
  ConferenceRecord,
  DeclaredSnapshot,
  Drifted,
  Intent,
  LastCall,
  Outcome,
  Sighting,
  Trouble,
} from '../../src/ledger/record.js';
import type { Alert, Batch, Call, CallResult, Facts, Forced, Rate } from '../../src/ledger/store.js';
import { commit } from './commit.js';
import { bySetting, sealedBody, sealedValueOf, text } from './settings.js';

/** A record with an ordinary prototype, so that `toStrictEqual` can compare it with what was read. */
const record = <A>(model: { [Key in keyof A]: fc.Arbitrary<A[Key]> }): fc.Arbitrary<A> =>
  fc.record<A>(model, { noNullPrototype: true });

export const option = <A>(some: fc.Arbitrary<A>): fc.Arbitrary<O.Option<A>> =>
  fc.option(some.map(O.some), { nil: O.none });

/** Few enough to meet again. */
export const conferenceId: fc.Arbitrary<ConferenceId> = fc
  .oneof(
    fc.integer({ min: 1, max: 20 }).map((n) => `conf-${String(n)}`),
    fc.constantFrom('constructor', 'A', '0.-_'),
  )
  .map(decodeId);

export const place: fc.Arbitrary<Place> = record({
  path: text,
  line: fc.integer({ min: 1, max: 100_000 }),
  column: fc.integer({ min: 1, max: 500 }),
});

const timeMs: fc.Arbitrary<number> = fc.maxSafeNat();

const condition = (setting: Setting): fc.Arbitrary<Condition> =>
  fc.oneof(
    sealedValueOf(setting).map((value): Condition => ({ _tag: 'Applied', value })),
    record({ value: sealedValueOf(setting), before: option(sealedValueOf(setting)) }).map(
      ({ value, before }): Condition => ({ _tag: 'InDoubt', value, before }),
    ),
  );

const conditions: fc.Arbitrary<Conditions> = bySetting(condition).map((entries) => {
  const found: Partial<Record<Setting, Condition>> = {};
  for (const [name, value] of entries) found[name] = value;
  return found;
});

export const declaredSnapshot: fc.Arbitrary<DeclaredSnapshot> = record({
  at: place,
  name: option(text),
  suspend: fc.boolean(),
  whenEmpty: fc.boolean(),
  settings: sealedBody,
  revision: text,
  commit: option(commit),
});

const intent: fc.Arbitrary<Intent> = record({
  call: fc.nat(),
  body: sealedBody,
  before: conditions,
  startedAtMs: timeMs,
});

const status = option(fc.integer({ min: 100, max: 599 }));

const evidence: fc.Arbitrary<Evidence> = record({ status, code: option(text), message: text });

export const trouble: fc.Arbitrary<Trouble> = record({
  kind: fc.constantFrom('rejected', 'missing', 'failing', 'blocked'),
  evidence,
  declared: text,
  attempts: fc.nat(),
  sinceMs: timeMs,
  nextAttemptAtMs: option(timeMs),
});

const outcome: fc.Arbitrary<Outcome['_tag']> = fc.constantFrom('Applied', 'NotExecuted', 'InDoubt', 'Ended');

const lastCall: fc.Arbitrary<LastCall> = record({
  call: fc.nat(),
  atMs: timeMs,
  durationMs: fc.nat(),
  body: sealedBody,
  outcome,
  status,
});

const drifted = (name: Setting): fc.Arbitrary<Drifted> =>
  record({ live: option(sealedValueOf(name)), sinceMs: timeMs });

const sighting: fc.Arbitrary<Sighting> = record({
  atMs: timeMs,
  audience: option(fc.nat()),
  drift: bySetting(drifted).map((entries) => Object.fromEntries(entries)),
  healedAtMs: fc.array(timeMs, { maxLength: 3 }),
});

const recordOf = (id: ConferenceId): fc.Arbitrary<ConferenceRecord> =>
  record({
    id: fc.constant(id),
    settings: conditions,
    protected: fc.boolean(),
    declared: option(declaredSnapshot),
    intent: option(intent),
    trouble: option(trouble),
    lastCall: option(lastCall),
    presence: fc.constantFrom('declared', 'removed', 'released'),
    declaredSinceMs: option(timeMs),
    sighting: option(sighting),
    endReportedAtMs: option(timeMs),
  });

export const conferenceRecord: fc.Arbitrary<ConferenceRecord> = conferenceId.chain(recordOf);

const alert: fc.Arbitrary<Alert> = record({
  kind: fc.constantFrom(
    'invalid',
    'refused',
    'denied',
    'unreachable',
    'contested',
    'unsigned',
    'rewound',
    'unfetched',
  ),
  message: text,
  at: option(place),
  commit: option(commit),
  sinceMs: timeMs,
});

export const facts: fc.Arbitrary<Facts> = record({
  account: option(text),
  revision: option(record({ revision: text, commit: option(commit), sinceMs: timeMs })),
  followed: option(text),
  alerts: fc.array(alert, { maxLength: 3 }),
  rate: option(fc.constantFrom<Rate[]>(1, 0.5, 'unlimited')),
  budget: option(record({ intervalMs: fc.nat(), learnedAtMs: timeMs })),
});

const callResult: fc.Arbitrary<CallResult> = record({
  outcome,
  status,
  code: option(text),
  message: text,
  durationMs: fc.nat(),
});

export const call: fc.Arbitrary<Call> = record({
  call: fc.integer({ min: 1, max: 30 }),
  conference: conferenceId,
  method: fc.constantFrom('POST', 'GET'),
  revision: text,
  commit: option(commit),
  at: option(place),
  body: sealedBody,
  attempt: fc.nat(),
  force: option(text),
  startedAtMs: timeMs,
  result: option(callResult),
});

export const forced: fc.Arbitrary<Forced> = record({
  atMs: timeMs,
  revision: text,
  reason: text,
  conferences: fc.array(conferenceId, { maxLength: 3 }),
});

export const batch: fc.Arbitrary<Batch> = record({
  records: fc
    .uniqueArray(conferenceId, { maxLength: 5 })
    .chain((ids) => fc.tuple(...ids.map((id) => option(recordOf(id)).map((record) => [id, record] as const))))
    .map((entries) => new Map(entries)),
  calls: fc.array(call, { maxLength: 4 }),
  facts: option(facts),
  forced: fc.array(forced, { maxLength: 2 }),
});

function decodeId(input: string): ConferenceId {
  const id = ConferenceId.decode(input);
  if (E.isLeft(id)) throw new Error(`no conference id: ${input}`);
  return id.right;
}
