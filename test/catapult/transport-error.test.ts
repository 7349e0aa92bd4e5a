import { fc, test as property } from '@fast-check/vitest';
import * as O from 'fp-ts/lib/Option.js';
import { describe, expect, it } from 'vitest';
import { classifyTransportError } from '../../src/catapult/transport-error.js';

const address = 'https://api.example/v1/users/u-1/conferences/conf-1';
const keep = (text: string): string => text;

/** As node-fetch makes them. */
const fetchError = (code: string, reason: string): unknown => ({
  name: 'FetchError',
  type: 'system',
  code,
  errno: code,
  message: `request to ${address} failed, reason: ${reason}`,
});

const withCode = (code: string, message: string): Error => Object.assign(new Error(message), { code });

const unsent: readonly (readonly [string, unknown])[] = [
  ['refused', fetchError('ECONNREFUSED', 'connect ECONNREFUSED 127.0.0.1:1')],
  ['refused at every address', fetchError('ECONNREFUSED', '')],
  ['no such name', fetchError('ENOTFOUND', 'getaddrinfo ENOTFOUND api.example')],
  ['DNS does not answer', fetchError('EAI_AGAIN', 'getaddrinfo EAI_AGAIN api.example')],
  ['no route to the host', fetchError('EHOSTUNREACH', 'connect EHOSTUNREACH 10.0.0.1:443')],
  ['no network', fetchError('ENETUNREACH', 'connect ENETUNREACH 10.0.0.1:443 - Local (0.0.0.0:0)')],
  ['connecting timed out', fetchError('ETIMEDOUT', 'connect ETIMEDOUT 10.0.0.1:443')],
  ['connecting timed out at every address', fetchError('ETIMEDOUT', '')],
  [
    'no file descriptor left',
    fetchError('EMFILE', 'connect EMFILE 10.0.0.1:443 - Local (undefined:undefined)'),
  ],
  ['reset while connecting', fetchError('ECONNRESET', 'connect ECONNRESET 10.0.0.1:443')],
  [
    'cut before TLS was there',
    fetchError(
      'ECONNRESET',
      'Client network socket disconnected before secure TLS connection was established',
    ),
  ],
  ['expired certificate', fetchError('CERT_HAS_EXPIRED', 'certificate has expired')],
  ['self-signed', fetchError('DEPTH_ZERO_SELF_SIGNED_CERT', 'self-signed certificate')],
  [
    'self-signed root',
    fetchError('SELF_SIGNED_CERT_IN_CHAIN', 'self-signed certificate in certificate chain'),
  ],
  ['unknown issuer', fetchError('UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'unable to verify the first certificate')],
  ['no issuer', fetchError('UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'unable to get local issuer certificate')],
  [
    'another name',
    fetchError('ERR_TLS_CERT_ALTNAME_INVALID', "Hostname/IP does not match certificate's altnames"),
  ],
  [
    'no TLS there',
    fetchError('EPROTO', 'write EPROTO 40:error:0A00010B:SSL routines:ssl3_get_record:wrong version number:'),
  ],
  [
    'no TLS there, newer',
    fetchError('ERR_SSL_WRONG_VERSION_NUMBER', 'error:0A00010B:SSL routines::wrong version number'),
  ],
  [
    'TLS too old',
    fetchError('ERR_SSL_UNSUPPORTED_PROTOCOL', 'error:0A000102:SSL routines::unsupported protocol'),
  ],
  ['TLS refused', fetchError('ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE', 'sslv3 alert handshake failure')],
  ['invalid URL', withCode('ERR_INVALID_URL', 'Invalid URL')],
  ['relative URL', new TypeError('Only absolute URLs are supported')],
  ['other protocol', new TypeError('Only HTTP(S) protocols are supported')],
  ['illegal header', new TypeError('a\nb is not a legal HTTP header value')],
  [
    'several addresses',
    new AggregateError([
      withCode('ECONNREFUSED', 'connect ECONNREFUSED ::1:1'),
      withCode('ETIMEDOUT', 'connect ETIMEDOUT 127.0.0.1:1'),
    ]),
  ],
];

const inDoubt: readonly (readonly [string, unknown])[] = [
  ['reset', fetchError('ECONNRESET', 'read ECONNRESET')],
  ['hung up', fetchError('ECONNRESET', 'socket hang up')],
  ['broken pipe', fetchError('EPIPE', 'write EPIPE')],
  ['timed out while reading', fetchError('ETIMEDOUT', 'read ETIMEDOUT')],
  ['route lost while reading', fetchError('EHOSTUNREACH', 'read EHOSTUNREACH')],
  ['route lost while writing', fetchError('ENETUNREACH', 'write ENETUNREACH')],
  ['broken record', fetchError('ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC', 'bad record mac')],
  [
    'certificate of ours asked for late',
    fetchError('ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'tlsv13 alert certificate required'),
  ],
  ['no HTTP', fetchError('HPE_INVALID_CONSTANT', 'Parse Error: Expected HTTP/')],
  ['premature close', withCode('ERR_STREAM_PREMATURE_CLOSE', 'Premature close')],
  ['aborted', { name: 'AbortError', type: 'aborted', message: 'The user aborted a request.' }],
  ['our own timeout', new Error('no answer within 30000 ms')],
  [
    'several addresses, one of them reached',
    new AggregateError([
      withCode('ECONNREFUSED', 'connect ECONNREFUSED ::1:1'),
      withCode('ECONNRESET', 'read ECONNRESET'),
    ]),
  ],
  ['no addresses at all', new AggregateError([])],
  ['nothing', undefined],
  ['null', null],
  ['a text', 'connection'],
  ['an object of odd types', { code: 1, message: [], errors: 'x' }],
];

describe('a fault without an answer', () => {
  it.each(unsent)('%s: never sent', (_name, cause) => {
    expect(classifyTransportError(cause, keep)._tag).toBe('Unsent');
  });

  it.each(inDoubt)('%s: in doubt', (_name, cause) => {
    expect(classifyTransportError(cause, keep)._tag).toBe('InDoubt');
  });

  it.each([
    [fetchError('ECONNREFUSED', 'connect ECONNREFUSED 127.0.0.1:1'), 'connect ECONNREFUSED 127.0.0.1:1'],
    [fetchError('ECONNREFUSED', ''), '(ECONNREFUSED)'],
    [fetchError('CERT_HAS_EXPIRED', 'certificate has expired'), 'certificate has expired (CERT_HAS_EXPIRED)'],
    [undefined, 'no answer'],
  ])('is told in the words of the system (%#)', (cause, message) => {
    const { evidence } = classifyTransportError(cause, keep);
    expect(evidence).toEqual({ status: O.none, code: O.none, message });
  });

  property.prop([fc.anything({ withBigInt: true, withDate: true, withMap: true, withNullPrototype: true })])(
    'classifying is total',
    (cause) => {
      expect(['Unsent', 'InDoubt']).toContain(classifyTransportError(cause, keep)._tag);
    },
  );
});
