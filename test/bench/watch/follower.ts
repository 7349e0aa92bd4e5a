/**
 * `follower.js FOLDER`: watches it as the daemon does, and writes what that took. Run with `--expose-gc`.
 * Memory is the growth of the whole process, rubbish removed before and after.
 */
import { watchDirectory } from '../../../src/source/watch-directory.js';

const [folder = ''] = process.argv.slice(2);

const usedBytes = (): number => {
  globalThis.gc?.();
  return process.memoryUsage.rss();
};

const before = usedBytes();
const began = performance.now();
const watching = await watchDirectory(
  folder,
  () => undefined,
  (message) => process.stderr.write(`${message}\n`),
)();
const tookMs = performance.now() - began;
const grownBytes = usedBytes() - before;
process.stdout.write(`watching ${JSON.stringify({ tookMs, grownBytes })}\n`);
process.on('SIGTERM', () => {
  void watching.close().then(() => process.exit());
});
