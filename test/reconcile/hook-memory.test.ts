import { describe, expect, it } from 'vitest';
import { makeHookMemory, mostRemembered, rememberedMs } from '../../src/reconcile/hook-memory.js';

describe('what was taken', () => {
  it('is known for a day', () => {
    let nowMs = 1_000;
    const isNew = makeHookMemory(() => nowMs);
    expect([isNew(['a']), isNew(['a'])]).toEqual([true, false]);
    nowMs += rememberedMs;
    expect(isNew(['a'])).toBe(false);
    nowMs += 1;
    expect([isNew(['a']), isNew(['a'])]).toEqual([true, false]);
    // A clock that is set back.
    nowMs = 0;
    expect(isNew(['a'])).toBe(false);
  });

  it('is known by any of its proofs', () => {
    const isNew = makeHookMemory(() => 0);
    expect([isNew(['a', 'b']), isNew(['b']), isNew(['b', 'c']), isNew(['c'])]).toEqual([
      true,
      false,
      false,
      true,
    ]);
  });

  it('is forgotten when there is too much of it, the oldest first', () => {
    const isNew = makeHookMemory(() => 0);
    for (let at = 0; at <= mostRemembered; at += 1) isNew([String(at)]);
    expect([isNew(['1']), isNew(['0'])]).toEqual([false, true]);
  });
});
