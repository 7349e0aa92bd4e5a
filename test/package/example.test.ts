import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import * as t from 'io-ts';
import { afterAll, describe, expect, it } from 'vitest';
import { settingNames } from '../../src/conference/settings.js';
import { patienceMs } from '../support/patience.js';

// The declarations in desired/ are what a newcomer sees first, and what `npm start` runs on.

const state = mkdtempSync(join(tmpdir(), 'holdfast-example-'));

afterAll(() => {
  rmSync(state, { recursive: true });
});

const holdfast = (...args: readonly string[]): unknown => {
  const { stdout, stderr, status } = spawnSync(process.execPath, [resolve('dist/main.cjs'), ...args], {
    encoding: 'utf8',
    timeout: patienceMs,
  });
  expect(status, stderr).toBe(0);
  return JSON.parse(stdout);
};

const Plan = t.type({
  summary: t.type({ calls: t.number, seconds: t.number, suspended: t.number }),
  changes: t.array(t.type({ settings: t.union([t.undefined, t.array(t.type({ setting: t.string }))]) })),
  refused: t.array(t.unknown),
});

const plan = (): t.TypeOf<typeof Plan> => {
  const decoded = Plan.decode(
    holdfast('plan', 'desired', '--format', 'json', '--state', `sqlite:${join(state, 'state.db')}`),
  );
  if (decoded._tag === 'Left') throw new Error('not a plan');
  return decoded.right;
};

describe('the example declarations', () => {
  it('have no errors and no warnings', () => {
    expect(holdfast('validate', 'desired', '--format', 'json')).toEqual({ problems: [] });
  });

  it('settle within a quarter of a minute, and nothing is refused', () => {
    const { summary, refused } = plan();
    expect(summary.calls).toBeGreaterThan(8);
    expect(summary.seconds).toBeLessThanOrEqual(12);
    expect(refused).toEqual([]);
  });

  it('show every setting, and a suspended conference', () => {
    const { summary, changes } = plan();
    const shown = new Set(changes.flatMap(({ settings = [] }) => settings.map(({ setting }) => setting)));
    expect(settingNames.filter((name) => !shown.has(name))).toEqual([]);
    expect(summary.suspended).toBe(1);
  });
});
