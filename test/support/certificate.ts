/**
 * X.509 certificates for tests, made while they run: no program is needed, no private key lies in the
 * repository, and nothing expires. The fields are those of RFC 5280, in the order in which they stand there.
 */
import { generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';

export interface CertificateOptions {
  readonly commonName: string;
  /** Who it is for: addresses of IPv4, or names. */
  readonly hosts?: readonly string[];
  /** Itself, when absent. */
  readonly issuer?: Certificate;
  readonly isAuthority?: boolean;
  readonly notBefore?: Date;
  readonly notAfter?: Date;
}

export interface Certificate {
  readonly commonName: string;
  readonly privateKey: KeyObject;
  /** PEM, as `https.createServer` takes them. */
  readonly key: string;
  readonly cert: string;
}

const dayMs = 24 * 60 * 60_000;

export const makeCertificate = (options: CertificateOptions): Certificate => {
  const { commonName, hosts = [], issuer, isAuthority = false } = options;
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const toBeSigned = sequence(
    element(0xa0, integer(Buffer.from([2]))),
    integer(Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    ecdsaWithSha256,
    nameOf(issuer?.commonName ?? commonName),
    sequence(
      time(options.notBefore ?? new Date(Date.now() - dayMs)),
      time(options.notAfter ?? new Date(Date.now() + dayMs)),
    ),
    nameOf(commonName),
    publicKey.export({ type: 'spki', format: 'der' }),
    element(0xa3, sequence(...extensions(hosts, isAuthority))),
  );
  const signature = sign('sha256', toBeSigned, issuer?.privateKey ?? privateKey);
  const whole = sequence(toBeSigned, ecdsaWithSha256, element(0x03, Buffer.from([0]), signature));
  return {
    commonName,
    privateKey,
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${whole.toString('base64')}\n-----END CERTIFICATE-----\n`,
  };
};

const extensions = (hosts: readonly string[], isAuthority: boolean): readonly Buffer[] => [
  ...(isAuthority
    ? [extension([0x55, 0x1d, 0x13], sequence(element(0x01, Buffer.from([0xff]))), 'critical')]
    : []),
  ...(hosts.length > 0 ? [extension([0x55, 0x1d, 0x11], sequence(...hosts.map(alternativeName)))] : []),
];

const extension = (id: readonly number[], value: Buffer, critical?: 'critical'): Buffer =>
  sequence(
    element(0x06, Buffer.from(id)),
    ...(critical === undefined ? [] : [element(0x01, Buffer.from([0xff]))]),
    element(0x04, value),
  );

const alternativeName = (host: string): Buffer =>
  /^[0-9.]+$/.test(host)
    ? element(0x87, Buffer.from(host.split('.').map(Number)))
    : element(0x82, Buffer.from(host));

const nameOf = (commonName: string): Buffer =>
  sequence(
    element(
      0x31,
      sequence(element(0x06, Buffer.from([0x55, 0x04, 0x03])), element(0x0c, Buffer.from(commonName))),
    ),
  );

const time = (date: Date): Buffer =>
  element(0x18, Buffer.from(`${date.toISOString().replace(/[-:T]/g, '').slice(0, 14)}Z`));

function sequence(...parts: readonly Buffer[]): Buffer {
  return element(0x30, ...parts);
}

function integer(bytes: Buffer): Buffer {
  return element(0x02, bytes);
}

/** Tag, length, content. */
function element(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size =
    length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

const ecdsaWithSha256 = sequence(
  element(0x06, Buffer.from([0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02])),
);
