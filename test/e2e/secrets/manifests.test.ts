/** What is wrong with a manifest is told with its source line: without the password that stands in it. */
import { describe, expect } from 'vitest';
import { brokenPassword, callbackUrl, eventsSecret, eventsUrl, fallbackUrl, password } from './canaries.js';
import { it } from './guarded.js';

const conference = (...lines: readonly string[]): string =>
  ['conferences:', '  conf-1:', ...lines.map((line) => `    ${line}`), ''].join('\n');

const quoted = (text: string): string => JSON.stringify(text);
const single = (text: string): string => `'${text.replaceAll("'", "''")}'`;
const broken = (rest: string, host = '@h.example/x'): string => `https://user:${brokenPassword(rest)}${host}`;
const long = 'x'.repeat(700);

/** Each is wrong at, before or behind a password. */
const manifests: readonly string[] = [
  ...[
    '/',
    '#',
    '?',
    ' ',
    '\\',
    "'",
    '"',
    '<',
    '{',
    ',',
    ']',
    "/it's",
    '"/x',
    ' #',
    '@/',
    '%zz/',
    'é/',
  ].flatMap((rest) => [
    conference(`callbackUrl: ${quoted(broken(rest))}`),
    conference(`fallbackUrl: ${single(broken(rest))}`),
    conference(`callbackUrl: ${broken(rest)}`),
    `conferences: {conf-1: {callbackUrl: ${quoted(broken(rest))}, mutee: 1}}\n`,
  ]),
  conference(`callbackUrl: ${quoted(broken('\n'))}`),
  conference(`callbackUrl: ${quoted(broken('\u0007'))}`),
  // Without a scheme, with one slash, with two names; half a URL; over two lines.
  conference(`callbackUrl: user:${brokenPassword('')}@h.example`),
  conference(`callbackUrl: https:/user:${brokenPassword('')}@h.example`),
  conference(`callbackUrl: https:user:${brokenPassword('')}@h.example`),
  conference(`callbackUrl: ftp://user:${brokenPassword('')}@h.example`),
  conference(`callbackUrl: https://me@corp:${brokenPassword('/')}@h.example`),
  conference(`callbackUrl: https://user:${brokenPassword('')}`),
  conference(`callbackUrl: "https://user:${brokenPassword('')}`, '  @h.example"'),
  conference(`callbackUrl: >-`, `  https://user:${brokenPassword('')}`, '  /x@h.example'),
  conference(`callbackUrl:https://user:${brokenPassword('')}@h.example`),
  conference(`callbackUrl: [${quoted(broken(''))}]`),
  conference(`callbackUrl: {${quoted(broken(''))}: 1}`),
  conference(`callbackUrl: https://user:"${brokenPassword('')}"@h.example`),
  // Where events are taken.
  ...[eventsUrl, `${eventsUrl}/`, `holdfast.example.com/events/${eventsSecret}`].flatMap((url) => [
    conference(`callbackUrl: ${quoted(url.replace('https:', 'htps:'))}`),
    conference(`callbackUrl: ${url.replace('//', '/')} x`),
    conference(`callbackUrl:${url}`),
    `conferences: {conf-1: {callbackUrl: ${quoted(url)}, mutee: 1}}\n`,
  ]),
  // What is wrong stands elsewhere on the line.
  conference(`{callbackUrl: ${quoted(callbackUrl)}, mutee: 1}`),
  `conferences: {conf-1: {callbackUrl: ${quoted(callbackUrl)}, fallbackUrl: ${quoted(fallbackUrl)}, hold: yes}}\n`,
  `conferences: {conf-1: {mutee: 1, tag: "${long}", callbackUrl: "https://u:${password}${long}@h"}}\n`,
  `conferences: {conf-1: {tag: ${quoted(`https://u:${long},${brokenPassword(`/,{"${long}`)}@h`)}, mutee: 1}}\n`,
  conference('mute: yes', `# it was ${broken('')}`, `hold: off # ${callbackUrl}`),
  conference(`mute: ${callbackUrl}`, `state: ${callbackUrl}`, `callbackTimeout: ${callbackUrl}`),
  conference(`${quoted(callbackUrl)}: 1`, `callbackHttpMethod: ${quoted(broken('"'))}`),
  conference(`callbackUrl: ${quoted(callbackUrl)}`, `callbackUrl: ${quoted(fallbackUrl)}`),
  conference(`callbackUrl: !!js/function ${quoted(callbackUrl)}`, `tag: !${callbackUrl} x`),
  conference(`callbackUrl: "${callbackUrl}\\q"`, `tag: 'a`),
  conference(`callbackUrl: ${callbackUrl}: x`, `tag: &${callbackUrl} *x`),
  `${callbackUrl}\n`,
  `- ${callbackUrl}\n`,
  `? ${callbackUrl}\n: *${callbackUrl}\n`,
  `conferences:\n  ${quoted(callbackUrl)}: {}\n`,
  `conferences: ${quoted(broken(' '))}\n`,
  `<<<<<<< ours\ncallbackUrl: ${callbackUrl}\n=======\ncallbackUrl: ${broken('')}\n>>>>>>> theirs\n`,
  `%${callbackUrl}\n---\n`,
  // Declared twice, in a file and in two.
  `conferences: {twice: {callbackUrl: ${quoted(callbackUrl)}}, twice: {fallbackUrl: ${quoted(fallbackUrl)}}}\n`,
  `conferences: {twice: {callbackUrl: ${quoted(callbackUrl)}}} # ${callbackUrl}\n`,
];

describe.concurrent('invalid manifests', () => {
  it('are told in every format without the passwords in them', async ({ guarded }) => {
    for (const [index, text] of manifests.entries()) guarded.write(`desired/${index}.yaml`, text);
    guarded.write('desired/bytes.yaml', Buffer.from(`callbackUrl: ${broken('')}\xff`, 'latin1'));
    const told = await Promise.all([
      ...['text', 'json', 'github'].map((format) => guarded.run(['validate', '--format', format])),
      guarded.run(['validate'], { FORCE_COLOR: '1' }),
      guarded.run(['plan', '--out', 'saved.json']),
      guarded.run(['apply', '--yes', '--format', 'json']),
    ]);
    for (const { code, stdout, stderr } of told) {
      expect(code).toBe(1);
      expect((stdout + stderr).length).toBeGreaterThan(10_000);
    }
    const text = told[0].stdout;
    // Every file is told, with a line and a mark: what is hidden is hidden in it, and not it as a whole.
    for (const index of manifests.keys()) expect(text).toContain(`desired/${index}.yaml:`);
    expect(text).toContain('callbackUrl: "https://user:***@h.example/x"');
    expect(text.match(/^ +\| +\^/gm)?.length ?? 0).toBeGreaterThan(manifests.length / 2);
  });

  it('are told by the daemon, its endpoints and the status as well', async ({ guarded }) => {
    for (const [index, text] of manifests.entries()) guarded.write(`desired/${index}.yaml`, text);
    const { endpoint } = await guarded.api();
    const args = ['watch', '--endpoint', endpoint, '--listen', '127.0.0.1:0', '--log-format'];
    const daemon = guarded.start([...args, 'json']);
    const { listen } = await daemon.event((event) => 'listen' in event);
    await daemon.event(({ event }) => event === 'invalid');
    for (const path of ['/status', '/metrics', '/healthz', '/readyz', '/nothing'])
      await guarded.ask(`${String(listen)}${path}`);
    for (const format of ['text', 'json']) await guarded.run(['status', '--format', format]);
    daemon.signal('SIGTERM');
    expect((await daemon.ended).code).toBe(0);
    const pretty = guarded.start([...args, 'pretty']);
    await pretty.printed('invalid');
    pretty.signal('SIGTERM');
    expect((await pretty.ended).code).toBe(0);
  });
});
