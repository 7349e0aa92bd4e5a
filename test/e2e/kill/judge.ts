/**
 * Holds every call and every ledger against the promises, while it happens.
 *
 * The judge keeps what a perfect ledger would know: of each setting either the value that a 2xx confirmed, or a
 * doubt. Only a lost answer, a 500 and a kill leave a doubt, and the next confirmed call takes it away, so that a
 * call which carries a value that is known to be there already is one call too many: a doubt explains exactly one.
 */
import * as O from 'fp-ts/lib/Option.js';
import { settingNames, type Setting } from '../../../src/conference/settings.js';
import type { Condition, ConferenceRecord } from '../../../src/ledger/record.js';
import {
  defaults,
  type ArrivedCall,
  type FaultyApi,
  type Told,
  type Value,
  type Witness,
} from './faulty-api.js';
import type { Story } from './story.js';

export interface Judge extends Witness {
  /** A new process begins: what was superseded before must not be sent any more. */
  readonly begin: (what: string) => void;
  /** The process is gone. */
  readonly died: () => void;
  /** And this is its ledger. */
  readonly inspect: (ledger: ReadonlyMap<string, ConferenceRecord>, truth: FaultyApi['truth']) => void;
  /** Every promise that was broken, with what led to it. */
  readonly broken: () => readonly string[];
}

interface Sure {
  readonly _tag: 'Sure';
  readonly value: Value;
  /** When a process was told last. */
  readonly sinceMs: number;
}

type Known = Sure | { readonly _tag: 'Doubt' };

/** An answer that came so long before a death has been recorded, on a machine however slow. */
const recordedWithinMs = 8_000;

/** `now`: epoch milliseconds. */
export const makeJudge = (story: Pick<Story, 'inForceSince'>, now: () => number): Judge => {
  const knowledge = new Map<string, Map<string, Known>>();
  /** What was known before the calls under way, by conference. */
  const underWay = new Map<string, ReadonlyMap<string, Known>>();
  const found: string[] = [];
  const diary: string[] = [];
  let running = { what: 'nobody', sinceMs: 0, diedMs: 0 };

  const note = (line: string): void => void diary.push(`${new Date(now()).toISOString()} ${line}`);
  const accuse = (promise: string, conference: string): void => {
    const told = diary.filter((line) => line.includes(` ${conference} `) || line.includes('process'));
    found.push([`${promise} (${running.what})`, ...told.slice(-25)].join('\n  '));
  };
  const known = (conference: string): Map<string, Known> => {
    const settings = knowledge.get(conference) ?? new Map<string, Known>();
    knowledge.set(conference, settings);
    return settings;
  };

  const wasRemoved = (conference: string): boolean =>
    story.inForceSince(conference, running.sinceMs).some(({ settings }) => settings === undefined);

  const checkSuperseded = ({ conference, body }: ArrivedCall): void => {
    const versions = story.inForceSince(conference, running.sinceMs);
    for (const [name, value] of Object.entries(body)) {
      const said = versions.some(
        ({ settings }) => (settings?.[name] ?? (name === 'state' ? undefined : defaults[name])) === value,
      );
      if (!said)
        accuse(
          `${conference} is sent ${name}=${String(value)}, superseded before the process began`,
          conference,
        );
    }
  };
  const checkNeeded = ({ conference, body }: ArrivedCall): void => {
    if (wasRemoved(conference)) return;
    for (const [name, value] of Object.entries(body)) {
      const before = known(conference).get(name);
      if (before?._tag === 'Sure' && before.value === value)
        accuse(`${conference} is sent ${name}=${String(value)}, which is known to be there`, conference);
    }
  };

  return {
    begin: (what) => {
      running = { what, sinceMs: now(), diedMs: Infinity };
      note(`process ${what}`);
    },
    died: () => {
      running = { ...running, diedMs: now() };
    },
    arrived: (call) => {
      const { conference, body } = call;
      note(`call ${call.number} ${conference} ${JSON.stringify(body)}`);
      if (underWay.has(conference)) accuse(`two calls to ${conference} at once`, conference);
      checkSuperseded(call);
      checkNeeded(call);
      underWay.set(conference, new Map(known(conference)));
      for (const name of Object.keys(body)) known(conference).set(name, { _tag: 'Doubt' });
    },
    executed: ({ number, conference }) => note(`call ${number} ${conference} executed`),
    ended: ({ number, conference, body }, told) => {
      note(`call ${number} ${conference} ended: ${told}`);
      const before = underWay.get(conference) ?? new Map<string, Known>();
      underWay.delete(conference);
      for (const [name, value] of Object.entries(body)) {
        const next = afterwards(value, told, before.get(name), now());
        if (next === undefined) known(conference).delete(name);
        else known(conference).set(name, next);
      }
      if (told === 'ended')
        known(conference).set('state', { _tag: 'Sure', value: 'completed', sinceMs: now() });
    },
    inspect: (ledger, truth) => {
      for (const [conference, record] of ledger) checkTrue(conference, record, truth, accuse);
      for (const [conference, settings] of knowledge) {
        const record = O.fromNullable(ledger.get(conference));
        note(
          `ledger ${conference} ${JSON.stringify(O.isSome(record) ? record.value.settings : 'forgotten')}`,
        );
        const mayForget = wasRemoved(conference);
        for (const [name, seen] of settings) {
          const kept = O.isSome(record) ? record.value.settings[nameOf(name)] : undefined;
          const fault = faultOf(seen, kept, record, mayForget, running.diedMs);
          if (fault !== undefined) accuse(`the ledger ${fault}: ${name} of ${conference}`, conference);
          if (kept === undefined) settings.delete(name);
          else if (kept._tag === 'InDoubt') settings.set(name, { _tag: 'Doubt' });
        }
      }
    },
    broken: () => found,
  };
};

const nameOf = (name: string): Setting => {
  const found = settingNames.find((known) => known === name);
  if (found === undefined) throw new Error(`no setting: ${name}`);
  return found;
};

const afterwards = (
  value: Value,
  told: Told,
  before: Known | undefined,
  nowMs: number,
): Known | undefined => {
  switch (told) {
    case 'applied':
      return { _tag: 'Sure', value, sinceMs: nowMs };
    case 'ended':
    case 'unknown':
      return { _tag: 'Doubt' };
    case 'unchanged':
      return before?._tag === 'Sure' ? { ...before, sinceMs: nowMs } : before;
  }
};

/** What is wrong with what the ledger keeps of a setting, against what it must know. */
const faultOf = (
  seen: Known,
  kept: Condition | undefined,
  record: O.Option<ConferenceRecord>,
  mayForget: boolean,
  diedMs: number,
): string | undefined => {
  if (seen._tag === 'Doubt') return kept?._tag === 'Applied' ? 'is sure, and nobody told it' : undefined;
  if (kept === undefined) return mayForget ? undefined : 'forgot';
  if (kept._tag === 'InDoubt')
    return isExplained(record, seen, diedMs) ? undefined : 'doubts what was confirmed long ago';
  return kept.value === seen.value ? undefined : `has ${String(kept.value)}, not ${String(seen.value)}`;
};

/** Killed before the answer was recorded, or after the intent of a later call that has not arrived. */
const isExplained = (record: O.Option<ConferenceRecord>, { sinceMs }: Sure, diedMs: number): boolean =>
  diedMs - sinceMs <= recordedWithinMs ||
  (O.isSome(record) && O.isSome(record.value.intent) && record.value.intent.value.startedAtMs >= sinceMs - 1);

/** Whatever the ledger calls applied is true. */
const checkTrue = (
  conference: string,
  { settings }: ConferenceRecord,
  truth: FaultyApi['truth'],
  accuse: (promise: string, conference: string) => void,
): void => {
  for (const name of settingNames) {
    const condition = settings[name];
    if (condition?._tag !== 'Applied' || truth(conference, name) === condition.value) continue;
    accuse(
      `the ledger is ahead (${String(truth(conference, name))} is true): ${name} of ${conference}`,
      conference,
    );
  }
};
