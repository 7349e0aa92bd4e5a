/**
 * How the ledger's values stand in storage: JSON, with an absent key for none.
 *
 * The annotation of every codec is the proof that codec and interface agree: `t.Type` is invariant, so a field
 * that one has and the other lacks does not compile.
 *
 * Law: `decodeStored(codec, encodeStored(codec, x))` is `x`.
 */
import * as E from 'fp-ts/lib/Either.js';
import * as O from 'fp-ts/lib/Option.js';
import * as t from 'io-ts';
import type { Evidence } from '../catapult/answer.js';
import { ConferenceId } from '../conference/id.js';
import type { Place } from '../conference/place.js';
import { Commit } from '../conference/revision.js';
import { settingNames, type Body, type Setting, type SettingValue } from '../conference/settings.js';
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
} from './record.js';
import { storedMembers } from './stored-members.js';
import type { Alert, Call, CallResult, Facts, Forced, Holder } from './store.js';

type Stored<A> = t.Type<A, unknown>;

export const encodeStored = <A>(codec: Stored<A>, value: A): string => JSON.stringify(codec.encode(value));

/** Left: what is wrong and where, as in `settings.mute.value: expected SettingValue`. */
export const decodeStored = <A>(codec: Stored<A>, text: string): E.Either<string, A> => {
  const json = E.tryCatch(
    (): unknown => JSON.parse(text),
    () => 'not JSON',
  );
  return E.isLeft(json) ? json : E.mapLeft(describe)(codec.decode(json.right));
};

const optional = <A>(codec: Stored<A>): Stored<O.Option<A>> =>
  new t.Type<O.Option<A>, unknown, unknown>(
    codec.name,
    t.union([t.type({ _tag: t.literal('None') }), t.type({ _tag: t.literal('Some'), value: codec })]).is,
    (input, context) => {
      if (input === undefined) return t.success(O.none);
      const decoded = codec.validate(input, context);
      return E.isLeft(decoded) ? decoded : t.success(O.some(decoded.right));
    },
    (option) => (O.isSome(option) ? codec.encode(option.value) : undefined),
  );

const isSettingValue = (input: unknown): input is SettingValue =>
  typeof input === 'boolean' || typeof input === 'number' || typeof input === 'string';

const settingValue: Stored<SettingValue> = new t.Type(
  'SettingValue',
  isSettingValue,
  (input, context) => (isSettingValue(input) ? t.success(input) : t.failure(input, context)),
  t.identity,
);

/** Like `t.partial` of the eight settings, but looks only at those that are there: most are not, in most records. */
const bySetting = <A>(codec: Stored<A>): Stored<BySetting<A>> =>
  new t.Type<BySetting<A>, unknown, unknown>(
    `BySetting<${codec.name}>`,
    (input): input is BySetting<A> =>
      t.UnknownRecord.is(input) &&
      settingNames.every((name) => input[name] === undefined || codec.is(input[name])),
    (input, context) => {
      if (!t.UnknownRecord.is(input)) return t.failure(input, context);
      const found: Partial<Record<Setting, A>> = {};
      for (const name of settingNames) {
        const value = input[name];
        if (value === undefined) continue;
        const decoded = codec.validate(value, context);
        // Where it stands is needed by an error alone.
        const told = E.isLeft(decoded)
          ? codec.validate(value, t.appendContext(context, name, codec, value))
          : decoded;
        if (E.isLeft(told)) return told;
        found[name] = told.right;
      }
      return t.success(found);
    },
    (values) => {
      const encoded: Partial<Record<Setting, unknown>> = {};
      for (const name of settingNames) {
        const value = values[name];
        if (value !== undefined) encoded[name] = codec.encode(value);
      }
      return encoded;
    },
  );

type BySetting<A> = Readonly<Partial<Record<Setting, A>>>;

const place: Stored<Place> = storedMembers({ path: t.string, line: t.number, column: t.number }, 'Place');

const body: Stored<Body> = bySetting(settingValue);

const condition: Stored<Condition> = t.union(
  [
    t.type({ _tag: t.literal('Applied'), value: settingValue }),
    t.type({ _tag: t.literal('InDoubt'), value: settingValue, before: optional(settingValue) }),
  ],
  'Condition',
);

const conditions: Stored<Conditions> = bySetting(condition);

const declaredSnapshot: Stored<DeclaredSnapshot> = storedMembers(
  {
    at: place,
    name: optional(t.string),
    suspend: t.boolean,
    whenEmpty: t.boolean,
    settings: body,
    revision: t.string,
    commit: optional(Commit),
  },
  'DeclaredSnapshot',
);

const intent: Stored<Intent> = storedMembers(
  { call: t.number, body, before: conditions, startedAtMs: t.number },
  'Intent',
);

const evidence: Stored<Evidence> = storedMembers(
  { status: optional(t.number), code: optional(t.string), message: t.string },
  'Evidence',
);

const trouble: Stored<Trouble> = storedMembers(
  {
    kind: t.keyof({ rejected: null, missing: null, failing: null, blocked: null }),
    evidence,
    declared: t.string,
    attempts: t.number,
    sinceMs: t.number,
    nextAttemptAtMs: optional(t.number),
  },
  'Trouble',
);

const sighting: Stored<Sighting> = storedMembers(
  {
    atMs: t.number,
    audience: optional(t.number),
    drift: bySetting<Drifted>(t.type({ live: optional(settingValue), sinceMs: t.number }, 'Drifted')),
    healedAtMs: t.readonlyArray(t.number),
  },
  'Sighting',
);

const outcome: Stored<Outcome['_tag']> = t.keyof(
  { Applied: null, NotExecuted: null, InDoubt: null, Ended: null },
  'Outcome',
);

const lastCall: Stored<LastCall> = storedMembers(
  {
    call: t.number,
    atMs: t.number,
    durationMs: t.number,
    body,
    outcome,
    status: optional(t.number),
  },
  'LastCall',
);

export const storedRecord: Stored<ConferenceRecord> = storedMembers(
  {
    id: ConferenceId,
    settings: conditions,
    protected: t.boolean,
    declared: optional(declaredSnapshot),
    intent: optional(intent),
    trouble: optional(trouble),
    lastCall: optional(lastCall),
    presence: t.keyof({ declared: null, removed: null, released: null }),
    declaredSinceMs: optional(t.number),
    sighting: optional(sighting),
    endReportedAtMs: optional(t.number),
  },
  'ConferenceRecord',
);

const alert: Stored<Alert> = t.type(
  {
    kind: t.keyof({
      invalid: null,
      refused: null,
      denied: null,
      unreachable: null,
      contested: null,
      unsigned: null,
      rewound: null,
      unfetched: null,
    }),
    message: t.string,
    at: optional(place),
    commit: optional(Commit),
    sinceMs: t.number,
  },
  'Alert',
);

export const storedFacts: Stored<Facts> = t.type(
  {
    account: optional(t.string),
    revision: optional(
      t.type({ revision: t.string, commit: optional(Commit), sinceMs: t.number }, 'Revision'),
    ),
    followed: optional(t.string),
    alerts: t.readonlyArray(alert),
    rate: optional(t.union([t.number, t.literal('unlimited')], 'Rate')),
    budget: optional(t.type({ intervalMs: t.number, learnedAtMs: t.number }, 'LearnedBudget')),
  },
  'Facts',
);

const callResult: Stored<CallResult> = t.type(
  {
    outcome,
    status: optional(t.number),
    code: optional(t.string),
    message: t.string,
    durationMs: t.number,
  },
  'CallResult',
);

export const storedCall: Stored<Call> = t.type(
  {
    call: t.number,
    conference: ConferenceId,
    method: t.keyof({ POST: null, GET: null }),
    revision: t.string,
    commit: optional(Commit),
    at: optional(place),
    body,
    attempt: t.number,
    force: optional(t.string),
    startedAtMs: t.number,
    result: optional(callResult),
  },
  'Call',
);

export const storedForced: Stored<Forced> = t.type(
  { atMs: t.number, revision: t.string, reason: t.string, conferences: t.readonlyArray(ConferenceId) },
  'Forced',
);

/** The writer, and what tells its process from a later one with the same pid. */
export interface LeaseHolder extends Holder {
  /** none: the system does not say. */
  readonly machine: O.Option<string>;
  readonly started: O.Option<string>;
}

export const storedHolder: Stored<LeaseHolder> = t.type(
  {
    pid: t.number,
    host: t.string,
    command: t.string,
    sinceMs: t.number,
    machine: optional(t.string),
    started: optional(t.string),
  },
  'Holder',
);

const describe = (errors: t.Errors): string => {
  const context = errors[0]?.context ?? [];
  // A member of a union stands in the context under its number, which is no part of the path.
  const steps = context.filter((_step, index) => !(context[index - 1]?.type instanceof t.UnionType));
  const path = steps
    .map(({ key }) => key)
    .filter((key) => key !== '')
    .join('.');
  const expected = `expected ${steps.at(-1)?.type.name ?? 'something else'}`;
  return path === '' ? expected : `${path}: ${expected}`;
};
