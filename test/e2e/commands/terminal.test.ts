/** At a terminal: it asks, and it paints unless told not to. */
import { describe, expect } from 'vitest';
import { it } from '../support/bench.js';
import { ok } from '../support/scripted-api.js';
import { hasTerminal } from '../support/terminal-process.js';

const escape = '\u001b[';
/** Of a colour, not of moving the cursor. */
const painted = (text: string): boolean => new RegExp(`\\u001b\\[[0-9;]*m`).test(text);

describe.skipIf(!hasTerminal)('at a terminal', { concurrent: true }, () => {
  it('apply asks, and yes means yes', async ({ bench }) => {
    bench.write('desired/a.yaml', 'conferences:\n  a: { mute: true }\n');
    const api = await bench.api();
    const run = bench.terminal(['apply', '--endpoint', api.endpoint]);
    await run.printed('Only yes is taken as a yes');
    expect(painted(run.stdout())).toBe(true);
    expect(api.requests).toEqual([]);
    run.write('yes\r');
    const { code, stdout } = await run.ended;
    expect(code).toBe(0);
    expect(stdout).toContain('1 change applied');
    expect(stdout).not.toContain('"event"');
    expect(api.bodies()).toEqual([{ mute: true }]);
  });

  it('apply takes nothing else as a yes', async ({ bench }) => {
    bench.write('desired/a.yaml', 'conferences:\n  a: { mute: true }\n');
    const api = await bench.api();
    for (const [answer, expected] of [
      ['yep\r', 1],
      ['\u0003', 130],
      ['\u0004', 1],
    ] as const) {
      const run = bench.terminal(['apply', '--endpoint', api.endpoint]);
      await run.printed('Only yes is taken as a yes');
      run.write(answer);
      const { code, stdout } = await run.ended;
      expect(code, JSON.stringify(answer)).toBe(expected);
      expect(stdout).toContain('Nothing was sent');
    }
    expect(api.requests).toEqual([]);
  });

  it('status --watch draws again when something changes, until Ctrl-C', async ({ bench }) => {
    const api = await bench.api(() => ok);
    bench.write('desired/a.yaml', 'conferences:\n  a: { mute: true }\n');
    const run = bench.terminal(['status', '--watch']);
    await run.printed('nothing was ever applied');
    await bench.run(['apply', '--yes', '--endpoint', api.endpoint]);
    await run.printed('1 conference, 1 settled');
    run.write('\u0003');
    expect((await run.ended).code).toBe(130);
  });

  it('NO_COLOR takes the colours away, a pipe has none, FORCE_COLOR brings them', async ({ bench }) => {
    bench.write('desired/a.yaml', 'conferences:\n  a: { mute: true }\n');
    expect((await bench.terminal(['plan'], { NO_COLOR: '1' }).ended).stdout).not.toContain(escape);
    expect((await bench.run(['plan'], { CI: 'true' })).stdout).not.toContain(escape);
    expect(painted((await bench.run(['plan'], { FORCE_COLOR: '1' })).stdout)).toBe(true);
  });
});
