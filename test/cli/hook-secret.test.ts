import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, it } from 'vitest';
import { makeHideGiven, secretsIn } from '../../src/cli/given-secrets.js';
import { hookSecrets } from '../../src/cli/hook-secret.js';

const good = '0123456789abcdef';
const token = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

describe('HOLDFAST_HOOK_SECRET', () => {
  it.each([
    [undefined, []],
    ['', []],
    [' \n', []],
    [good, [good]],
    [`${good}\n`, [good]],
    [`${good}, ${token}`, [good, token]],
    [`${good}, a!b"c$d%e&f/g(h)i ,${token}==`, [good, 'a!b"c$d%e&f/g(h)i', `${token}==`]],
    // The one in GitHub's documentation.
    ["It's a Secret to Everybody", ["It's a Secret to Everybody"]],
  ])('%j', (text, secrets) => {
    expect(hookSecrets({ HOLDFAST_HOOK_SECRET: text })).toEqual(E.right(secrets));
  });

  it.each([
    good.slice(1),
    `${good},`,
    `,${good}`,
    `${good},short`,
    `é${good}`,
    `${good}\u0001`,
    `whsec_${good.slice(1)}`,
    `whsec_${good}.`,
    `${token}===`,
  ])('%j is refused, says how to make one, and is not repeated', (text) => {
    const refused = hookSecrets({ HOLDFAST_HOOK_SECRET: text });
    const [message = '', ...others] = E.isLeft(refused) ? refused.left : [];
    expect(others).toEqual([]);
    expect(message).toMatch(/^HOLDFAST_HOOK_SECRET: .*openssl rand -hex 32/);
    expect(message).not.toContain(good.slice(1));
    expect(message).not.toContain('short');
  });

  it('is hidden wherever it stands, also in part, beside that for events', () => {
    const odd = 'aB3$!{}()x|^y?.*+z';
    const events = 'e-0123456789abcd';
    const env = { HOLDFAST_HOOK_SECRET: `${token}, ${odd}`, HOLDFAST_EVENTS_SECRET: events };
    expect(secretsIn(env)).toEqual([events, token, odd]);
    expect(
      makeHideGiven(env)(`"${token}" ${token.slice(0, 20)}… (${odd})${odd} ${odd.slice(0, 12)} /${events}/`),
    ).toBe('"***" ***… (***)*** *** /***/');
    expect(makeHideGiven({ HOLDFAST_HOOK_SECRET: 'short' })('a short text')).toBe('a short text');
  });
});
