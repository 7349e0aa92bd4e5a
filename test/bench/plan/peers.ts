/** Peers, where they are installed. What is not is left out with a word. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { interleave } from '../interleave.js';
import { writeFiles } from '../manifests.js';
import { isInstalled, timeOf, type Command } from '../processes.js';
import { atLeast, ratio, type Row } from '../row.js';
import { settle } from '../settle.js';
import { applied, planOf, walkOf } from './cases.js';

/** A text: why it is left out. */
export const gitStatus = async (folder: string, runs: number): Promise<Row | string> => {
  if (!isInstalled('git')) return 'git status is left out: git is not installed';
  git(folder, 'init', '--quiet');
  git(folder, 'add', 'desired');
  const command: Command = { program: 'git', words: ['status', '--short', 'desired'], folder };
  settle();
  timeOf(command);
  const { oursMs, referenceMs } = await interleave(
    runs,
    () => timeOf(walkOf(folder)),
    () => timeOf(command),
  );
  return ratio('peer: git status, nothing changed', oursMs, referenceMs);
};

const git = (folder: string, ...words: readonly string[]): void => {
  const { status, stderr } = spawnSync('git', words, { cwd: folder, encoding: 'utf8' });
  if (status !== 0) throw new Error(`git ${words.join(' ')}: ${stderr}`);
};

const resources = 2_000;

/** Its own `terraform_data` needs no provider, and a plan without refresh asks nobody. */
export const terraform = async (folder: string, runs: number): Promise<Row | string> => {
  if (!isInstalled('terraform')) return 'terraform is left out: it is not installed';
  const theirs = join(folder, 'terraform');
  mkdirSync(theirs);
  writeFileSync(join(theirs, 'main.tf'), Array.from({ length: resources }, resourceOf).join(''));
  const run = (...words: readonly string[]): Command => ({ program: 'terraform', words, folder: theirs });
  timeOf(run('init', '-input=false'));
  timeOf(run('apply', '-auto-approve', '-input=false'));
  const ours = await applied(join(folder, 'as-many'), writeFiles, resources);
  settle();
  timeOf(planOf(ours));
  const { oursMs: theirsMs, referenceMs: oursMs } = await interleave(
    Math.min(runs, 5),
    () => timeOf(planOf(ours)),
    () => timeOf(run('plan', '-refresh=false', '-input=false')),
  );
  const name = `peer: terraform plan over ours, nothing changed, ${resources} resources`;
  return ratio(name, theirsMs, oursMs, atLeast(60));
};

const resourceOf = (_: unknown, number: number): string => `
resource "terraform_data" "conf_${number}" {
  input = {
    id              = "conf-${number}"
    callbackUrl     = "https://hooks.example.com/conferences"
    callbackTimeout = 2000
    mute            = ${number % 2 === 0}
    hold            = false
    tag             = "all-hands-${number}"
  }
}
`;
