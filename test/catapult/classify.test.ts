import { fc, test as property } from '@fast-check/vitest';
import * as E from 'fp-ts/lib/Either.js';
import * as O from 'fp-ts/lib/Option.js';
import { describe, expect, it } from 'vitest';
import type { Failure } from '../../src/catapult/answer.js';
import { type Answer, classify } from '../../src/catapult/classify.js';
import { longestMessage } from '../../src/catapult/evidence.js';
import { longestResetMs } from '../../src/catapult/rate-limit.js';
import { makeScrub } from '../../src/catapult/scrub.js';
import { answerTable, errorJson } from './answer-table.js';
import { workMs } from '../support/work.js';

const nowMs = 1_700_000_000_000;
const token = 't-4xq7secrettoken';
const secret = '9f8e7d6c5b4a39281706';
const scrub = makeScrub([token, secret]);

const answer = (status: number, body: string, more: Partial<Answer> = {}): Answer => ({
  status,
  rateLimitReset: O.none,
  date: O.none,
  location: O.none,
  body: O.some(body),
  ...more,
});

const failureOf = (given: Answer): Failure => {
  const meaning = classify(given, nowMs, scrub);
  if (E.isRight(meaning)) throw new Error(`executed with ${meaning.right}`);
  return meaning.left;
};

describe('what an answer means', () => {
  it.each(answerTable)('$name: $means', ({ status, body, location, means, code, message }) => {
    const given = answer(status, body, { location: O.fromNullable(location) });
    if (means === 'Executed') {
      expect(classify(given, nowMs, scrub)).toEqual(E.right(status));
      return;
    }
    const { _tag, evidence } = failureOf(given);
    expect(_tag).toBe(means);
    expect(evidence.status).toEqual(O.some(status));
    if (code !== undefined) expect(evidence.code).toEqual(O.some(code));
    if (message !== undefined) expect(evidence.message).toBe(message);
    expect(evidence.message).not.toContain('hunter2');
  });

  it.each([100, 101, 199, 0, -1, Number.NaN, 1000])('odd status %d: in doubt', (status) => {
    expect(failureOf(answer(status, ''))._tag).toBe('InDoubt');
  });

  it.each([
    [200, 'Executed'],
    [400, 'Rejected'],
    [401, 'Denied'],
    [403, 'InDoubt'],
    [404, 'InDoubt'],
    [409, 'Conflict'],
    [429, 'Limited'],
    [500, 'InDoubt'],
  ])('%d whose body broke off: %s', (status, means) => {
    const meaning = classify(answer(status, '', { body: O.none }), nowMs, scrub);
    expect(E.isRight(meaning) ? 'Executed' : meaning.left._tag).toBe(means);
  });
});

describe('when a limit ends', () => {
  const resetOf = (header: string | undefined, body = '', date?: string): O.Option<number> => {
    const given = answer(429, body, { rateLimitReset: O.fromNullable(header), date: O.fromNullable(date) });
    const failure = failureOf(given);
    return failure._tag === 'Limited' ? failure.resetAtMs : O.none;
  };
  const inBody = (value: unknown): string =>
    errorJson('too-many-requests', 'rate-limit-reached', undefined, [{ name: 'rateLimitResetTime', value }]);
  const dateOf = (ms: number): string => new Date(ms).toUTCString();

  it.each([
    ['milliseconds', resetOf(String(nowMs + 700)), O.some(nowMs + 700)],
    ['milliseconds with a fraction', resetOf(`${nowMs + 700}.5`), O.some(nowMs + 701)],
    ['blanks around', resetOf(` ${nowMs + 700} `), O.some(nowMs + 700)],
    ['seconds', resetOf(String(nowMs / 1000 + 3)), O.some(nowMs + 3000)],
    ['in the past', resetOf(String(nowMs - 5000)), O.some(nowMs - 5000)],
    ['the beginning of time', resetOf('0'), O.some(nowMs - longestResetMs)],
    ['far in the future', resetOf(String(nowMs + 86_400_000)), O.some(nowMs + longestResetMs)],
    ['microseconds', resetOf(`${nowMs}000`), O.some(nowMs + longestResetMs)],
    ['absent', resetOf(undefined), O.none],
    ['empty', resetOf(''), O.none],
    ['unreadable', resetOf('soon'), O.none],
    ['negative', resetOf('-1'), O.none],
    ['sent twice', resetOf(`${nowMs}, ${nowMs}`), O.none],
    ['not a number', resetOf('NaN'), O.none],
    ['in the body', resetOf(undefined, inBody(String(nowMs + 900))), O.some(nowMs + 900)],
    ['in the body as a number', resetOf(undefined, inBody(nowMs + 900)), O.some(nowMs + 900)],
    ['in the body as a list', resetOf(undefined, inBody([nowMs])), O.none],
    ['unreadable header, readable body', resetOf('soon', inBody(nowMs + 900)), O.some(nowMs + 900)],
    ['both', resetOf(String(nowMs + 100), inBody(nowMs + 900)), O.some(nowMs + 100)],
    ['our clock is fast', resetOf(String(nowMs - 60_000), '', dateOf(nowMs - 62_000)), O.some(nowMs + 2000)],
    [
      'our clock is slow',
      resetOf(String(nowMs + 3_600_000), '', dateOf(nowMs + 3_598_000)),
      O.some(nowMs + 2000),
    ],
    ['clocks that agree', resetOf(String(nowMs + 500), '', dateOf(nowMs - 1_999)), O.some(nowMs + 500)],
    ['a moment that has passed', resetOf(String(nowMs - 500), '', dateOf(nowMs - 999)), O.some(nowMs - 500)],
    [
      'clocks that disagree',
      resetOf(String(nowMs + 500), '', dateOf(nowMs - 90_000)),
      O.some(nowMs + 90_500),
    ],
    [
      'a clock of theirs that makes no sense',
      resetOf(String(nowMs + 500), '', dateOf(0)),
      O.some(nowMs + 500),
    ],
    ['a date that is none', resetOf(String(nowMs - 1), '', 'yesterday'), O.some(nowMs - 1)],
  ])('%s', (_name, found, expected) => {
    expect(found).toEqual(expected);
  });

  it('is read from a 403 of category limit as well', () => {
    const given = answer(403, errorJson('limit', 'x'), { rateLimitReset: O.some(String(nowMs + 5)) });
    expect(failureOf(given)).toMatchObject({ _tag: 'Limited', resetAtMs: O.some(nowMs + 5) });
  });
});

describe('evidence', () => {
  const messageOf = (message: string): string =>
    failureOf(answer(400, errorJson('x', 'y', message))).evidence.message;

  it.each([
    ['a password in a URL', "The URL 'https://me:pa55word@hooks.example/x' is not valid", 'pa55word'],
    [
      'a password in a URL at the cut',
      `${'x'.repeat(980)} https://me:${'pa55word'.repeat(9)}@h.example/`,
      'pa55word',
    ],
    [
      'a password that many masked ones draw near',
      Array.from({ length: 10 }, () => `https://me:${'pa55word'.repeat(14)}@h.example/`).join(' '),
      'pa55word',
    ],
    ['the token', `User ${token} is unknown`, token],
    [
      'a secret with an invisible mark inside',
      `Oh ${secret.slice(0, 8)}\u200b${secret.slice(8)}`,
      secret.slice(0, 8),
    ],
    ['a secret at the cut', `${'x '.repeat(145)}${secret}`, secret.slice(0, 6)],
    [
      'a secret at the cut that masked passwords draw near',
      `${`https://me:${'pa55word'.repeat(14)}@h.example/ `.repeat(7)}${'y'.repeat(45)}${secret}`,
      secret.slice(0, 6),
    ],
    ['terminal codes', 'a\u001b[31mb\u0007\u009b', '\u001b'],
    ['a turn of the reading direction', 'a\u202eb', '\u202e'],
  ])('does not show %s', (_name, message, hidden) => {
    expect(messageOf(message)).not.toContain(hidden);
    expect(messageOf(message)).not.toBe('');
  });

  it('is one line', () => {
    expect(messageOf('one\r\n\ttwo\u2028three')).toBe('one two three');
  });

  it('is cut with an ellipsis, not within a character', () => {
    const shown = messageOf('😀'.repeat(400));
    expect(shown).toBe(`${'😀'.repeat(149)}…`);
  });

  it('hides a secret that only the tags of a page kept apart from the cut', () => {
    const { message } = failureOf(answer(502, `${'<p>'.repeat(664)}<b>${secret}</b>`)).evidence;
    expect(message).not.toContain(secret.slice(0, 4));
  });

  it('hides a credential in the code', () => {
    expect(failureOf(answer(400, errorJson('x', token, 'no'))).evidence.code).toEqual(O.some('***'));
  });

  it.each(['a', '<', '<a', '<title>', '<script', '://', 'a://', 'x:y@', '\u0000', ' ', '{"message":"'])(
    'takes little time for a body of 64 KiB of %j',
    (piece) => {
      const body = piece.repeat(65_536 / piece.length);
      const took = workMs(() => {
        failureOf(answer(503, body));
        failureOf(answer(403, errorJson('forbidden', 'conference-error', body)));
      });
      expect(took).toBeLessThan(2_000);
    },
  );
});

describe('laws', () => {
  const hostile = fc.array(
    fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(token, secret, ' https://u:', '@h/', '<b>', '\u0000', '\u200b', '"', 'completed', '\n'),
    ),
    { maxLength: 40 },
  );
  const text = hostile.map((pieces) => pieces.join(''));
  const body = fc.oneof(
    text,
    fc.json(),
    fc
      .record({ category: text, code: text, message: text, details: fc.array(fc.anything()) })
      .map((value) => JSON.stringify(value)),
  );
  const option = fc.option(fc.oneof(text, fc.integer().map(String)), { nil: undefined }).map(O.fromNullable);
  const anyAnswer: fc.Arbitrary<Answer> = fc.record({
    status: fc.oneof(fc.integer({ min: 100, max: 599 }), fc.integer(), fc.double()),
    rateLimitReset: option,
    date: option,
    location: option,
    body: fc.option(body, { nil: undefined }).map(O.fromNullable),
  });

  property.prop([anyAnswer, fc.integer({ min: 0, max: 4e12 })])(
    'classify is total, bounded and discreet',
    (given, now) => {
      const meaning = classify(given, now, scrub);
      if (E.isRight(meaning)) {
        expect(given.status >= 200 && given.status <= 299).toBe(true);
        return;
      }
      const { message, code } = meaning.left.evidence;
      expect(message.length).toBeGreaterThan(0);
      expect(message.length).toBeLessThanOrEqual(longestMessage);
      expect(message).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
      for (const shown of [message, O.getOrElse(() => '')(code)]) {
        expect(shown).not.toContain(token);
        expect(shown).not.toContain(secret);
      }
      if (meaning.left._tag === 'Limited' && O.isSome(meaning.left.resetAtMs)) {
        expect(meaning.left.resetAtMs.value).toBeGreaterThanOrEqual(now);
        expect(meaning.left.resetAtMs.value).toBeLessThanOrEqual(now + longestResetMs);
      }
    },
  );
});
