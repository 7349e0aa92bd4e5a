import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, it } from 'vitest';
import { accountFrom } from '../../src/catapult/credentials.js';

const complete = { BANDWIDTH_USER_ID: 'u-1', BANDWIDTH_API_TOKEN: 't-1', BANDWIDTH_API_SECRET: 's-1' };

describe('the account', () => {
  it('comes from the environment', () => {
    expect(accountFrom(complete)).toEqual(
      E.right({ userId: 'u-1', credentials: { token: 't-1', secret: 's-1' } }),
    );
  });

  it('has no blanks around its parts', () => {
    const padded = { ...complete, BANDWIDTH_API_SECRET: ' s-1\n' };
    expect(accountFrom(padded)).toEqual(accountFrom(complete));
  });

  it.each([
    [
      { ...complete, BANDWIDTH_API_SECRET: undefined },
      'the environment variable BANDWIDTH_API_SECRET is missing or empty',
    ],
    [
      { ...complete, BANDWIDTH_API_TOKEN: ' \t\n' },
      'the environment variable BANDWIDTH_API_TOKEN is missing or empty',
    ],
    [
      { BANDWIDTH_USER_ID: 'u-1', BANDWIDTH_API_TOKEN: '' },
      'the environment variables BANDWIDTH_API_TOKEN and BANDWIDTH_API_SECRET are missing or empty',
    ],
    [
      {},
      'the environment variables BANDWIDTH_USER_ID, BANDWIDTH_API_TOKEN and BANDWIDTH_API_SECRET are missing or empty',
    ],
  ])('names what is missing (%#)', (environment, message) => {
    expect(accountFrom(environment)).toEqual(E.left(message));
  });
});
