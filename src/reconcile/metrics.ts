/** What the daemon measures of itself, for Prometheus. */
import * as O from 'fp-ts/lib/Option.js';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { DispatchEvent } from '../apply/dispatch-event.js';
import type { Failure } from '../catapult/answer.js';
import { showPlace } from '../conference/place.js';
import type { Revision } from '../conference/revision.js';
import { maskPasswords } from '../conference/url.js';
import type { Alert } from '../ledger/store.js';
import { laneFor, lanes } from '../plan/lane.js';
import { standings } from '../plan/standing.js';
import type { Status } from '../plan/status.js';
import type { FetchResult } from '../source/git/git-source.js';
import type { Clock } from '../time/clock.js';
import { isReady, type Condition } from './condition.js';
import type { EventResult } from './event-intake.js';
import type { HookResult } from './hook-intake.js';
import { makeUsage } from './usage.js';

export interface Metrics {
  /** `elapsedMs`: now. `declaredSinceMs`: since when the conference is declared as it is, epoch ms. */
  readonly count: (event: DispatchEvent, elapsedMs: number, declaredSinceMs: O.Option<number>) => void;
  readonly countEvent: (result: EventResult) => void;
  /** A fetch of the repository has ended; epoch ms. */
  readonly countFetch: (result: FetchResult, nowMs: number) => void;
  readonly countHook: (result: HookResult) => void;
  /** The text of `/metrics` as things stand now. */
  readonly text: (
    condition: Condition,
    status: Status,
    clock: Pick<Clock, 'now' | 'elapsed'>,
  ) => Promise<string>;
  readonly contentType: string;
}

export const makeMetrics = (): Metrics => {
  const registry = new Registry();
  const counters = makeCounters(registry);
  const gauges = makeGauges(registry);
  const usage = makeUsage();
  return {
    count: (event, elapsedMs, declaredSinceMs) => {
      if (isCall(event)) usage.left(elapsedMs);
      countCall(counters, event, declaredSinceMs);
    },
    countEvent: (result) => {
      counters.events.inc({ result });
    },
    countFetch: (result, nowMs) => {
      counters.fetches.inc({ result });
      if (result === 'fetched') gauges.lastFetch.set(nowMs / 1000);
    },
    countHook: (result) => {
      counters.hooks.inc({ result });
    },
    text: async (condition, status, clock) => {
      setGauges(gauges, condition, status, clock.now());
      const { intervalMs } = condition.dispatcher;
      gauges.budgetUsed.set(usage.ratio(clock.elapsed(), intervalMs));
      return registry.metrics();
    },
    contentType: Registry.PROMETHEUS_CONTENT_TYPE,
  };
};

type Counters = ReturnType<typeof makeCounters>;
type Gauges = ReturnType<typeof makeGauges>;

const makeCounters = (registry: Registry) => {
  const registers = [registry];
  return {
    calls: new Counter({
      name: 'holdfast_calls_total',
      help: 'Update Conference calls by outcome.',
      labelNames: ['outcome'],
      registers,
    }),
    reads: new Counter({
      name: 'holdfast_reads_total',
      help: 'GETs of a conference by outcome.',
      labelNames: ['outcome'],
      registers,
    }),
    limited: new Counter({
      name: 'holdfast_rate_limited_total',
      help: 'Calls that the API refused for its rate limit.',
      registers,
    }),
    events: new Counter({
      name: 'holdfast_events_total',
      help: 'Events that arrived from the API, or from somebody else, by result.',
      labelNames: ['result'],
      registers,
    }),
    fetches: new Counter({
      name: 'holdfast_fetches_total',
      help: 'Fetches of the repository by result.',
      labelNames: ['result'],
      registers,
    }),
    hooks: new Counter({
      name: 'holdfast_hooks_total',
      help: 'Webhooks that arrived from the git server, or from somebody else, by result.',
      labelNames: ['result'],
      registers,
    }),
    callSeconds: new Histogram({
      name: 'holdfast_call_duration_seconds',
      help: 'From the request to its answer.',
      buckets: [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
      registers,
    }),
    changeSeconds: new Histogram({
      name: 'holdfast_change_seconds',
      help: 'From the moment a declaration was seen to the first call for it, by lane.',
      labelNames: ['lane'],
      buckets: [0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 300, 1_800, 7_200],
      registers,
    }),
  };
};

const makeGauges = (registry: Registry) => {
  const gauge = <Label extends string>(name: string, help: string, labelNames: Label[]): Gauge<Label> =>
    new Gauge({ name, help, labelNames, registers: [registry] });
  return {
    conferences: gauge('holdfast_conferences', 'Conferences by where they stand.', ['standing']),
    waiting: gauge('holdfast_waiting', 'Conferences that wait for a call, by lane.', ['lane']),
    oldest: gauge('holdfast_oldest_waiting_seconds', 'How long the oldest has waited, by lane.', ['lane']),
    underWay: gauge('holdfast_calls_under_way', 'Calls without an answer yet.', []),
    needed: gauge('holdfast_calls_needed', 'Calls until everything is as declared.', []),
    secondsLeft: gauge('holdfast_seconds_left', 'The time they take at what the API grants.', []),
    interval: gauge(
      'holdfast_budget_interval_seconds',
      'From one call to the next, as the API grants them.',
      [],
    ),
    budgetUsed: gauge(
      'holdfast_budget_used_ratio',
      'Share of the granted calls that were made in the last minute.',
      [],
    ),
    inDoubt: gauge('holdfast_in_doubt', 'Conferences with a setting in doubt.', []),
    drifted: gauge(
      'holdfast_drifted_settings',
      'Settings whose live value is not the one that was applied.',
      [],
    ),
    ready: gauge('holdfast_ready', '1 when nothing keeps the daemon from its job.', []),
    alerts: gauge('holdfast_alerts', 'What keeps the daemon from its job, by kind.', ['kind']),
    alertSince: gauge(
      'holdfast_alert_since_timestamp_seconds',
      'Since when something keeps the daemon from its job: the first of each kind, where, and by which commit.',
      ['kind', 'at', 'commit', 'author'],
    ),
    revision: gauge('holdfast_revision_info', '1 for the revision that is in force.', ['revision', 'author']),
    lastFetch: gauge('holdfast_last_fetch_timestamp_seconds', 'When the repository was fetched last.', []),
  };
};

/** `in_doubt`. */
const label = (tag: Failure['_tag']): string =>
  tag.replace(/(?<=[a-z])[A-Z]/, (letter) => `_${letter}`).toLowerCase();

const isCall = ({ _tag }: DispatchEvent): boolean => _tag === 'Called' || isRead(_tag);

const isRead = (tag: DispatchEvent['_tag']): boolean =>
  tag === 'Looked' || tag === 'Refused' || tag === 'LookFailed' || tag === 'Sighted' || tag === 'SightFailed';

const countCall = (counters: Counters, event: DispatchEvent, declaredSinceMs: O.Option<number>): void => {
  if (isRead(event._tag)) {
    const failure = 'failure' in event ? event.failure : undefined;
    counters.reads.inc({ outcome: failure === undefined ? 'answered' : label(failure._tag) });
    if (failure?._tag === 'Limited') counters.limited.inc();
  }
  if (event._tag !== 'Called') return;
  const { settlement, change } = event;
  const failure = settlement._tag === 'Applied' ? undefined : settlement.failure;
  counters.calls.inc({ outcome: failure === undefined ? 'applied' : label(failure._tag) });
  if (failure?._tag === 'Limited') counters.limited.inc();
  counters.callSeconds.observe(settlement.result.durationMs / 1000);
  const lane = laneFor(change);
  // A later attempt says how long the API took to be well, not how long the change had to wait.
  if (settlement.call.attempt > 1 || failure?._tag === 'Limited') return;
  if (O.isNone(lane) || O.isNone(declaredSinceMs)) return;
  const waitedMs = Math.max(0, settlement.call.startedAtMs - declaredSinceMs.value);
  counters.changeSeconds.observe({ lane: lane.value }, waitedMs / 1000);
};

const setGauges = (
  gauges: Gauges,
  condition: Condition,
  { revision, summary, budget, driftedSettings }: Status,
  nowMs: number,
): void => {
  const { dispatcher, alerts } = condition;
  for (const standing of standings) gauges.conferences.set({ standing }, summary[standing]);
  for (const lane of lanes) gauges.waiting.set({ lane }, dispatcher.backlog.lanes[lane]);
  for (const lane of lanes)
    gauges.oldest.set({ lane }, Math.max(0, nowMs - O.getOrElse(() => nowMs)(budget.oldestIn[lane])) / 1000);
  gauges.underWay.set(dispatcher.underWay);
  gauges.needed.set(summary.calls);
  gauges.secondsLeft.set(summary.seconds);
  gauges.interval.set(dispatcher.intervalMs / 1000);
  gauges.inDoubt.set(summary.inDoubt);
  gauges.drifted.set(driftedSettings);
  gauges.ready.set(isReady(condition) ? 1 : 0);
  gauges.alerts.reset();
  for (const { kind } of alerts) gauges.alerts.inc({ kind });
  gauges.alertSince.reset();
  for (const alert of firstOfEachKind(alerts))
    gauges.alertSince.set({ kind: alert.kind, ...whereOf(alert) }, alert.sinceMs / 1000);
  gauges.revision.reset();
  if (O.isSome(revision)) gauges.revision.set(labelsOf(revision.value), 1);
};

/** A broken file can have thousands. */
const firstOfEachKind = (alerts: readonly Alert[]): readonly Alert[] =>
  [...new Map(alerts.toReversed().map((alert) => [alert.kind, alert])).values()].reverse();

const whereOf = ({ at, commit }: Alert): Readonly<Record<'at' | 'commit' | 'author', string>> => ({
  at: O.isSome(at) ? showPlace(at.value) : '',
  commit: O.isSome(commit) ? commit.value.sha : '',
  author: O.isSome(commit) ? maskPasswords(commit.value.author) : '',
});

const labelsOf = ({ revision, commit }: Revision): Readonly<Record<'revision' | 'author', string>> => ({
  revision,
  author: O.isSome(commit) ? maskPasswords(commit.value.author) : '',
});
