import { describe, it } from 'vitest';
import type { CommandLine, Flag } from '../../src/render/command-line.js';
import { bashCompletion } from '../../src/render/completion-bash.js';
import { fishCompletion } from '../../src/render/completion-fish.js';
import { zshCompletion } from '../../src/render/completion-zsh.js';
import { expectGolden } from '../support/golden.js';

const help: Flag = { spellings: ['-h', '--help'], description: 'show help', value: { _tag: 'None' } };

/** Every kind of value, and what has a meaning in a shell. */
const commandLine: CommandLine = {
  program: 'tool',
  flags: [help],
  commands: [
    {
      name: 'make',
      description: "Makes it: what isn't there, costs $5 [or `less`] \\ more.",
      flags: [
        {
          spellings: ['--kind'],
          description: "a [kind]: don't \\ guess",
          value: { _tag: 'Words', name: 'KIND', words: ['plain', 'key=value'] },
        },
        { spellings: ['--count'], description: 'how many', value: { _tag: 'Any', name: 'HOST:N' } },
        { spellings: ['--to'], description: 'where', value: { _tag: 'File', name: 'FILE' } },
        { spellings: ['--in'], description: 'where from', value: { _tag: 'Directory', name: 'DIR' } },
        help,
      ],
      arguments: [
        { _tag: 'Any', name: 'ID' },
        { _tag: 'Directory', name: 'DIR' },
      ],
    },
    { name: 'read', description: 'Reads it', flags: [], arguments: [{ _tag: 'File', name: 'FILE' }] },
  ],
};

describe('completion', () => {
  it.each([
    ['bash', bashCompletion],
    ['zsh', zshCompletion],
    ['fish', fishCompletion],
  ])('for %s is as it was reviewed', (shell, completion) => {
    expectGolden(`completion/every-kind.${shell}`, completion(commandLine));
  });
});
