/** `fmt` on real files. */
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as E from 'fp-ts/lib/Either.js';
import { replaceFile } from '../../src/source/replace-file.js';
import { readContent } from '../../src/source/scan-file.js';
import { runHere, type RanHere } from '../support/in-process.js';

const untidy = 'conferences:\n    a: # kept\n        mute: "true"\n';
const tidy = 'conferences:\n  a: # kept\n    mute: true\n';
const broken = 'conferences:\n    a: { mute: yes }\n';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-fmt-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const at = (path: string): string => join(folder, path);
const put = (path: string, text: string): void => {
  mkdirSync(join(at(path), '..'), { recursive: true });
  writeFileSync(at(path), text);
};
const get = (path: string): string => readFileSync(at(path), 'utf8');
const fmt = (...words: readonly string[]): Promise<RanHere> => runHere(['fmt', ...words], {});

describe('fmt', () => {
  it('formats what is below a directory, names what it changed, and writes nothing twice', async () => {
    put('a.yaml', untidy);
    put('deep/b.yml', untidy);
    put('tidy.yaml', tidy);
    put('.hidden.yaml', untidy);
    put('notes.txt', untidy);
    const { ino, mtimeNs } = statSync(at('tidy.yaml'), { bigint: true });
    expect(await fmt(folder)).toEqual({ code: 0, out: `${at('a.yaml')}\n${at('deep/b.yml')}\n`, err: '' });
    expect([get('a.yaml'), get('deep/b.yml'), get('.hidden.yaml')]).toEqual([tidy, tidy, untidy]);
    expect(statSync(at('tidy.yaml'), { bigint: true })).toMatchObject({ ino, mtimeNs });
    expect(await fmt(folder)).toEqual({ code: 0, out: '', err: '' });
    expect(readdirSync(folder).sort()).toEqual(['.hidden.yaml', 'a.yaml', 'deep', 'notes.txt', 'tidy.yaml']);
  });

  it('lists with --check, and writes nothing', async () => {
    put('a.yaml', untidy);
    put('b.yaml', tidy);
    expect(await fmt('--check', folder)).toEqual({ code: 1, out: `${at('a.yaml')}\n`, err: '' });
    expect(get('a.yaml')).toBe(untidy);
    expect(await fmt('--check', at('b.yaml'))).toEqual({ code: 0, out: '', err: '' });
  });

  it('leaves a file with errors as it is, shows them, and formats the others', async () => {
    put('a.yaml', broken);
    put('b.yaml', untidy);
    put('c.yaml', '\uFFFD');
    writeFileSync(at('c.yaml'), Buffer.from([0x61, 0xff]));
    const { code, out, err } = await fmt(folder);
    expect({ code, out }).toEqual({ code: 1, out: `${at('b.yaml')}\n` });
    expect(err).toContain(`${at('a.yaml')}:2:16: error: mute must be true or false`);
    expect(err).toContain(`${at('c.yaml')}:1:2: error: the byte 0xff is not valid UTF-8`);
    expect([get('a.yaml'), get('b.yaml')]).toEqual([broken, tidy]);
    expect(readFileSync(at('c.yaml'))).toEqual(Buffer.from([0x61, 0xff]));
  });

  it('takes files of any name, each once, and says what is not there', async () => {
    put('rooms.txt', untidy);
    const { code, out, err } = await fmt('--check', at('rooms.txt'), at('./rooms.txt'), at('none.yaml'));
    expect({ code, out }).toEqual({ code: 1, out: `${at('rooms.txt')}\n` });
    expect(err).toContain(`${at('none.yaml')}:1:1: error: the file cannot be read: there is no such file`);
  });

  it('keeps the mode, and follows a symbolic link', async () => {
    put('real/rooms.yaml', untidy);
    chmodSync(at('real/rooms.yaml'), 0o640);
    mkdirSync(at('desired'));
    symlinkSync('../real/rooms.yaml', at('desired/rooms.yaml'));
    expect((await fmt(at('desired'))).out).toBe(`${at('desired/rooms.yaml')}\n`);
    expect(get('real/rooms.yaml')).toBe(tidy);
    expect(statSync(at('real/rooms.yaml')).mode & 0o7777).toBe(0o640);
    expect(lstatSync(at('desired/rooms.yaml')).isSymbolicLink()).toBe(true);
    expect(readlinkSync(at('desired/rooms.yaml'))).toBe('../real/rooms.yaml');
    expect([readdirSync(at('real')), readdirSync(at('desired'))]).toEqual([['rooms.yaml'], ['rooms.yaml']]);
  });

  it('formats standard input, as it is and with all that it holds', async () => {
    const url = 'https://u:hunter2@a.example/';
    const input = untidy.replace('"true"', `true\n        callbackUrl: '${url}'`);
    const secret = { HOLDFAST_EVENTS_SECRET: 'a'.repeat(32) };
    const events = `https://a.example/events/${secret.HOLDFAST_EVENTS_SECRET}`;
    expect(await runHere(['fmt', '-'], {}, undefined, input)).toEqual({
      code: 0,
      out: `conferences:\n  a: # kept\n    mute: true\n    callbackUrl: ${url}\n`,
      err: '',
    });
    const { out } = await runHere(['fmt', '-'], secret, undefined, input.replace(url, events));
    expect(out).toContain(events);
    expect(await runHere(['fmt', '--check', '-'], {}, undefined, input)).toEqual({
      code: 1,
      out: '<stdin>\n',
      err: '',
    });
  });

  it('gives nothing back of an input with errors, and does not mix it with files', async () => {
    const { code, out, err } = await runHere(['fmt', '-'], {}, undefined, broken);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain('<stdin>:2:16: error: mute');
    expect((await fmt('-', folder)).err).toContain('- is standard input');
  });

  it('says that a file cannot be written, and goes on', async () => {
    put('a.yaml', untidy);
    // Left behind by one that was killed.
    put(`.holdfast-${process.pid}.tmp`, 'half');
    put('z.yaml', untidy);
    const { code, out, err } = await fmt(folder);
    expect({ code, out }).toEqual({ code: 1, out: `${at('z.yaml')}\n` });
    expect(err).toContain(
      'a.yaml:1:1: error: the file cannot be written: EEXIST (it stays as it is) [not-formatted]',
    );
  });
});

describe('replacing a file', () => {
  it('does not lose what somebody has saved since it was read', async () => {
    put('a.yaml', untidy);
    const content = readContent(at('a.yaml'));
    if (content._tag !== 'Bytes') throw new Error(content._tag);
    put('a.yaml', 'conferences: {}\n# longer than before, so that it shows\n');
    const replaced = await replaceFile(at('a.yaml'), Buffer.from(tidy), content.stamp, 1)();
    expect(replaced).toEqual(E.left('somebody has changed it meanwhile'));
    expect(get('a.yaml')).toContain('longer than before');
    expect(readdirSync(folder)).toEqual(['a.yaml']);
  });
});
