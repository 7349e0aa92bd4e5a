/**
 * The last step of the build: runs the program that was just built, and keeps what V8 made of it (`code-cache.ts`).
 * What ran is kept compiled, the rest as far as loading it went.
 */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, URL } from 'node:url';
import type { Script } from 'node:vm';
import { cacheOf, makeLoad } from './code-cache.js';
import { loadProgram } from './load-program.js';

const mainUrl = new URL('../main.cjs', import.meta.url);
const chunks = fileURLToPath(new URL('chunks', mainUrl));
const scripts = new Map<string, Script>();
const load = makeLoad(fileURLToPath(mainUrl), (file, script) => void scripts.set(file, script));

const folder = mkdtempSync(join(tmpdir(), 'holdfast-build-'));
try {
  // Nobody's settings.
  process.env = {};
  process.argv.splice(
    2,
    process.argv.length,
    'plan',
    'desired',
    '--state',
    `sqlite:${join(folder, 'state.db')}`,
  );
  const { start } = loadProgram(load, mainUrl.href);
  // The first writes an index, the second reads it.
  for (let plan = 1; plan <= 2; plan += 1) await start({ mainUrl: mainUrl.href, shortage: () => undefined });
  for (const name of readdirSync(chunks)) load(join(chunks, name));
  for (const [file, script] of scripts) writeFileSync(cacheOf(file), script.createCachedData());
} finally {
  rmSync(folder, { recursive: true });
}
