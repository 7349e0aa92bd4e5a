/** For a newcomer at the sandbox: the first plan, and what to try once everything has settled. */
import * as O from 'fp-ts/lib/Option.js';
import { showPlace, type Place } from '../conference/place.js';
import type { Desired } from '../desired/desired.js';
import { showStateLocation } from '../ledger/sqlite-location.js';
import type { DaemonEvent } from '../reconcile/daemon-event.js';
import type { LogLine } from '../render/log.js';
import type { Plan } from '../plan/plan.js';
import { planText } from '../render/plan-text.js';
import type { CommonConfig } from './config.js';
import type { Context } from './context.js';
import type { WatchConfig } from './watch-config.js';
import { logFormatFor, type Log } from './logger.js';

export const makeGuide = (
  { common, git }: Pick<WatchConfig, 'common' | 'git'>,
  desired: () => Desired,
  log: Log,
  context: Context,
): ((event: DaemonEvent) => void) => {
  let planned = false;
  let settled = false;
  return (event) => {
    if (event._tag === 'Planned' && !planned) {
      planned = true;
      showPlan(event.plan, common, context);
    } else if (event._tag === 'Settled' && !settled) {
      settled = true;
      showNext(desired(), O.isSome(git) ? 'commit' : 'save', common, log);
    }
  };
};

/** Whole, where a person reads: machines have its numbers in the line before. */
const showPlan = (plan: Plan, common: CommonConfig, context: Context): void => {
  const { terminal } = context;
  if (logFormatFor(common, context) === 'json') return;
  terminal.err(
    `\n${planText(plan, terminal.errColors, { rate: common.rate, granted: O.none, full: false })}\n`,
  );
};

const showNext = (desired: Desired, edit: 'save' | 'commit', { state }: CommonConfig, log: Log): void => {
  const place = easyEdit(desired);
  if (O.isSome(place)) {
    log(hint(`try it: change the value at ${showPlace(place.value)}, ${edit}, and see exactly one call`));
  }
  log(hint(`in another terminal: npx holdfast status --state ${showStateLocation(state)}`));
  log(hint('this keeps running and watching until Ctrl-C'));
};

/** The first mute or hold that stands in a file by itself: the shortest edit with an effect. */
const easyEdit = (desired: Desired): O.Option<Place> => {
  const places = [...desired.values()]
    .flatMap(({ settings, suspend }) => (suspend ? [] : [settings.mute, settings.hold]))
    .flatMap((setting) => (setting?.origin === 'own' && O.isSome(setting.value) ? [setting.at] : []))
    .sort(byPlace);
  return O.fromNullable(places[0]);
};

const byPlace = (left: Place, right: Place): number => {
  if (left.path !== right.path) return left.path < right.path ? -1 : 1;
  return left.line - right.line;
};

const hint = (message: string): LogLine => ({ level: 'info', event: 'hint', message, fields: {} });
