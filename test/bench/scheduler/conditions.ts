/**
 * How exact the world is. The figures are those of a server in the same country over a wired line, and of a Node
 * process that does little else; `jitter` multiplies all that varies (0: everything is exact).
 */
import { luck } from '../../simulation/random.js';

export interface Conditions {
  /** The way of the nth request to the API. */
  readonly thereMs: (nth: number) => number;
  /** Its execution and the way back. */
  readonly backMs: (nth: number) => number;
  /** How much later than asked for the nth timer fires. */
  readonly lateMs: (nth: number) => number;
  /** The nth commit of a state, synced. */
  readonly commitMs: (nth: number) => number;
}

const shortestWayMs = 20;
const shortestCommitMs = 0.5;

export const makeConditions = (seed: number, jitter: number): Conditions => {
  /** From 0 up, of this mean, as what waits in queues does. */
  const varies = (name: string, nth: number, meanMs: number): number =>
    -Math.log(1 - luck(seed, name, nth)) * meanMs * jitter;
  /** Now and then something takes much longer. */
  const rarely = (name: string, nth: number, oneIn: number, takesMs: number): number =>
    luck(seed, name, nth) < 1 / oneIn ? takesMs * jitter : 0;
  return {
    thereMs: (nth) => shortestWayMs + varies('there', nth, 1),
    backMs: (nth) => shortestWayMs + varies('back', nth, 3) + rarely('slow answer', nth, 200, 300),
    lateMs: (nth) => luck(seed, 'late', nth) * jitter + rarely('very late', nth, 100, 10),
    commitMs: (nth) => shortestCommitMs + varies('commit', nth, 0.5),
  };
};
