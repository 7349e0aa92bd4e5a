import { fc, test as property } from '@fast-check/vitest';
import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, it } from 'vitest';
import { defaultEndpoint, parseEndpoint } from '../../src/catapult/endpoint.js';

const problemOf = (text: string): string => {
  const parsed = parseEndpoint(text);
  if (E.isRight(parsed)) throw new Error(`accepted as ${parsed.right}`);
  return parsed.left;
};

describe('an endpoint', () => {
  it.each([
    [defaultEndpoint, defaultEndpoint],
    ['https://api.example/', 'https://api.example'],
    [' https://api.example\n', 'https://api.example'],
    ['HTTPS://API.Example:443', 'https://api.example'],
    ['https://api.example:8443', 'https://api.example:8443'],
    ['https://proxy.example/catapult', 'https://proxy.example/catapult'],
    ['https://proxy.example/catapult//', 'https://proxy.example/catapult'],
    ['https://proxy.example/a/../b', 'https://proxy.example/b'],
    ['https://proxy.example/@team', 'https://proxy.example/@team'],
    ['http://localhost:8080', 'http://localhost:8080'],
    ['http://127.0.0.1', 'http://127.0.0.1'],
    ['http://127.9.8.7:1/', 'http://127.9.8.7:1'],
    ['http://127.1:80', 'http://127.0.0.1'],
    ['http://[::1]:8080/base', 'http://[::1]:8080/base'],
    ['https://[2001:db8::1]', 'https://[2001:db8::1]'],
  ])('%j is %s', (text, endpoint) => {
    expect(parseEndpoint(text)).toEqual(E.right(endpoint));
  });

  it.each([
    ['', 'write it like https://api.catapult.inetwork.com'],
    ['api.example', 'no scheme'],
    ['localhost:8080', 'no scheme'],
    ['https:api.example', 'no scheme'],
    ['https://', 'not a valid URL'],
    ['https://a b', 'not a valid URL'],
    ['https:\\\\api.example', 'no scheme'],
    ['https://api.example\\x', 'not a valid URL'],
    ['https://api.example:99999', 'not a valid URL'],
    ['ftp://api.example', 'must be https'],
    ['file:///etc/passwd', 'must be https'],
    ['http://api.example/x/', 'write https://api.example/x'],
    ['http://127.0.0.1.example', 'plain http'],
    ['http://localhost.example', 'plain http'],
    ['http://10.0.0.1', 'plain http'],
    ['http://0.0.0.0', 'plain http'],
    ['http://[::ffff:127.0.0.1]', 'plain http'],
    ['http://1270.0.0.1.example', 'plain http'],
    ['https://api.example?x=1', 'write https://api.example'],
    ['https://api.example/a?', 'query'],
    ['https://api.example/#', 'fragment'],
    ['http://localhost@evil.example', 'must not hold a user name'],
    ['https://@api.example', 'must not hold a user name'],
  ])('%j is refused: %s', (text, words) => {
    expect(problemOf(text)).toContain(words);
  });

  it.each([
    'https://tok-1:s3cret@api.example/x',
    'http://s3cret@api.example',
    'ftp://a:s3cret@b',
    'https://a:s3cret@b c',
  ])('the refusal of %s does not repeat the credentials', (text) => {
    expect(problemOf(text)).not.toContain('s3cret');
  });

  property.prop([
    fc.oneof(
      fc.webUrl(),
      fc.string({ unit: 'binary' }).map((rest) => `https://${rest}`),
    ),
  ])('is normal: parsing it again changes nothing', (text) => {
    const parsed = parseEndpoint(text);
    if (E.isRight(parsed)) expect(parseEndpoint(parsed.right)).toEqual(parsed);
  });
});
