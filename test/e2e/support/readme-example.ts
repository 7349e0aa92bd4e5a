/** Runs one example of the README in a folder of its own, against a sandbox of its own. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { patienceMs } from '../../support/patience.js';
import { linesOf, outputFor, stepsOf, type Block } from './readme-blocks.js';

interface Example {
  readonly folder: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly running: Running[];
}

interface Running {
  readonly child: ChildProcess;
  /** What it prints from now on, up to and with the first line that contains the text, or to its end. */
  readonly printed: (until: string) => Promise<readonly string[]>;
}

/** The blocks, and what should stand in each. */
export const runExample = async (blocks: readonly Block[]): Promise<ReadonlyMap<Block, string>> => {
  const example = prepare();
  try {
    const bodies = new Map<Block, string>();
    for (const block of blocks) bodies.set(block, await runBlock(example, block));
    return bodies;
  } finally {
    await Promise.all(example.running.map(stop));
    rmSync(example.folder, { recursive: true });
  }
};

/** The folder looks like a clone of this one, for `npm start` and `import`; the log is pretty as at a terminal. */
const prepare = (): Example => {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-readme-'));
  const bin = join(folder, '.bin');
  mkdirSync(bin);
  writeFileSync(join(bin, 'holdfast'), `#!/bin/sh\nexec node '${resolve('dist/main.cjs')}' "$@"\n`, {
    mode: 0o755,
  });
  writeFileSync(join(folder, 'holdfast.yaml'), 'logFormat: pretty\n');
  for (const name of ['package.json', 'desired']) cpSync(name, join(folder, name), { recursive: true });
  symlinkSync(resolve('dist'), join(folder, 'dist'));
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(resolve('.'), join(folder, 'node_modules', 'holdfast'));
  const path = [bin, dirname(process.execPath), process.env['PATH']].join(delimiter);
  return { folder, environment: { PATH: path, HOME: folder }, running: [] };
};

const runBlock = async (example: Example, block: Block): Promise<string> => {
  switch (block.language) {
    case 'sh':
      return setUp(example, block.body);
    case 'yaml':
    case 'js':
      return writeExampleFile(example, block.body);
    case 'diff':
      return editFile(example, block.body);
    case 'console':
      return runCommands(example, block);
    case 'text':
      return readOn(example, block);
    default:
      throw new Error(`an example in the language ${block.language}`);
  }
};

/**
 * Reads the lines instead of handing them to a shell, because the port is not the one of the page:
 * `holdfast sandbox … &`, `export NAME=value …` and `curl … URL … -d '{…}'`.
 */
const setUp = async (example: Example, body: string): Promise<string> => {
  let endpoint = '';
  for (const line of linesOf(body.replace(/\\\n\s*/g, ''))) {
    const [, args] = /holdfast (sandbox.*) &$/.exec(line) ?? [];
    const [, path, data = ''] = /^curl .*http:\/\/127\.0\.0\.1:\d+(\/\S+).* -d '(.*)'$/.exec(line) ?? [];
    if (args !== undefined) {
      const [started = ''] = (await start(example, `holdfast ${args} --port 0`).printed('answers at')).slice(
        -1,
      );
      endpoint = /http:\/\/127\.0\.0\.1:\d+/.exec(started)?.[0] ?? '';
    } else if (line.startsWith('export ')) {
      for (const [, name = '', value = ''] of line.matchAll(/(\w+)=(\S+)/g))
        example.environment[name] = value.replace(/^http:\/\/127\.0\.0\.1:\d+/, endpoint);
    } else if (path !== undefined) {
      const headers = { authorization: `Basic ${btoa('t:s')}`, 'content-type': 'application/json' };
      const { status } = await fetch(`${endpoint}${path}`, { method: 'POST', headers, body: data });
      if (status !== 201) throw new Error(`${line}: ${String(status)}`);
    } else if (!/^(#.*)?$/.test(line)) {
      throw new Error(`not known how to do: ${line}`);
    }
  }
  return body;
};

const writeExampleFile = ({ folder }: Example, body: string): string => {
  const [, path] = /^(?:#|\/\/) (\S+)/.exec(body) ?? [];
  if (path === undefined) throw new Error('the first line of a file is a comment with its path');
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, body);
  return body;
};

const editFile = ({ folder }: Example, body: string): string => {
  const [, path = ''] = /^--- (\S+)$/m.exec(body) ?? [];
  const pick = (sign: string): string =>
    linesOf(body)
      .filter((line) => line.startsWith(sign) && !line.startsWith('---'))
      .map((line) => `${line.slice(1)}\n`)
      .join('');
  const file = join(folder, path);
  const before = readFileSync(file, 'utf8');
  if (before.split(pick('-')).length !== 2)
    throw new Error(`${path} has these lines not exactly once:\n${body}`);
  writeFileSync(
    file,
    before.replace(pick('-'), () => pick('+')),
  );
  return body;
};

const runCommands = async (example: Example, { body, until }: Block): Promise<string> => {
  const lines: string[] = [];
  let lastCode = 0;
  for (const { command, output } of stepsOf(body)) {
    const running = start(example, `(exit ${lastCode}); ${command}`);
    const printed = await running.printed(until);
    if (until === '') lastCode = running.child.exitCode ?? 255;
    lines.push(`$ ${command}`, ...outputFor(output, printed));
  }
  return `${lines.join('\n')}\n`;
};

const readOn = async ({ running }: Example, { body, until }: Block): Promise<string> => {
  const printed = await running.at(-1)?.printed(until);
  return `${outputFor(linesOf(body), printed ?? []).join('\n')}\n`;
};

/** Both outputs in one, in the order in which they were written. */
const start = ({ folder, environment, running }: Example, command: string): Running => {
  const child = spawn('sh', ['-c', `{ ${command}\n} 2>&1`], {
    cwd: folder,
    env: environment,
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  let unread = '';
  let look = (): void => undefined;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    unread += text;
    look();
  });
  const closed = once(child, 'close');
  const printed = async (until: string): Promise<readonly string[]> => {
    const found = new Promise<void>((done) => {
      look = () => {
        if (until !== '' && lengthUntil(unread, until) > 0) done();
      };
      look();
    });
    await Promise.race([found, closed, bound(`${command}: ${until === '' ? 'its end' : until}`)]);
    const length = until === '' ? unread.length : lengthUntil(unread, until);
    if (length < 0) throw new Error(`${command} ended without ${until}:\n${unread}`);
    const text = unread.slice(0, length);
    unread = unread.slice(length);
    return text === '' ? [] : linesOf(text);
  };
  const started = { child, printed };
  running.push(started);
  return started;
};

/** The length of the text up to and with the line that contains it; -1 when that line is not there yet. */
const lengthUntil = (text: string, until: string): number => {
  const at = text.indexOf(until);
  const end = at < 0 ? -1 : text.indexOf('\n', at);
  return end < 0 ? -1 : end + 1;
};

const bound = (what: string): Promise<never> =>
  new Promise((_resolve, reject) => {
    setTimeout(() => reject(new Error(`waited ${patienceMs} ms for ${what}`)), patienceMs).unref();
  });

const stop = async ({ child }: Running): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const closed = once(child, 'close');
  process.kill(-child.pid, 'SIGINT');
  await closed;
};
