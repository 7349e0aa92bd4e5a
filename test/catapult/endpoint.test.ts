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
    // Other spellings of loopback addresses, as every URL parser reads them.
    ['http://0x7f000001', 'http://127.0.0.1'],
    ['http://2130706433:81', 'http://127.0.0.1:81'],
    ['http://0177.0.0.1', 'http://127.0.0.1'],
    ['http://[0:0:0:0:0:0:0:1]', 'http://[::1]'],
    ['http://LOCALHOST', 'http://localhost'],
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
    ['http://evil.example@127.0.0.1', 'must not hold a user name'],
    ['http://127.0.0.1@evil.example', 'must not hold a user name'],
    ['http://127.0.0.1:80@evil.example', 'must not hold a user name'],
    ['http://127.0.0.1:80/x@evil.example', 'must not have an @'],
    ['http://127.0.0.1.evil.example', 'plain http'],
    ['http://localhost.evil.example', 'plain http'],
    ['http://evil-localhost', 'plain http'],
    ['http://localhost.', 'plain http'],
    ['http://126.255.255.255', 'plain http'],
    ['http://128.0.0.1', 'plain http'],
    ['http://[::2]', 'plain http'],
    ['http://[::1%25lo]', 'not a valid URL'],
    ['http://\u2460\u2461\u2466.0.0.1.evil.example', 'plain http'],
    ['http://user:1/s3cret@evil.example', 'must not have an @'],
  ])('%j is refused: %s', (text, words) => {
    expect(problemOf(text)).toContain(words);
  });

  it.each([
    'https://tok-1:s3cret@api.example/x',
    'http://s3cret@api.example',
    'ftp://a:s3cret@b',
    'https://a:s3cret@b c',
    'https://a:80/s3cret@b',
    'http://a:80/s3cret@b',
    'https://a:s3/cret-s3cret@b',
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
