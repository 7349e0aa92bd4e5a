/**
 * What holdfast promises, checked at every step from outside: nothing here asks the code under test whether it
 * did well. Each promise that is broken is told once, with the moment it happened.
 */
import * as O from 'fp-ts/lib/Option.js';
import type { Live } from '../../src/catapult/catapult.js';
import type { ConferenceId } from '../../src/conference/id.js';
import { bodyEntries, defaults, sealValue, type Body, type Setting } from '../../src/conference/settings.js';
import type { Declared, Desired } from '../../src/desired/desired.js';
import { isCompleted } from '../../src/ledger/entry.js';
import type { ConferenceRecord } from '../../src/ledger/record.js';
import type { Contents, Disk } from './disk.js';
import type { Owner } from './kernel.js';
import type { Scenario } from './scenario.js';
import type { View } from './tree.js';
import type { Truth } from './truth.js';

export interface Promises {
  /** A process goes by these declarations from now on. */
  readonly accepts: (owner: Owner, desired: Desired, view: View) => void;
  readonly departs: (owner: Owner, conference: ConferenceId, body: Body) => void;
  readonly looked: (owner: Owner, conference: ConferenceId, live: Live) => void;
  readonly executes: (owner: Owner, conference: ConferenceId, body: Body) => void;
  /** A copy of the request that is executed next explains that it changes nothing. */
  readonly repeats: () => void;
  /** The truth about a conference is another one. */
  readonly changed: (conference: ConferenceId) => void;
  /** Somebody else set it: it is not ours until we set it again. */
  readonly setElsewhere: (conference: ConferenceId, setting: Setting) => void;
  readonly doubted: (conference: ConferenceId, body: Body) => void;
  readonly synced: () => void;
  /** A process begins with what the disk says. */
  readonly loads: (contents: Contents) => void;
  readonly commits: (token: number, visible: Contents) => void;
  readonly breaks: (promise: string, detail: string) => void;
}

export interface PromisesDeps {
  readonly disk: Disk;
  readonly truths: ReadonlyMap<ConferenceId, Truth>;
  readonly scenario: Scenario;
  readonly elapsedMs: () => number;
  readonly broken: (promise: string, detail: string) => void;
}

export const makePromises = ({ disk, truths, scenario, elapsedMs, broken }: PromisesDeps): Promises => {
  const accepted = new Map<Owner, Accepted>();
  /** By conference and setting, what was executed for us and is not forgotten. */
  const ours = new Map<ConferenceId, Set<Setting>>();
  /** Lost answers and deaths, each of which explains one call more for what it carried. By conference and setting. */
  const excuses = new Map<string, number>();
  const protectedOnes = new Set<ConferenceId>();
  const looks = new Map<Owner, Map<ConferenceId, Look>>();
  /** Calls that have left, by owner. */
  const departures = new Map<Owner, number>();
  let copies = 0;

  const excuse = (conference: ConferenceId, body: Body, more = 1): void => {
    for (const [name] of bodyEntries(body)) {
      const key = `${conference}/${name}`;
      excuses.set(key, Math.max(0, (excuses.get(key) ?? 0) + more));
    }
  };

  const isExcused = (conference: ConferenceId, body: Body): boolean =>
    bodyEntries(body).some(([name]) => (excuses.get(`${conference}/${name}`) ?? 0) > 0);

  const isNeedless = (conference: ConferenceId, body: Body): boolean => {
    const truth = truths.get(conference);
    return (
      truth !== undefined &&
      body.state === undefined &&
      bodyEntries(body).every(
        ([name, value]) => truth.settings[name] === value && ours.get(conference)?.has(name) === true,
      )
    );
  };

  const departs = (owner: Owner, conference: ConferenceId, body: Body): void => {
    const shown = `${conference} ${JSON.stringify(body)}`;
    const calls = (departures.get(owner) ?? 0) + 1;
    departures.set(owner, calls);
    const intent = disk.durable().records.get(conference)?.intent ?? O.none;
    if (O.isNone(intent) || !sameBody(intent.value.body, body))
      broken('an intent is durable before its call', `${shown} left without`);
    if ((truths.get(conference)?.onTheWay ?? 0) > 0)
      broken('calls to one conference never overlap', `${shown} left while another is on its way`);
    const { desired, gone } = accepted.get(owner) ?? {};
    const declared = desired?.get(conference);
    for (const reason of superseded(declared, body, desired, scenario)) {
      broken('nothing that was superseded is sent', `${shown}: ${reason}`);
    }
    for (const [name] of bodyEntries(body)) {
      const key = declared === undefined ? conference : `${conference}/${name}`;
      if (declared?.settings[name] === undefined && gone?.has(key) === false)
        broken('nothing counts as removed that may only be out of sight', `${shown}: ${key}`);
    }
    checkAudience(owner, calls, declared, conference, body, shown);
    if (body.state !== undefined) checkCompletion(conference, declared, desired ?? new Map(), shown);
    if (isNeedless(conference, body) && !isExcused(conference, body))
      broken('no call is needless', `${shown} is what it is already`);
  };

  /** Whoever is cut off was counted just before. */
  const checkAudience = (
    owner: Owner,
    calls: number,
    declared: Declared | undefined,
    conference: ConferenceId,
    body: Body,
    shown: string,
  ): void => {
    const ends = body.state !== undefined;
    const allowed = ends && declared?.whenEmpty === true ? 0 : scenario.maxAudience;
    if (allowed === undefined || !(ends || body.hold === true)) return;
    const seen = looks.get(owner)?.get(conference);
    // However slow the API is: nothing came in between, so that nobody could be counted any later.
    const isNext = seen !== undefined && calls === seen.calls + 1;
    if (seen === undefined || (elapsedMs() - seen.atMs > looksCountMs && !isNext))
      broken('people are counted just before the call', `${shown} left without a look`);
    else if (seen.members > allowed)
      broken('people are counted just before the call', `${shown} left with ${seen.members} people in it`);
  };

  const checkCompletion = (
    conference: ConferenceId,
    declared: Declared | undefined,
    desired: Desired,
    shown: string,
  ): void => {
    const lifted = declared !== undefined && O.isSome(declared.protect) && !declared.protect.value;
    if (protectedOnes.has(conference) && !lifted) broken('what is protected is never completed', shown);
    const pending = [...desired.values()].filter(
      ({ id, settings, suspend }) =>
        !suspend &&
        settings.state !== undefined &&
        O.isSome(settings.state.value) &&
        !isEnded(disk.visible().records.get(id)),
    );
    if (declared !== undefined && pending.length > scenario.maxComplete)
      broken('a mass completion is refused', `${shown}, one of ${pending.length} at once`);
  };

  return {
    accepts: (owner, desired, view) => {
      const gone = accepted.get(owner)?.gone ?? new Set<string>();
      for (const key of view.lastDeclaredMs.keys()) {
        if (isIn(desired, key)) gone.delete(key);
        else if (isSurelyGone(owner, key, view)) gone.add(key);
      }
      accepted.set(owner, { desired, gone });
      for (const conference of ours.keys()) {
        const declared = desired.get(conference);
        if (declared === undefined) {
          if (gone.has(conference)) ours.delete(conference);
        } else if (!declared.suspend)
          for (const [name, setting] of settingsOf(declared.settings))
            if (O.isNone(setting.value)) ours.get(conference)?.delete(name);
      }
      for (const { id, protect } of desired.values())
        if (O.isSome(protect) && !protect.value) protectedOnes.delete(id);
    },
    departs,
    looked: (owner, conference, { activeMembers }) => {
      const seen = looks.get(owner) ?? new Map<ConferenceId, Look>();
      looks.set(
        owner,
        seen.set(conference, {
          atMs: elapsedMs(),
          calls: departures.get(owner) ?? 0,
          members: O.getOrElse(() => 0)(activeMembers),
        }),
      );
    },
    executes: (owner, conference, body) => {
      if (copies > 0) copies -= 1;
      else if (isNeedless(conference, body)) {
        if (!isExcused(conference, body))
          broken('no call is needless', `${conference} ${JSON.stringify(body)} was executed again`);
        excuse(conference, body, -1);
      }
      const known = ours.get(conference) ?? new Set();
      for (const [name] of bodyEntries(body)) known.add(name);
      // The last call of a conference that is not declared any more: it is forgotten with that.
      if (accepted.get(owner)?.desired.has(conference) === true) ours.set(conference, known);
      else ours.delete(conference);
    },
    repeats: () => {
      copies += 1;
    },
    changed: (conference) => {
      checkAhead(disk.durable().records.get(conference), truths, broken);
    },
    setElsewhere: (conference, setting) => {
      ours.get(conference)?.delete(setting);
    },
    doubted: (conference, body) => excuse(conference, body),
    synced: () => {
      for (const record of disk.durable().records.values()) {
        checkAhead(record, truths, broken);
        if (record.protected) protectedOnes.add(record.id);
      }
    },
    loads: ({ records }) => {
      for (const record of records.values())
        if (O.isSome(record.intent)) excuse(record.id, record.intent.value.body);
    },
    commits: (token, { lease }) => {
      if (token !== lease.token)
        broken('a writer that lost the lease writes nothing', `${token} wrote while ${lease.token} holds it`);
    },
    breaks: broken,
  };
};

interface Look {
  readonly atMs: number;
  /** That had left when it was answered. */
  readonly calls: number;
  readonly members: number;
}

interface Accepted {
  readonly desired: Desired;
  /** What was removed beyond doubt, and has not come back as far as this process can see. */
  readonly gone: Set<string>;
}

/** An interval of the budget, as slow as the API may grant it here, and what timers and disks need. */
const looksCountMs = 10_000;
const quietMs = 2_000;
/** A look takes a moment in which the files may change. */
const lookMs = 10;

const isSurelyGone = ({ name }: Owner, key: string, view: View): boolean => {
  if (view.atMs - view.lastChangeMs <= lookMs) return true;
  if (view.declared.has(key)) return false;
  const goneForMs = view.atMs - (view.lastDeclaredMs.get(key) ?? -Infinity);
  return !name.startsWith('watch') || goneForMs >= quietMs - lookMs;
};

const isIn = (desired: Desired, key: string): boolean => {
  const [conference, setting] = key.split('/');
  return [...desired.values()].some(
    ({ id, settings }) =>
      id === conference && (setting === undefined || settingsOf(settings).some(([name]) => name === setting)),
  );
};

const isEnded = (record: ConferenceRecord | undefined): boolean =>
  record !== undefined && isCompleted(record);

const settingsOf = (settings: Declared['settings']) =>
  Object.entries(settings).flatMap(([name, setting]) =>
    isSettingName(name) ? [[name, setting] as const] : [],
  );

const isSettingName = (name: string): name is Setting => name !== '';

const sameBody = (stored: Body, body: Body): boolean =>
  JSON.stringify(bodyEntries(stored)) ===
  JSON.stringify(bodyEntries(body).map(([name, value]) => [name, sealValue(value)]));

/** Why a call is not what the declarations in force say. */
const superseded = (
  declared: Declared | undefined,
  body: Body,
  desired: Desired | undefined,
  { onRemove }: Scenario,
): readonly string[] => {
  if (desired === undefined) return ['nothing was accepted yet'];
  if (declared?.suspend === true) return ['it is suspended'];
  return bodyEntries(body).flatMap(([name, value]) => {
    const wanted = declared?.settings[name];
    if (wanted === undefined) {
      const byRemoval = declared === undefined && name === 'state' && onRemove === 'complete';
      const isReset = value === defaults[name] && (declared !== undefined || onRemove === 'reset');
      return byRemoval || isReset ? [] : [`${name} is not declared`];
    }
    if (O.isNone(wanted.value)) return [`${name} is declared null`];
    return wanted.value.value === value ? [] : [`${name} is declared ${String(wanted.value.value)}`];
  });
};

/** Whatever the ledger calls applied is so. */
const checkAhead = (
  record: ConferenceRecord | undefined,
  truths: ReadonlyMap<ConferenceId, Truth>,
  broken: PromisesDeps['broken'],
): void => {
  if (record === undefined) return;
  const truth = truths.get(record.id);
  for (const [name, condition] of Object.entries(record.settings)) {
    if (condition._tag !== 'Applied' || !isSettingName(name)) continue;
    if (truth?.elsewhere.has(name) === true) continue;
    const real = name === 'state' ? (truth?.ended === true ? 'completed' : 'open') : truth?.settings[name];
    if (real === undefined || sealValue(real) !== condition.value)
      broken(
        'the ledger is never ahead of the truth',
        `${record.id} ${name} is ${String(real)}, not ${String(condition.value)}`,
      );
  }
};
