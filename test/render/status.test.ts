import * as O from 'fp-ts/lib/Option.js';
import picocolors from 'picocolors';
import { describe, expect, it } from 'vitest';
import type { ConferenceRecord } from '../../src/ledger/record.js';
import { noFacts, type Facts } from '../../src/ledger/store.js';
import { statusOf, type Status } from '../../src/plan/status.js';
import { statusScreen, statusTextPieces } from '../../src/render/status.js';
import { statusJsonPieces } from '../../src/render/status-json.js';
import { applied, conference, recordOf, recordsOf, rules, snapshot } from '../plan/sides.js';
import { whole } from '../support/whole.js';

const plain = picocolors.createColors(false);
const noonMs = Date.UTC(2026, 0, 2, 12);

const statusFor = (records: readonly ConferenceRecord[], facts: Partial<Facts> = {}): Status =>
  statusOf({ records: recordsOf(...records), facts: { ...noFacts, ...facts }, writer: O.none }, rules);

const declared = (settings: Parameters<typeof snapshot>[0]): Partial<ConferenceRecord> => ({
  declared: O.some(snapshot(settings)),
  declaredSinceMs: O.some(noonMs),
});

const drifted = recordOf(
  { mute: applied(true), callbackUrl: applied('https://a:b@example.com/x') },
  {
    ...declared({ mute: true, callbackUrl: 'https://a:b@example.com/x' }),
    sighting: O.some({
      atMs: noonMs,
      audience: O.some(3),
      drift: {
        mute: { live: O.some(false), sinceMs: noonMs - 60_000 },
        callbackUrl: { live: O.none, sinceMs: noonMs },
      },
      healedAtMs: [],
    }),
  },
  conference('drifted'),
);
const waiting = recordOf({}, declared({ tag: 't' }), conference('waiting'));

describe('the status', () => {
  it('shows drift for each setting: declared, applied, live, since when', () => {
    const text = whole(statusTextPieces(statusFor([drifted]), plain, false));
    expect(text).toContain('drifted     drifted');
    expect(text).toContain(
      'mute has drifted: declared true, applied true, live false, since 2026-01-02T11:59:00.000Z',
    );
    expect(text).toContain('live not set, since 2026-01-02T12:00:00.000Z');
    expect(text).not.toContain('a:b@');
    const json: unknown = JSON.parse(whole(statusJsonPieces(statusFor([drifted]))));
    expect(json).toMatchObject({
      summary: { drifted: 1 },
      conferences: [
        {
          standing: 'drifted',
          live: {
            at: '2026-01-02T12:00:00.000Z',
            audience: 3,
            drift: [
              {
                setting: 'mute',
                declared: true,
                applied: true,
                live: false,
                since: '2026-01-02T11:59:00.000Z',
              },
              { setting: 'callbackUrl', since: '2026-01-02T12:00:00.000Z' },
            ],
          },
        },
      ],
    });
  });

  it('says what waits in which lane, since when, and what the API grants', () => {
    const facts = { budget: O.some({ intervalMs: 4_000, learnedAtMs: noonMs }) };
    const status = statusFor([waiting], facts);
    expect(whole(statusTextPieces(status, plain, false))).toContain(
      '1 call, about 4 s at 0.25/s, 1 in lane 2, the oldest since 2026-01-02T12:00:00.000Z, the API grants 0.25/s of the 1/s asked for',
    );
    expect(JSON.parse(whole(statusJsonPieces(status)))).toMatchObject({
      summary: { waiting: 1, calls: 1, seconds: 4 },
      budget: {
        rate: 1,
        granted: 0.25,
        lanes: { 1: 0, 2: 1, 3: 0 },
        oldestSince: '2026-01-02T12:00:00.000Z',
      },
      conferences: [{ lane: 2, waitingSince: '2026-01-02T12:00:00.000Z' }],
    });
  });

  it('fits on a screen: totals first, what is settled left out, what has no room counted', () => {
    const settled = recordOf({ mute: applied(true) }, declared({ mute: true }), conference('settled'));
    const many = Array.from({ length: 60 }, (_, index) =>
      recordOf({}, declared({ tag: 't' }), conference(`waiting-${String(index).padStart(2, '0')}`)),
    );
    for (const rows of [10, 24, 50]) {
      const screen = statusScreen(statusFor([settled, ...many]), plain, rows, noonMs);
      const lines = screen.split('\n');
      expect(lines.length).toBeLessThanOrEqual(rows);
      expect(lines[0]).toContain('2026-01-02T12:00:00.000Z');
      expect(screen).toContain('61 conferences, 1 settled, 60 waiting');
      expect(screen).not.toMatch(/^settled/m);
      const shown = lines.filter((line) => line.startsWith('waiting ')).length;
      expect(screen).toContain(`and ${60 - shown} more`);
    }
    expect(statusScreen(statusFor([settled]), plain, 24, noonMs)).not.toContain('more');
  });

  it('of many shows whom there is something to say of, and all of them when asked to', () => {
    const many = Array.from({ length: 250 }, (_, index) =>
      recordOf({ mute: applied(true) }, declared({ mute: true }), conference(`settled-${index}`)),
    );
    const text = whole(statusTextPieces(statusFor([waiting, ...many]), plain, false));
    expect(text.split('\n').slice(3)).toEqual([
      'waiting     waiting  Former  tag="t"',
      '… and 250 more (--full shows all)',
      '',
      '251 conferences, 250 settled, 1 waiting',
      '1 call, about 1 s at 1/s, 1 in lane 2, the oldest since 2026-01-02T12:00:00.000Z',
      '',
    ]);
    const full = whole(statusTextPieces(statusFor([waiting, ...many]), plain, true));
    expect(full.match(/^settled /gm)).toHaveLength(250);
    expect(full).not.toContain('more');
  });

  it('of many who are not settled shows the first', () => {
    const many = Array.from({ length: 250 }, (_, index) =>
      recordOf({}, declared({ tag: 't' }), conference(`w-${String(index).padStart(3, '0')}`)),
    );
    const text = whole(statusTextPieces(statusFor(many), plain, false));
    expect(text.match(/^waiting /gm)).toHaveLength(200);
    expect(text).toContain('w-199  ');
    expect(text).toContain('\n… and 50 more (--full shows all)\n');
    const fewer = whole(statusTextPieces(statusFor(many.slice(0, 200)), plain, false));
    expect(fewer.match(/^waiting /gm)).toHaveLength(200);
    expect(fewer).not.toContain('more');
  });
});
