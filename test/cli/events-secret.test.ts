import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, it } from 'vitest';
import { eventsSecrets } from '../../src/cli/events-secret.js';
import { makeHideGiven } from '../../src/cli/given-secrets.js';

const good = '0123456789abcdef';

describe('HOLDFAST_EVENTS_SECRET', () => {
  it.each([
    [undefined, []],
    ['', []],
    [' \n', []],
    [good, [good]],
    [`${good}\n`, [good]],
    [`${good}, A-Z_a_z-0123456789`, [good, 'A-Z_a_z-0123456789']],
  ])('%j', (text, secrets) => {
    expect(eventsSecrets({ HOLDFAST_EVENTS_SECRET: text })).toEqual(E.right(secrets));
  });

  it.each([
    good.slice(1),
    `${good},`,
    `,${good}`,
    `${good},short`,
    `${good} ${good}`,
    `${good}/x`,
    `${good}.x`,
    `${good}~x`,
    `${good}%41`,
    `é${good}`,
  ])('%j is refused, says how to make one, and is not repeated', (text) => {
    const refused = eventsSecrets({ HOLDFAST_EVENTS_SECRET: text });
    const [message = '', ...others] = E.isLeft(refused) ? refused.left : [];
    expect(others).toEqual([]);
    expect(message).toMatch(/^HOLDFAST_EVENTS_SECRET: .*openssl rand -hex 32/);
    expect(message).not.toContain(good.slice(1));
    expect(message).not.toContain('short');
  });

  it('is hidden wherever it stands, also in part', () => {
    const odd = 'a.b*c(d)e[f]^$|x';
    const hide = makeHideGiven({ HOLDFAST_EVENTS_SECRET: `${good},${odd}` });
    expect(hide(`a/${good}/b ${good}${good}x, "${good.slice(0, 13)}…" ${odd.slice(0, 12)}`)).toBe(
      'a/***/b ***, "***…" ***',
    );
    expect(hide(good.slice(0, 11))).toBe(good.slice(0, 11));
    expect(makeHideGiven({})('as it was')).toBe('as it was');
    expect(makeHideGiven({ HOLDFAST_EVENTS_SECRET: 'short' })('a short text')).toBe('a short text');
  });
});
