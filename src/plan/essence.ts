/** Tells whether a change is still the one that was saved. Pure. */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import * as O from 'fp-ts/lib/Option.js';
import { sealValue, settingNames, type Setting } from '../conference/settings.js';
import type { Declared } from '../desired/desired.js';
import { emptyRecord } from '../ledger/entry.js';
import type { ConferenceRecord } from '../ledger/record.js';
import type { PlanInput } from './make-plan.js';
import type { Change } from './plan.js';

/**
 * What a change does, and a digest of what the ledger knew: two with the same essence are the same. Left out is what
 * changes without a call and changes nothing: trouble, what was seen, and what an apply notes down before its first
 * call. The number of the last call stays, so that nothing is done again after it was undone.
 */
export const essenceOf = (
  change: Change,
  { records, desired }: Pick<PlanInput, 'records' | 'desired'>,
): string => {
  const record = records.get(change.conference) ?? emptyRecord(change.conference);
  const declared = desired.get(change.conference);
  const known = [
    settingNames.map((name) => (isNotOurs(declared, name) ? undefined : conditionOf(record, name))),
    O.getOrElse(() => record.protected)(declared?.protect ?? O.none),
  ];
  const settings = change._tag === 'Update' || change._tag === 'Complete' ? change.settings : [];
  const sent = settings.map(({ setting, to, why }) => [setting, sealValue(to), why]);
  const digest = bytesToHex(sha256(utf8ToBytes(JSON.stringify([sent, known])))).slice(0, 32);
  return `${change._tag} ${callIn(record)} ${digest}`;
};

/** The number of its last call, as it stands in an essence. */
export const callIn = (record: ConferenceRecord | undefined): string =>
  record !== undefined && O.isSome(record.lastCall) ? String(record.lastCall.value.call) : '-';

/** Declared `null`: forgotten before the first call. */
const isNotOurs = (declared: Declared | undefined, name: Setting): boolean =>
  declared !== undefined && !declared.suspend && O.isNone(declared.settings[name]?.value ?? O.some(false));

const conditionOf = ({ settings }: ConferenceRecord, name: Setting): readonly unknown[] | undefined => {
  const condition = settings[name];
  if (condition === undefined) return undefined;
  return condition._tag === 'Applied'
    ? [condition.value]
    : [condition.value, O.isSome(condition.before) ? [condition.before.value] : []];
};

/** What an essence says: what was to happen, and the number of the last call before. */
export const readEssence = (essence: string): { readonly tag: string; readonly call: string } => {
  const [tag = '', call = ''] = essence.split(' ');
  return { tag, call };
};
