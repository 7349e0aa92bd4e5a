import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { hasPassword, maskPasswords, passwordsIn, seal, WebUrl } from '../../src/conference/url.js';
import { workMs } from '../support/work.js';

describe('WebUrl', () => {
  it.each([
    'https://example.com',
    'http://example.com:8080/a?b=c#d',
    'HTTPS://user:secret@example.com/x',
    'https://example.com/a@b',
    'https://[::1]:3000/',
    'https://user@example.com',
  ])('accepts %s', (url) => {
    expect(WebUrl.is(url)).toBe(true);
  });

  it.each([
    '',
    'example.com',
    '/path',
    'ftp://example.com',
    'https:example.com',
    'https:///example.com',
    'https://',
    ' https://example.com',
    'https://example.com/a b',
    'https:\\\\example.com',
    'https://a@b:secret@example.com',
    'https://a"b:secret@example.com',
    'https://exa<mple.com',
    'https://example.com:port',
    'https://example.com\n',
  ])('refuses %j', (url) => {
    expect(WebUrl.is(url)).toBe(false);
  });
});

describe('maskPasswords', () => {
  it.each([
    ['https://user:secret@example.com/x', 'https://user:***@example.com/x'],
    ['https://user:se@cret@example.com/x', 'https://user:***@example.com/x'],
    ['https://:secret@example.com', 'https://:***@example.com'],
    ['postgres://me:secret@db/x and https://a:b@c/', 'postgres://me:***@db/x and https://a:***@c/'],
    ["The URL 'https://u:p@h' is not valid", "The URL 'https://u:***@h' is not valid"],
    ['{"url":"https://host/","other":"a:b@c"}', '{"url":"https://host/","other":"a:b@c"}'],
    ['https://a"b:secret@example.com', 'https://a"b:***@example.com'],
    ['https://example.com:8080/a@b', 'https://example.com:8080/a@b'],
    ['no url at all', 'no url at all'],
    ['https://h.example/events/0123456789abcdef', 'https://h.example/events/***'],
    ['https://h:8080/a/events/0123456789-_AZab?x=1#y', 'https://h:8080/a/events/***?x=1#y'],
    ['see "https://u:p@h/events/0123456789%61bcdef/", or', 'see "https://u:***@h/events/***/", or'],
    ['https://h/events/0123456789abcde', 'https://h/events/0123456789abcde'],
    ['https://h/event/0123456789abcdef', 'https://h/event/0123456789abcdef'],
    ['desired/events/quarterly-all-hands/', 'desired/events/quarterly-all-hands/'],
  ])('%s -> %s', (text, masked) => {
    expect(maskPasswords(text)).toBe(masked);
  });

  const pieces = fc.constantFrom(
    'https://h',
    '/events/',
    '0123456789abcdef',
    'u:p@',
    '://',
    '/',
    ' ',
    '"',
    '%',
    '?',
  );

  test.prop([
    fc.oneof(
      fc.string(),
      fc.array(pieces).map((all) => all.join('')),
    ),
  ])('masking twice is masking once', (text) => {
    expect(maskPasswords(maskPasswords(text))).toBe(maskPasswords(text));
  });

  it.each([
    'a',
    'a://',
    'a://b:',
    '://b:',
    'x:y@',
    '/',
    '/events/',
    '://h/events/',
    '/events/0123456789abcdef',
  ])('takes a text of %j in its stride', (piece) => {
    expect(workMs(() => maskPasswords(piece.repeat(1_000_000 / piece.length)))).toBeLessThan(5_000);
  });
});

describe('seal', () => {
  const password = fc.stringMatching(/^[A-Za-z0-9!$&*+,;=._~-]{10,40}$/);
  const urlWith = (secret: string): string => `https://user:${secret}@example.com/hook`;

  test.prop([password])('hides the password, and sealing twice is sealing once', (secret) => {
    const sealed = seal(urlWith(secret));
    expect(sealed).not.toContain(secret);
    expect(seal(sealed)).toBe(sealed);
    expect(hasPassword(sealed)).toBe(true);
  });

  test.prop([password, password])('tells one password from another', (left, right) => {
    expect(seal(urlWith(left)) === seal(urlWith(right))).toBe(left === right);
  });

  it('hides the password of a URL that is a part of the text', () => {
    const text = (secret: string): string => `see https://u:${secret}@h and https://h`;
    expect(seal(text('secret'))).toMatch(/^see https:\/\/u:sealed-[0-9a-f]{32}@h and https:\/\/h$/);
    expect(seal(seal(text('secret')))).toBe(seal(text('secret')));
    expect(seal(text('secret'))).not.toBe(seal(text('other')));
  });

  const eventSecret = fc.stringMatching(/^[A-Za-z0-9_-]{16,64}$/);

  test.prop([eventSecret, eventSecret])(
    'hides where events are taken, and tells one from another',
    (left, right) => {
      const address = (secret: string): string => `https://user:hunter2@example.com/events/${secret}`;
      const [sealed, other] = [seal(address(left)), seal(address(right))];
      expect(sealed).toMatch(
        /^https:\/\/user:sealed-[0-9a-f]{32}@example\.com\/events\/sealed-[0-9a-f]{32}$/,
      );
      expect(seal(sealed)).toBe(sealed);
      expect(sealed === other).toBe(left === right);
      expect(maskPasswords(sealed)).toBe('https://user:***@example.com/events/***');
      expect(passwordsIn(address(left))).toContain(left);
    },
  );

  it('leaves what has no password alone', () => {
    expect(seal('https://user@example.com/a:b@c')).toBe('https://user@example.com/a:b@c');
    expect(seal('all-hands')).toBe('all-hands');
  });
});
