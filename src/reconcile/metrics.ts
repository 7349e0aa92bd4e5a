/** What the daemon measures of itself, for Prometheus. */
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { DispatchEvent } from '../apply/dispatch-event.js';
import { standings, type StatusSummary } from '../plan/status.js';
import { isReady, type Condition } from './condition.js';

export interface Metrics {
  readonly count: (event: DispatchEvent) => void;
  /** The text of `/metrics` as things stand now. */
  readonly text: (condition: Condition, summary: StatusSummary) => Promise<string>;
  readonly contentType: string;
}

const lanes = [1, 2, 3] as const;

export const makeMetrics = (): Metrics => {
  const registers = [new Registry()];
  const calls = new Counter({
    name: 'holdfast_calls_total',
    help: 'Update Conference calls by outcome.',
    labelNames: ['outcome'],
    registers,
  });
  const seconds = new Histogram({
    name: 'holdfast_call_duration_seconds',
    help: 'From the request to its answer.',
    buckets: [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    registers,
  });
  const conferences = gauge(
    'holdfast_conferences',
    'Conferences by where they stand.',
    ['standing'],
    registers,
  );
  const waiting = gauge(
    'holdfast_waiting',
    'Conferences that wait for a call, by lane.',
    ['lane'],
    registers,
  );
  const underWay = gauge('holdfast_calls_under_way', 'Calls without an answer yet.', [], registers);
  const inDoubt = gauge('holdfast_in_doubt', 'Conferences with a setting in doubt.', [], registers);
  const ready = gauge('holdfast_ready', '1 when nothing keeps the daemon from its job.', [], registers);
  const alerts = gauge(
    'holdfast_alerts',
    'What keeps the daemon from its job, by kind.',
    ['kind'],
    registers,
  );

  return {
    count: (event) => {
      if (event._tag !== 'Called') return;
      const { settlement } = event;
      calls.inc({
        outcome: settlement._tag === 'Applied' ? 'applied' : settlement.failure._tag.toLowerCase(),
      });
      seconds.observe(settlement.result.durationMs / 1000);
    },
    text: async (condition, summary) => {
      for (const standing of standings) conferences.set({ standing }, summary[standing]);
      for (const lane of lanes) waiting.set({ lane }, condition.dispatcher.backlog.lanes[lane]);
      underWay.set(condition.dispatcher.underWay);
      inDoubt.set(summary.inDoubt);
      ready.set(isReady(condition) ? 1 : 0);
      alerts.reset();
      for (const { kind } of condition.alerts) alerts.inc({ kind });
      return (await Promise.all(registers.map((registry) => registry.metrics()))).join('\n');
    },
    contentType: Registry.PROMETHEUS_CONTENT_TYPE,
  };
};

const gauge = <Label extends string>(
  name: string,
  help: string,
  labelNames: readonly Label[],
  registers: readonly Registry[],
): Gauge<Label> => new Gauge({ name, help, labelNames, registers: [...registers] });
