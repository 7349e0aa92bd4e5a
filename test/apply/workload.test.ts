import * as O from 'fp-ts/lib/Option.js';
import { describe, expect, it } from 'vitest';
import { patientWorkOf, workOf } from '../../src/apply/workload.js';
import type { Lane } from '../../src/plan/lane.js';
import { fingerprint, type Trouble } from '../../src/ledger/record.js';
import type { Change } from '../../src/plan/plan.js';
import {
  blocked,
  changeOf,
  complete,
  conf,
  nothing,
  recordOf,
  release,
  snapshot,
  update,
} from '../plan/sides.js';

const mute = update(1, changeOf('mute', undefined, true, 'new'));
const tag = update(2, changeOf('tag', undefined, 't', 'new'));
const end = complete(changeOf('state', undefined, 'completed', 'new'));
const suspended: Change = { _tag: 'Suspended', conference: conf, name: O.none, at: O.none };

describe('one apply', () => {
  it.each<readonly [string, Change, Lane | undefined]>([
    ['what is heard', mute, 1],
    ['what is not', tag, 2],
    ['an end', end, 1],
    ['an end that waits begins with a GET', { ...end, guard: { _tag: 'WhenEmpty' } }, 3],
    ['a doubt', nothing(true), 3],
    ['nothing', nothing(), undefined],
    ['a release', release, undefined],
    ['suspended', suspended, undefined],
    ['blocked', blocked, undefined],
  ])('%s', (_, change, lane) => {
    const work =
      lane === undefined
        ? O.none
        : O.some({ conference: conf, lane, declaration: 'this', delayMs: 0, attempts: 0 });
    expect(workOf(change, 'this')).toStrictEqual(work);
    expect(patientWorkOf(change, 'this', O.none, 0)).toStrictEqual(work);
    expect(patientWorkOf(change, 'this', O.some(recordOf({})), 0)).toStrictEqual(work);
  });
});

describe('the daemon', () => {
  const declaration = fingerprint(snapshot({ mute: true }));
  const troubled = (trouble: Partial<Trouble>) =>
    O.some(
      recordOf(
        {},
        {
          trouble: O.some({
            kind: 'failing',
            evidence: { status: O.none, code: O.none, message: '' },
            declared: declaration,
            attempts: 4,
            sinceMs: 0,
            nextAttemptAtMs: O.some(10_000),
            ...trouble,
          }),
        },
      ),
    );
  const at = (delayMs: number, attempts = 4) =>
    O.some({ conference: conf, lane: 1, declaration, delayMs, attempts });
  const minutesMs = 60_000;

  it.each<readonly [string, Partial<Trouble>, number, unknown]>([
    ['waits for its time', {}, 4_000, at(6_000)],
    ['which may have come', {}, 12_000, at(0)],
    ['tries again what has no time', { nextAttemptAtMs: O.none }, 0, at(0)],
    ['asks for a missing one at its time', { kind: 'missing' }, 4_000, at(6_000)],
    ['waits at most 20 minutes when the clock was set back', {}, -1_000 * minutesMs, at(20 * minutesMs)],
    ['leaves what was rejected', { kind: 'rejected', nextAttemptAtMs: O.none }, 99_000, O.none],
    ['tries it again when it is declared otherwise', { kind: 'rejected', declared: 'other' }, 0, at(0, 0)],
    ['and does not wait then', { kind: 'missing', declared: 'other' }, 0, at(0, 0)],
  ])('%s', (_, trouble, nowMs, expected) => {
    expect(patientWorkOf(mute, declaration, troubled(trouble), nowMs)).toStrictEqual(expected);
  });

  it('has no work where there is nothing to do', () => {
    expect(patientWorkOf(nothing(), declaration, troubled({}), 99_000)).toStrictEqual(O.none);
  });
});
