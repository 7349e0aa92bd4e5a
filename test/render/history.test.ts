import * as O from 'fp-ts/lib/Option.js';
import picocolors from 'picocolors';
import { describe, expect, it } from 'vitest';
import type { Call, CallResult, Forced } from '../../src/ledger/store.js';
import { historyOf, type History } from '../../src/plan/history.js';
import { historyTextPieces } from '../../src/render/history.js';
import { historyJsonPieces } from '../../src/render/history-json.js';
import { aCall, id } from '../ledger/sqlite-state.js';
import { conference, recordOf, recordsOf, snapshot } from '../plan/sides.js';
import { whole } from '../support/whole.js';

const plain = picocolors.createColors(false);
const noonMs = Date.UTC(2026, 0, 2, 12);
const revision = `dir:sha256:${'0123456789abcdef'.repeat(4)}`;

const call = (number: number, change: Partial<Call> = {}): Call =>
  aCall(number, { revision, startedAtMs: noonMs + number * 1000, ...change });
const result = (change: Partial<CallResult>): Pick<Call, 'result'> => ({
  result: O.some({
    outcome: 'Applied',
    status: O.some(200),
    code: O.none,
    message: '',
    durationMs: 43,
    ...change,
  }),
});

const hostile = 'x\u001b[2J\n\u202ey https://u:passw0rd@h/';
const named = recordOf(
  {},
  { declared: O.some({ ...snapshot({}), name: O.some(`Weekly ${hostile}`) }) },
  conference('conf-1'),
);
const asked = { conference: O.none, sinceMs: O.none, limit: 100 };
const history = (
  calls: readonly Call[],
  forced: readonly Forced[] = [],
  query: Partial<History['asked']> = {},
): History => historyOf({ ...asked, ...query }, calls, forced, { records: recordsOf(named), writer: O.none });

const everything = history(
  [
    call(5, { conference: id('conf-2'), method: 'GET', body: {}, ...result({}) }),
    call(4, {
      conference: id('conf-2'),
      at: O.some({ path: `desired/${hostile.slice(0, 8)}.yaml`, line: 7, column: 11 }),
      attempt: 3,
      ...result({ outcome: 'InDoubt', status: O.none, message: `socket hang up ${hostile}` }),
    }),
    call(3, {
      conference: id('conf-2'),
      body: { tag: hostile, callbackUrl: 'https://a:b@example.com/x' },
      force: O.some(`office ${hostile}`),
      ...result({ outcome: 'NotExecuted', status: O.some(400), code: O.some('bad'), message: 'No' }),
    }),
    call(2, { conference: id('conf-2'), ...result({ outcome: 'Ended', status: O.some(403) }) }),
    call(1, result({})),
    call(0, { conference: id('conf-2') }),
  ],
  [{ atMs: noonMs, revision, reason: `office ${hostile}`, conferences: [id('conf-1'), id('conf-2')] }],
);

describe('the history', () => {
  it('as a text has two lines for each: what, and why', () => {
    const shown = 'x\\u001b[2J\\n\\u202ey https://u:***@h/';
    expect(whole(historyTextPieces(everything, plain)).split('\n')).toEqual([
      '2026-01-02T12:00:05.000Z  conf-2  GET  applied in 43 ms',
      '  dir:sha256:0123456789ab',
      `2026-01-02T12:00:04.000Z  conf-2  mute=true  in doubt: socket hang up ${shown} in 43 ms`,
      `  dir:sha256:0123456789ab  desired/${shown.slice(0, 19)}.yaml:7:11  attempt 3`,
      `2026-01-02T12:00:03.000Z  conf-2  callbackUrl="https://a:***@example.com/x" tag="${shown}"  not executed: 400 bad: No in 43 ms`,
      `  dir:sha256:0123456789ab  forced: "office ${shown}"`,
      '2026-01-02T12:00:02.000Z  conf-2  mute=true  has ended: 403 in 43 ms',
      '  dir:sha256:0123456789ab',
      `2026-01-02T12:00:01.000Z  conf-1  Weekly ${shown}  mute=true  applied in 43 ms`,
      '  dir:sha256:0123456789ab',
      '2026-01-02T12:00:00.000Z  conf-2  mute=true  no answer recorded',
      '  dir:sha256:0123456789ab',
      `2026-01-02T12:00:00.000Z  forced: "office ${shown}"  conf-1, conf-2`,
      '  dir:sha256:0123456789ab',
      '',
    ]);
  });

  it('as JSON has the names that a status has', () => {
    const text = whole(historyJsonPieces(everything));
    for (const unsafe of ['\u001b', '\u202e', 'passw0rd']) expect(text).not.toContain(unsafe);
    const shown = 'x\u001b[2J\n\u202ey https://u:***@h/';
    const at = '2026-01-02T12:00:00.000Z';
    const common = { method: 'POST', body: { mute: true }, attempt: 1, revision };
    expect(JSON.parse(text)).toEqual({
      formatVersion: 1,
      calls: [
        {
          ...common,
          call: 5,
          at: at.replace('00.000', '05.000'),
          conference: 'conf-2',
          method: 'GET',
          body: {},
          outcome: 'applied',
          ms: 43,
          status: 200,
        },
        {
          ...common,
          call: 4,
          at: at.replace('00.000', '04.000'),
          conference: 'conf-2',
          outcome: 'in doubt',
          ms: 43,
          message: `socket hang up ${shown}`,
          attempt: 3,
          place: `desired/${shown.slice(0, 8)}.yaml:7:11`,
        },
        {
          ...common,
          call: 3,
          at: at.replace('00.000', '03.000'),
          conference: 'conf-2',
          body: { tag: shown, callbackUrl: 'https://a:***@example.com/x' },
          outcome: 'not executed',
          ms: 43,
          status: 400,
          code: 'bad',
          message: 'No',
          force: `office ${shown}`,
        },
        {
          ...common,
          call: 2,
          at: at.replace('00.000', '02.000'),
          conference: 'conf-2',
          outcome: 'has ended',
          ms: 43,
          status: 403,
        },
        {
          ...common,
          call: 1,
          at: at.replace('00.000', '01.000'),
          conference: 'conf-1',
          name: `Weekly ${shown}`,
          outcome: 'applied',
          ms: 43,
          status: 200,
        },
        { ...common, call: 0, at, conference: 'conf-2', outcome: 'no answer recorded' },
      ],
      forced: [{ at, revision, reason: `office ${shown}`, conferences: ['conf-1', 'conf-2'] }],
      more: false,
    });
  });

  it.each([
    [{}, 'the ledger knows no call\n'],
    [{ conference: O.some(id('conf-9')) }, 'the ledger knows no call for conf-9\n'],
    [
      { conference: O.some(id('conf-9')), sinceMs: O.some(noonMs) },
      'the ledger knows no call for conf-9 since 2026-01-02T12:00:00.000Z\n',
    ],
  ])('says when there is none: %j', (query, text) => {
    expect(whole(historyTextPieces(history([], [], query), plain))).toBe(text);
    expect(JSON.parse(whole(historyJsonPieces(history([], [], query))))).toEqual({
      formatVersion: 1,
      calls: [],
      forced: [],
      more: false,
    });
  });

  it('says when there is more', () => {
    const cut = history([call(3), call(2), call(1)], [], { limit: 2, conference: O.some(id('conf-1')) });
    expect(whole(historyTextPieces(cut, plain))).toMatch(
      /\n\nthe last 2 calls for conf-1; see more with --limit 20\n$/,
    );
    expect(JSON.parse(whole(historyJsonPieces(cut)))).toMatchObject({
      more: true,
      calls: [{ call: 3 }, { call: 2 }],
    });
  });

  it('names only some of many conferences that were forced', () => {
    const conferences = Array.from({ length: 12 }, (_, index) => id(`c${index}`));
    const text = whole(
      historyTextPieces(history([], [{ atMs: 0, revision, reason: 'r', conferences }]), plain),
    );
    expect(text).toContain('forced: "r"  c0, c1, c2, c3, c4, c5, c6, c7, c8, c9 and 2 more\n');
  });
});
