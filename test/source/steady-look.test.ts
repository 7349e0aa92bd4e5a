/** When a look counts in which somebody is missing. */
import * as E from 'fp-ts/lib/Either.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { expect, it } from 'vitest';
import { steadily } from '../../src/source/steady-look.js';

interface Found {
  readonly revision: string;
  readonly isMissing: boolean;
}

const there: Found = { revision: 'there', isMissing: false };
const gone: Found = { revision: 'gone', isMissing: true };
const alsoGone: Found = { revision: 'also gone', isMissing: true };

/** Answers with one look after the other, and counts them. */
const lookingAt = (first: Found, ...later: readonly E.Either<string, Found>[]) => {
  let looks = 0;
  const look: TE.TaskEither<string, Found> = () => {
    const next = later[looks % later.length] ?? E.left('nothing to see');
    looks += 1;
    return Promise.resolve(next);
  };
  const run = steadily(look, ({ isMissing }: Found) => isMissing, 'restless')(first);
  return run().then((result) => ({ result, looks }));
};

it('is taken once where nobody is missing', async () => {
  expect(await lookingAt(there)).toEqual({ result: E.right(there), looks: 0 });
});

it('is taken again where somebody is missing, and counts when it is the same', async () => {
  expect(await lookingAt(gone, E.right(gone))).toEqual({ result: E.right(gone), looks: 1 });
});

it('gives way to a later one in which everybody is there', async () => {
  expect(await lookingAt(gone, E.right(there))).toEqual({ result: E.right(there), looks: 1 });
});

it('counts when two in a row are the same, whatever came before', async () => {
  const seen = [E.right(alsoGone), E.right(gone), E.right(gone)];
  expect(await lookingAt(gone, ...seen)).toEqual({ result: E.right(gone), looks: 3 });
});

it('says what is wrong when the next one fails', async () => {
  expect(await lookingAt(gone, E.left('invalid'))).toEqual({ result: E.left('invalid'), looks: 1 });
});

it('gives up on files that never keep still', async () => {
  const { result, looks } = await lookingAt(gone, E.right(alsoGone), E.right(gone));
  expect(result).toEqual(E.left('restless'));
  expect(looks).toBeLessThan(20);
});
