/** A judge that never accuses would let everything pass: every kind of broken promise is seen, and a kept one is not. */
import * as E from 'fp-ts/lib/Either.js';
import * as O from 'fp-ts/lib/Option.js';
import { describe, expect, it } from 'vitest';
import { ConferenceId } from '../../../src/conference/id.js';
import { emptyRecord } from '../../../src/ledger/entry.js';
import type { Condition, Conditions, ConferenceRecord } from '../../../src/ledger/record.js';
import type { SettingsText } from '../daemon/manifests.js';
import type { ArrivedCall, Settings, Told } from './faulty-api.js';
import { makeJudge, type Judge } from './judge.js';

interface Trial {
  readonly judge: Judge;
  readonly declare: (settings: SettingsText | undefined) => void;
  readonly call: (body: Settings) => ArrivedCall;
  readonly made: (body: Settings, told: Told) => void;
  readonly wait: (byMs: number) => void;
  readonly ledgerSays: (settings: Conditions | undefined) => void;
  readonly truth: Map<string, string | number | boolean>;
}

const conference = 'conf-1';

const begin = (): Trial => {
  let nowMs = 1_000;
  let calls = 0;
  const versions: { sinceMs: number; settings: SettingsText | undefined }[] = [];
  const truth = new Map<string, string | number | boolean>();
  const inForceSince = (_conference: string, atMs: number) =>
    versions.filter((_, index) => (versions[index + 1]?.sinceMs ?? Number.POSITIVE_INFINITY) >= atMs);
  const judge = makeJudge({ inForceSince }, () => (nowMs += 1));
  const call = (body: Settings): ArrivedCall => {
    const arrived = { number: (calls += 1), conference, body };
    judge.arrived(arrived);
    return arrived;
  };
  return {
    judge,
    truth,
    call,
    declare: (settings) => void versions.push({ sinceMs: (nowMs += 1), settings }),
    made: (body, told) => judge.ended(call(body), told),
    wait: (byMs) => void (nowMs += byMs),
    ledgerSays: (settings) => {
      judge.died();
      judge.inspect(
        new Map(settings === undefined ? [] : [[conference, { ...aRecord(), settings }]]),
        (_conference, setting) => truth.get(setting),
      );
    },
  };
};

const aRecord = (): ConferenceRecord => {
  const id = ConferenceId.decode(conference);
  if (E.isLeft(id)) throw new Error('no id');
  return emptyRecord(id.right);
};

const applied = (value: string | boolean): Condition => ({ _tag: 'Applied', value });
const inDoubt = (value: string | boolean): Condition => ({ _tag: 'InDoubt', value, before: O.none });

const started = (settings: SettingsText): Trial => {
  const trial = begin();
  trial.declare(settings);
  trial.judge.begin('a process');
  return trial;
};

describe('the judge', () => {
  const crimes: Readonly<Record<string, (trial: Trial) => void>> = {
    'two calls to conf-1 at once': ({ call }) => {
      call({ tag: 'a' });
      call({ tag: 'a' });
    },
    'conf-1 is sent tag=a, which is known to be there': ({ made }) => {
      made({ tag: 'a' }, 'applied');
      made({ tag: 'a' }, 'applied');
    },
    'conf-1 is sent tag=old, superseded before the process began': ({ made }) =>
      made({ tag: 'old' }, 'applied'),
    'the ledger is ahead (undefined is true): tag of conf-1': ({ made, ledgerSays }) => {
      made({ tag: 'a' }, 'applied');
      ledgerSays({ tag: applied('a') });
    },
    'the ledger is sure, and nobody told it: tag of conf-1': ({ made, truth, ledgerSays }) => {
      made({ tag: 'a' }, 'unknown');
      truth.set('tag', 'a');
      ledgerSays({ tag: applied('a') });
    },
    'the ledger forgot: tag of conf-1': ({ made, truth, ledgerSays }) => {
      made({ tag: 'a' }, 'applied');
      truth.set('tag', 'a');
      ledgerSays(undefined);
    },
    'the ledger doubts what was confirmed long ago: tag of conf-1': ({ made, truth, wait, ledgerSays }) => {
      made({ tag: 'a' }, 'applied');
      truth.set('tag', 'a');
      wait(10_000);
      ledgerSays({ tag: inDoubt('a') });
    },
  };
  it.each(Object.entries(crimes))('says: %s', (words, commit) => {
    const trial = started({ tag: 'a' });
    commit(trial);
    expect(trial.judge.broken().map((one) => one.split(' (a process)')[0])).toEqual([words]);
  });

  const rights: Readonly<Record<string, (trial: Trial) => void>> = {
    'once more after a lost answer': ({ made }) => {
      made({ tag: 'a' }, 'unknown');
      made({ tag: 'a' }, 'applied');
    },
    'once more after a refusal that executed nothing': ({ made }) => {
      made({ tag: 'a' }, 'unchanged');
      made({ tag: 'a' }, 'applied');
    },
    'once more when the process died before it wrote the answer down': ({
      made,
      truth,
      ledgerSays,
      judge,
    }) => {
      made({ tag: 'a' }, 'applied');
      truth.set('tag', 'a');
      ledgerSays({ tag: inDoubt('a') });
      judge.begin('another process');
      made({ tag: 'a' }, 'applied');
    },
    'another value later': ({ made, declare }) => {
      made({ tag: 'a' }, 'applied');
      declare({ tag: 'b' });
      made({ tag: 'b' }, 'applied');
    },
    'what was declared when the process began, though it has changed since': ({ made, declare }) => {
      declare({ tag: 'b' });
      made({ tag: 'a' }, 'applied');
    },
    'everything again after it was forgotten': ({ made, declare, ledgerSays, judge }) => {
      made({ tag: 'a' }, 'applied');
      declare(undefined);
      ledgerSays(undefined);
      declare({ tag: 'a' });
      judge.begin('another process');
      made({ tag: 'a' }, 'applied');
    },
  };
  it.each(Object.entries(rights))('has nothing against %s', (_words, act) => {
    const trial = started({ tag: 'a' });
    act(trial);
    expect(trial.judge.broken()).toEqual([]);
  });
});
