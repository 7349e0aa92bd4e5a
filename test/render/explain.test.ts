/** Why a conference is what it is, as people and scripts read it. */
import { test } from '@fast-check/vitest';
import fc from 'fast-check';
import * as O from 'fp-ts/lib/Option.js';
import picocolors from 'picocolors';
import { describe, expect, it } from 'vitest';
import { noFacts, type Call } from '../../src/ledger/store.js';
import { explain, type Explanation, type Known } from '../../src/plan/explain.js';
import { explanationJsonText } from '../../src/render/explain-json.js';
import { explanationText } from '../../src/render/explain.js';
import { commit as anyCommit } from '../arbitrary/commit.js';
import { call, facts } from '../arbitrary/record.js';
import { planInput } from '../plan/inputs.js';
import { applied, conf, declare, desiredOf, inDoubt, recordOf, recordsOf, rules } from '../plan/sides.js';

const plain = picocolors.createColors(false);
const commit = {
  sha: 'abcdef012345abcdef012345abcdef012345abcd',
  subject: 'Mute the all-hands',
  author: 'Ann',
  email: 'ann@example.com',
  atMs: Date.UTC(2026, 0, 2),
};

const explained = (known: Partial<Known>): Explanation => {
  const told = explain(conf, {
    revision: { revision: 'dir:sha256:1', commit: O.none },
    desired: new Map(),
    stored: { records: new Map(), facts: noFacts, writer: O.none },
    calls: [],
    writtenBy: () => O.some(commit),
    rules,
    ...known,
  });
  if (O.isNone(told)) throw new Error('it is known');
  return told.value;
};

const lost: Call = {
  call: 17,
  conference: conf,
  method: 'POST',
  revision: commit.sha,
  commit: O.some(commit),
  at: O.none,
  body: { mute: true },
  attempt: 2,
  force: O.none,
  startedAtMs: Date.UTC(2026, 0, 3),
  result: O.some({
    outcome: 'InDoubt',
    status: O.none,
    code: O.none,
    message: 'no answer',
    durationMs: 10_000,
  }),
};

const waiting = explained({
  desired: desiredOf(declare({ mute: true, tag: 'https://a:hush@example.com' }, { name: O.some('Weekly') })),
  stored: {
    records: recordsOf(
      recordOf(
        { mute: inDoubt(true, false), hold: applied(true) },
        { sighting: O.some({ atMs: Date.UTC(2026, 0, 4), audience: O.none, drift: {}, healedAtMs: [] }) },
      ),
    ),
    facts: noFacts,
    writer: O.none,
  },
  calls: [lost],
});

describe('an explanation', () => {
  it('answers for every setting: declared, applied, called, live, next', () => {
    expect(explanationText(waiting, plain)).toBe(
      `${[
        'conf-1  "Weekly"  waiting',
        '  declared  desired/a.yaml:2:3, abcdef012345 "Mute the all-hands" by Ann, 2026-01-02',
        '',
        'hold true',
        '  declared  not any more',
        '  ledger    true was applied',
        '  live      true, seen 2026-01-04T00:00:00.000Z',
        '  next      true -> false (removed)',
        '',
        'mute true',
        '  declared  desired/a.yaml:12:11, abcdef012345 "Mute the all-hands" by Ann, 2026-01-02',
        '  ledger    in doubt: true was sent and the answer was lost; before, false had been applied',
        '  call      number 17, 2026-01-03T00:00:00.000Z, in doubt in 10000 ms, attempt 2, by abcdef012345 "Mute the all-hands" by Ann',
        '  next      false (in doubt) -> true (in doubt, sent again)',
        '',
        'tag "https://a:***@example.com"',
        '  declared  desired/a.yaml:17:11, abcdef012345 "Mute the all-hands" by Ann, 2026-01-02',
        '  ledger    never applied',
        '  next      (never applied) -> "https://a:***@example.com" (new)',
        '',
        'no daemon and no apply is running: `holdfast apply` makes the call',
      ].join('\n')}\n`,
    );
  });

  test.prop([planInput, fc.array(call, { maxLength: 3 }), facts, anyCommit])(
    'has no password and nothing that moves a cursor, whatever is in it; the JSON decodes',
    (input, calls, known, by) => {
      for (const id of input.desired.keys()) {
        const told = explain(id, {
          ...input,
          revision: input,
          calls,
          stored: { records: input.records, facts: known, writer: O.none },
          writtenBy: () => O.some(by),
        });
        if (O.isNone(told)) throw new Error('it is declared');
        const text = explanationText(told.value, plain);
        const json = explanationJsonText(told.value);
        expect(text).not.toMatch(/(?!\n)\p{Cc}/u);
        expect(json).not.toMatch(/(?!\n)\p{Cc}/u);
        expect(JSON.parse(json)).toMatchObject({ formatVersion: 1, conference: id });
      }
    },
  );

  it('hides passwords', () => {
    expect(explanationText(waiting, plain)).not.toContain('hush');
    expect(explanationJsonText(waiting)).not.toContain('hush');
  });
});
