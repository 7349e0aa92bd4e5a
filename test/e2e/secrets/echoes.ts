/** What a server knows of whoever calls it, told back in every way an API or a proxy may write it. */
import { gzipSync } from 'node:zlib';
import type { ApiRequest, Handler, Reply } from '../support/scripted-api.js';
import { callbackUrl, eventsSecret, fallbackUrl, hookSecret, password, secret, token } from './canaries.js';

/** A manifest whose conferences have passwords wherever there may be one. */
export const declaredWithSecrets = (ids: readonly string[]): string =>
  JSON.stringify({
    defaults: { callbackUrl, fallbackUrl },
    conferences: Object.fromEntries(
      ids.map((id) => [id, { mute: true, tag: `see ${callbackUrl}`, name: callbackUrl }]),
    ),
  });

/** All that a server knows of us, most telling first: evidence is short. */
export const known = ({ authorization = '', body, path }: ApiRequest): readonly string[] => [
  Buffer.from(authorization.replace('Basic ', ''), 'base64').toString(),
  authorization,
  password,
  `${eventsSecret} ${hookSecret} ${decodeURIComponent(password)}`,
  JSON.stringify(body),
  `https://${encodeURIComponent(token)}:${encodeURIComponent(secret)}@api.example${path}`,
];

const inHtml = (text: string): string =>
  text.replace(/[&<>"'/]/g, (sign) => `&#x${sign.charCodeAt(0).toString(16)};`);
const inEscapes = (text: string): string =>
  text.replace(/[^\w ]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`);

type Echo = (status: number, text: string) => Reply;

const echoes: readonly Echo[] = [
  (status, text) => ({ status, json: { category: 'test', code: text, message: text, details: [] } }),
  (status, text) => ({ status, json: { code: 'x', message: encodeURIComponent(text) } }),
  (status, text) => ({ status, json: { code: 'x', message: JSON.stringify({ text }) } }),
  (status, text) => ({ status, text: `{"code":"x","message":"\\"${inEscapes(text)}` }),
  (status, text) => ({ status, text: `<html><title>${inHtml(text)}</title></html>` }),
  (status, text) => ({ status, text: `<html><body>${inHtml(text)}<script>x</script></body></html>` }),
  (status, text) => ({ status, text }),
  (status, text) => ({ status, text: text.toUpperCase() }),
  (status, text) => ({ status, text: JSON.stringify([text.replaceAll('/', '\\/')]) }),
  (status, text) => ({
    status,
    text: gzipSync(text).toString('latin1'),
    headers: { 'content-encoding': 'gzip', location: encodeURI(text) },
  }),
];

/** Whoever has one of these is told in a way of its own. */
export const echoingIds = echoes.map((_, index) => `conf-${index}`);
/** In every way of every fact. */
export const everyId = Array.from({ length: echoes.length * 6 }, (_, index) => `conf-${index}`);

/** Every way of every fact, one for each conference. */
export const echoing =
  (status: number): Handler =>
  (request) => {
    const index = Number(/\d+$/.exec(request.conference)?.[0] ?? 0);
    const echo = echoes[index % echoes.length];
    const text = known(request)[Math.floor(index / echoes.length)];
    return echo === undefined || text === undefined ? { status } : echo(status, text);
  };

/** Also as Markdown writes it. */
export const masked = (text: string): boolean => /(\*|&#42;){3}/.test(text);
