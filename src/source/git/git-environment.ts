/** What git is told by variables. Pure. */

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Its own configuration and credentials stay. Gone is what would make it work on another repository (variables of a
 * hook that started us), and what is none of its business: the secrets of the API.
 */
export const gitEnvironment = (env: Environment): Record<string, string> => {
  const kept = Object.entries(env).flatMap(([name, value]): readonly (readonly [string, string])[] =>
    value === undefined || repositoryVariables.has(name) || unwanted.test(name) ? [] : [[name, value]],
  );
  return {
    ...Object.fromEntries(kept),
    // What it says is read here.
    LC_ALL: 'C.UTF-8',
    GIT_TERMINAL_PROMPT: '0',
    GCM_INTERACTIVE: 'never',
    ...askpass(env),
  };
};

/** LANGUAGE counts for more than the locale where messages are translated. */
const unwanted = /^(?:(?:BANDWIDTH|HOLDFAST)_|LANGUAGE$|SSH_ASKPASS)/;

/** A window that asks, as desktops have it, is for somebody who sits there; unless he says that it answers by itself. */
const askpass = ({ SSH_ASKPASS, SSH_ASKPASS_REQUIRE }: Environment): Record<string, string> =>
  SSH_ASKPASS_REQUIRE === undefined
    ? { SSH_ASKPASS_REQUIRE: 'never' }
    : { SSH_ASKPASS_REQUIRE, ...(SSH_ASKPASS === undefined ? {} : { SSH_ASKPASS }) };

/** `git rev-parse --local-env-vars`, without those that carry configuration. */
const repositoryVariables: ReadonlySet<string> = new Set([
  'GIT_ALTERNATE_OBJECT_DIRECTORIES',
  'GIT_COMMON_DIR',
  'GIT_DIR',
  'GIT_GRAFT_FILE',
  'GIT_IMPLICIT_WORK_TREE',
  'GIT_INDEX_FILE',
  'GIT_NAMESPACE',
  'GIT_NO_REPLACE_OBJECTS',
  'GIT_OBJECT_DIRECTORY',
  'GIT_PREFIX',
  'GIT_QUARANTINE_PATH',
  'GIT_REPLACE_REF_BASE',
  'GIT_SHALLOW_FILE',
  'GIT_WORK_TREE',
]);
