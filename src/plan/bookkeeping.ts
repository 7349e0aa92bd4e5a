/**
 * What a plan changes in the ledger without a call: what is declared (for `status`), protection, settings
 * declared `null`, and conferences that are released.
 */
import * as O from 'fp-ts/lib/Option.js';
import type { ConferenceId } from '../conference/id.js';
import { sealValue, settingNames, toBody } from '../conference/settings.js';
import { maskPasswords } from '../conference/url.js';
import type { Revision } from '../conference/revision.js';
import type { Declared } from '../desired/desired.js';
import type { Entry } from '../ledger/entry.js';
import { fingerprint, type ConferenceRecord, type DeclaredSnapshot } from '../ledger/record.js';
import type { PlanInput } from './make-plan.js';
import type { Plan } from './plan.js';

/** `except`: conferences whose release is refused. `nowMs`: epoch ms of the entries. Entries that change nothing may be among the result. */
export const bookkeeping = (
  plan: Plan,
  { desired, records, rules }: Pick<PlanInput, 'desired' | 'records' | 'rules'>,
  except: ReadonlySet<ConferenceId>,
  nowMs: number,
): readonly Entry[] => [
  ...[...desired.values()].flatMap((declared) =>
    entriesFor(declared, O.fromNullable(records.get(declared.id)), plan, nowMs),
  ),
  ...plan.changes.flatMap(({ conference }): readonly Entry[] =>
    rules.removals === 'count' && !desired.has(conference)
      ? [{ _tag: 'Removed', conference, atMs: nowMs }]
      : [],
  ),
  ...plan.changes.flatMap(({ _tag, conference }): readonly Entry[] =>
    _tag === 'Release' && !except.has(conference) ? [{ _tag: 'Released', conference }] : [],
  ),
];

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
  const notOurs = settingNames.filter((setting) => {
    const entry = declared.settings[setting];
    return entry !== undefined && O.isNone(entry.value);
  });
  const forgotten: readonly Entry[] =
    O.isNone(record) || declared.suspend || notOurs.length === 0
      ? []
      : [{ _tag: 'Forgotten', conference, settings: notOurs }];
  return [{ _tag: 'Declared', conference, snapshot, atMs }, ...protection, ...forgotten];
};
