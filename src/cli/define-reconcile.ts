/** The command line of what compares, changes and shows conferences. */
import type { Command } from 'commander';
import { driftModes, planFormats, reportFormats } from './choices.js';
import { choiceOption, examples, formatOption, withCommon, type Execute } from './define.js';
import { defaultDirectory, type Flags } from './layers.js';

export const addPlan = (program: Command, execute: Execute): void => {
  withCommon(program.command('plan'))
    .description('Show what would change. Costs no call and changes nothing.')
    .argument('[DIR]', 'directory with manifests', defaultDirectory)
    .addOption(formatOption(planFormats))
    .option('--detailed-exitcode', 'exit with 2 when there is something to do')
    .option('--out <FILE>', 'save the plan, to be run by `holdfast apply FILE`')
    .option('--base <REV>', 'show the effect beside this revision alone, as a pull request does: origin/main')
    .option('--refresh', 'read every declared conference first, one call each, and show drift')
    .option('--full', 'show every change of a long plan')
    .addHelpText(
      'after',
      examples(
        'holdfast plan',
        'holdfast plan desired --format json',
        'holdfast plan --out plan.json && holdfast apply plan.json',
        'holdfast plan --refresh',
        'holdfast plan --base origin/main --format markdown',
      ),
    )
    .action((directory: string, flags: Flags) =>
      execute(import('./plan.js').then(({ plan }) => plan(directory, flags))),
    );
};

export const addApply = (program: Command, execute: Execute): void => {
  withCommon(program.command('apply'))
    .description('Make the calls that are needed, once, and report every conference.')
    .argument('[DIR|FILE]', 'directory with manifests, or a saved plan', defaultDirectory)
    .addOption(formatOption(reportFormats))
    .option('--yes', 'do not ask')
    .option('--force <REASON>', 'go on although a safety check refuses, and record why')
    .option('--full', 'show every change of a long plan')
    .addHelpText(
      'after',
      examples(
        'holdfast apply',
        'holdfast apply desired --yes',
        'holdfast apply --yes --force "office closes for good"',
      ),
    )
    .action((path: string, flags: Flags) =>
      execute(import('./apply.js').then(({ apply }) => apply(path, flags))),
    );
};

export const addWatch = (program: Command, execute: Execute): void => {
  withCommon(program.command('watch'))
    .description('Keep the conferences as declared, until stopped.')
    .argument('[DIR]', 'directory with manifests (default: "desired")')
    .option(
      '--listen <HOST:PORT>',
      'serve /healthz, /readyz, /metrics, /status; with HOLDFAST_EVENTS_SECRET /events, with HOLDFAST_HOOK_SECRET /hooks/git',
    )
    .addOption(
      choiceOption(
        '--drift <WHAT>',
        'what to do about changes made elsewhere: report, heal (set again) or ignore (default: report)',
        driftModes,
      ),
    )
    .option('--drift-every <TIME>', 'read no conference for drift more often: 30s, 15m, 1h (default: 15m)')
    .option(
      '--git <URL>',
      'watch the commits of a repository instead of DIR: a path, or any URL that git can fetch',
    )
    .option('--branch <B>', 'of that repository (default: the one it names as its own)')
    .option('--path <P>', 'its folder with the manifests (default: desired, or the root without one)')
    .option('--poll <TIME>', 'fetch this often; SIGHUP and signed webhooks fetch at once (default: 10s)')
    .option('--require-signed', 'take no commit that is not signed by somebody who may')
    .option('--allowed-signers <FILE>', 'who may: as ssh-keygen reads it, and lines `gpg FINGERPRINT`')
    .option('--allow-rewind', 'take a branch that was set back or rewritten')
    .option('--sandbox', 'against a built-in Catapult with the declared conferences in it: no account needed')
    .addHelpText(
      'after',
      examples(
        'holdfast watch desired --sandbox',
        'holdfast watch --listen 127.0.0.1:9464',
        'holdfast watch --drift heal --drift-every 5m',
        'holdfast watch --git https://git.example.com/conferences.git --branch main --require-signed',
      ),
    )
    .action((directory: string | undefined, flags: Flags) =>
      execute(import('./watch.js').then(({ watch }) => watch(directory, flags))),
    );
};

export const addExplain = (program: Command, execute: Execute): void => {
  withCommon(program.command('explain'))
    .description('Say why a conference is what it is: declared where and by whom, applied by which call.')
    .argument('<CONF>', 'its id')
    .argument('[DIR]', 'directory with manifests, where no repository is watched', defaultDirectory)
    .addOption(formatOption(reportFormats))
    .addHelpText('after', examples('holdfast explain conf-1', 'holdfast explain conf-1 --format json'))
    .action((conference: string, directory: string, flags: Flags) =>
      execute(import('./explain.js').then(({ explain }) => explain(conference, directory, flags))),
    );
};

export const addStatus = (program: Command, execute: Execute): void => {
  withCommon(program.command('status'))
    .description('Show where every conference stands. Works while a daemon holds the state.')
    .addOption(formatOption(reportFormats))
    .option('--full', 'show every conference of a long list')
    .option('--watch', 'draw it again every second, until Ctrl-C')
    .addHelpText(
      'after',
      examples('holdfast status', 'holdfast status --watch', 'holdfast status --format json'),
    )
    .action((flags: Flags) => execute(import('./status.js').then(({ status }) => status(flags))));
};

export const addHistory = (program: Command, execute: Execute): void => {
  withCommon(program.command('history'))
    .description('Show what was called, and how it ended. Works while a daemon holds the state.')
    .argument('[CONF]', 'the id of a conference (default: all of them)')
    .addOption(formatOption(reportFormats))
    .option('--since <TIME>', 'so long ago, or a moment: 30m, 2h, 7d, 2026-01-31, 2026-01-31T12:00Z')
    .option('--limit <N>', 'the last so many calls (default: 100)')
    .addHelpText(
      'after',
      examples(
        'holdfast history',
        'holdfast history conf-25adm5b6fxyyd6ad2rcqvoqa --since 7d',
        'holdfast history --limit 1000 --format json',
      ),
    )
    .action((conference: string | undefined, flags: Flags) =>
      execute(import('./history.js').then(({ history }) => history(conference, flags))),
    );
};
