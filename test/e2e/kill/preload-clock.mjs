/**
 * Loaded before the program (`NODE_OPTIONS=--import`): a system clock that somebody sets. The offset in milliseconds
 * stands in a file, and counts from SIGUSR2 on; then it is written beside the file as seen.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import process from 'node:process';

const file = process.env.HOLDFAST_TEST_CLOCK ?? '';
const SystemDate = Date;
let offsetMs = Number(readFileSync(file, 'utf8'));

globalThis.Date = class extends SystemDate {
  constructor(...values) {
    if (values.length === 0) super(SystemDate.now() + offsetMs);
    else super(...values);
  }
  static now() {
    return SystemDate.now() + offsetMs;
  }
};

process.on('SIGUSR2', () => {
  offsetMs = Number(readFileSync(file, 'utf8'));
  writeFileSync(`${file}.seen`, String(offsetMs));
});
