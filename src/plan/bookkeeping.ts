/**
 * What a plan changes in the ledger without a call: what is declared (for `status`), protection, settings
 * declared `null`, and conferences that are released.
 */
import * as O from 'fp-ts/lib/Option.js';
import type { ConferenceId } from '../conference/id.js';
import { sealValue, settingNames, toBody, type Setting, type SettingValue } from '../conference/settings.js';
import { maskPasswords } from '../conference/url.js';
import type { Revision } from '../conference/revision.js';
import type { Declared } from '../desired/desired.js';
import type { Entry } from '../ledger/entry.js';
import { fingerprint, type ConferenceRecord, type DeclaredSnapshot } from '../ledger/record.js';
import type { PlanInput } from './make-plan.js';
import type { Plan } from './plan.js';

/**
 * `except`: conferences whose release is refused. `nowMs`: epoch ms of the entries. Nothing is entered of a declaration
 * that the ledger knows just so; other entries that change nothing may be among the result. `known`: `isKnown`, or
 * whoever remembers what that said.
 */
export const bookkeeping = (
  plan: Plan,
  { desired, records, rules }: Pick<PlanInput, 'desired' | 'records' | 'rules'>,
  except: ReadonlySet<ConferenceId>,
  nowMs: number,
  known = isKnown,
): readonly Entry[] => [
  ...declaredEntries(desired.values(), records, plan, nowMs, known),
  ...(rules.removals === 'count' ? plan.changes : [])
    .filter(({ conference }) => !desired.has(conference))
    .map(({ conference }): Entry => ({ _tag: 'Removed', conference, atMs: nowMs })),
  ...plan.changes
    .filter(({ _tag, conference }) => _tag === 'Release' && !except.has(conference))
    .map(({ conference }): Entry => ({ _tag: 'Released', conference })),
];

/** Of these declarations alone. */
export const declaredEntries = (
  all: Iterable<Declared>,
  records: PlanInput['records'],
  revision: Revision,
  nowMs: number,
  known = isKnown,
): readonly Entry[] => {
  const entries: Entry[] = [];
  for (const declared of all) {
    const record = records.get(declared.id);
    if (record === undefined || !known(declared, record))
      entries.push(...entriesFor(declared, O.fromNullable(record), revision, nowMs));
  }
  return entries;
};

/** None of its entries would change anything. Most are known, so this is asked before any is made. */
export const isKnown = (
  declared: Declared,
  { presence, declared: snapshot, protected: isProtected, settings }: ConferenceRecord,
): boolean =>
  presence === 'declared' &&
  O.isSome(snapshot) &&
  isSnapshotOf(snapshot.value, declared) &&
  (O.isNone(declared.protect) || declared.protect.value === isProtected) &&
  settingNames.every((name) => !isNotOurs(declared, name) || settings[name] === undefined);

const isSnapshotOf = (
  { at, name, suspend, whenEmpty, settings }: DeclaredSnapshot,
  declared: Declared,
): boolean =>
  at.line === declared.at.line &&
  at.column === declared.at.column &&
  at.path === declared.at.path &&
  suspend === declared.suspend &&
  whenEmpty === declared.whenEmpty &&
  O.toUndefined(name) === O.toUndefined(O.map(maskPasswords)(declared.name)) &&
  settingNames.every((setting) => settings[setting] === sealedIn(declared, setting));

/** As the ledger keeps it; undefined: it does not. */
const sealedIn = ({ settings }: Declared, setting: Setting): SettingValue | undefined => {
  const value = settings[setting]?.value ?? O.none;
  return O.isSome(value) ? sealValue(value.value) : undefined;
};

/** Declared `null`. */
const isNotOurs = ({ settings }: Declared, setting: Setting): boolean =>
  O.isNone(settings[setting]?.value ?? notNull);

const notNull = O.some(undefined);

/** Tells one declaration of a conference from another; one text for all that are not declared. */
export const declarationOf = (declared: O.Option<Declared>): string =>
  O.isSome(declared) ? fingerprint(snapshotOf(declared.value, noRevision)) : 'not declared';

const noRevision: Revision = { revision: '', commit: O.none };

/** The declaration in the ledger's form: sealed, without what is not ours. */
export const snapshotOf = (
  { at, name, suspend, whenEmpty, settings }: Declared,
  { revision, commit }: Revision,
): DeclaredSnapshot => ({
  at,
  name: O.map(maskPasswords)(name),
  suspend,
  whenEmpty,
  settings: toBody(
    settingNames.flatMap((setting) => {
      const value = settings[setting]?.value ?? O.none;
      return O.isSome(value) ? [[setting, sealValue(value.value)] as const] : [];
    }),
  ),
  revision,
  commit,
});

const entriesFor = (
  declared: Declared,
  record: O.Option<ConferenceRecord>,
  revision: Revision,
  atMs: number,
): readonly Entry[] => {
  const conference = declared.id;
  const snapshot = snapshotOf(declared, revision);
  const protection: readonly Entry[] = O.isSome(declared.protect)
    ? [{ _tag: 'Protected', conference, protected: declared.protect.value }]
    : [];
  const notOurs = settingNames.filter((setting) => isNotOurs(declared, setting));
  const forgotten: readonly Entry[] =
    O.isNone(record) || declared.suspend || notOurs.length === 0
      ? []
      : [{ _tag: 'Forgotten', conference, settings: notOurs }];
  return [{ _tag: 'Declared', conference, snapshot, atMs }, ...protection, ...forgotten];
};
