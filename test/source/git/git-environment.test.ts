/** What git is told by variables. */
import { describe, expect, it } from 'vitest';
import { gitEnvironment } from '../../../src/source/git/git-environment.js';

describe('gitEnvironment', () => {
  it('keeps what a person needs, and neither the secrets of the API nor another repository', () => {
    const own = gitEnvironment({
      HOME: '/home/ann',
      SSH_AUTH_SOCK: '/run/agent',
      GIT_SSH_COMMAND: 'ssh -i key',
      GIT_CONFIG_GLOBAL: '/etc/own',
      BANDWIDTH_API_SECRET: 's',
      HOLDFAST_HOOK_SECRET: 's',
      GIT_DIR: '/elsewhere',
      GIT_INDEX_FILE: 'x',
      LANGUAGE: 'de',
      UNSET: undefined,
    });
    expect(own).toEqual({
      HOME: '/home/ann',
      SSH_AUTH_SOCK: '/run/agent',
      GIT_SSH_COMMAND: 'ssh -i key',
      GIT_CONFIG_GLOBAL: '/etc/own',
      LC_ALL: 'C.UTF-8',
      GIT_TERMINAL_PROMPT: '0',
      GCM_INTERACTIVE: 'never',
      SSH_ASKPASS_REQUIRE: 'never',
    });
  });

  it.each([
    [{ SSH_ASKPASS: '/usr/bin/ksshaskpass' }, { SSH_ASKPASS_REQUIRE: 'never' }],
    [
      { SSH_ASKPASS: '/opt/secret', SSH_ASKPASS_REQUIRE: 'force' },
      { SSH_ASKPASS: '/opt/secret', SSH_ASKPASS_REQUIRE: 'force' },
    ],
  ])('opens no window: %j', (env, askpass) => {
    const { LC_ALL, GIT_TERMINAL_PROMPT, GCM_INTERACTIVE, ...rest } = gitEnvironment(env);
    expect([LC_ALL, GIT_TERMINAL_PROMPT, GCM_INTERACTIVE]).toEqual(['C.UTF-8', '0', 'never']);
    expect(rest).toEqual(askpass);
  });
});
