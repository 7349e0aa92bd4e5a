/** What a plan can be compared with, with hostile names. */
import fc from 'fast-check';
import type { Compared, Lack } from '../../src/render/compared.js';
import { commit } from './commit.js';
import { hostileText } from './plan.js';

const lack: fc.Arbitrary<Lack> = fc.oneof(
  fc.constantFrom<Lack[]>({ _tag: 'Nothing' }, { _tag: 'NoDirectory' }),
  fc
    .array(hostileText, { minLength: 1, maxLength: 3 })
    .map((paths): Lack => ({ _tag: 'BrokenFiles', paths })),
);

export const compared: fc.Arbitrary<Compared> = fc.oneof(
  fc.constant<Compared>({ _tag: 'Ledger' }),
  hostileText.map((location): Compared => ({ _tag: 'NoState', location })),
  fc
    .record({ named: hostileText, commit, isMergeBase: fc.boolean(), lack })
    .map((base): Compared => ({ _tag: 'Base', base })),
);
