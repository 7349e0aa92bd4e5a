/** What lasts as long as a test. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export type CleanUp = () => void | Promise<void>;

/** What a test hands back when it is over; both vitest's test context and a hook's own list have it. */
export interface Scope {
  readonly onTestFinished: (cleanUp: CleanUp) => void;
}

export const temporaryFolder = ({ onTestFinished }: Scope): string => {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-daemon-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
};
