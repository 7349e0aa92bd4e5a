/**
 * The port to the API, bound to HTTP: builds the two requests, and hands every answer and every fault to the
 * functions that know what they mean.
 */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import type { IO } from 'fp-ts/lib/IO.js';
import * as O from 'fp-ts/lib/Option.js';
import type * as TE from 'fp-ts/lib/TaskEither.js';
import type { ConferenceId } from '../conference/id.js';
import { bodyEntries, type Body } from '../conference/settings.js';
import { passwordsIn } from '../conference/url.js';
import type { Failure } from './answer.js';
import type { Catapult, Live } from './catapult.js';
import { type Answer, classify } from './classify.js';
import type { Credentials } from './credentials.js';
import type { Endpoint } from './endpoint.js';
import { makeEvidence } from './evidence.js';
import { makeExchange, type Request } from './exchange.js';
import { parseLive } from './live.js';
import { makeScrub, type Scrub } from './scrub.js';
import { classifyTransportError } from './transport-error.js';

export interface CatapultConfig {
  readonly endpoint: Endpoint;
  readonly userId: string;
  readonly credentials: Credentials;
  /** For one call, from the start of the connection to the end of the body. Default 30000. */
  readonly timeoutMs?: number;
  /** Calls under way at once; more wait, and their timeout runs. Default 8. */
  readonly maxSockets?: number;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Such as `holdfast/0.1.0`. */
  readonly userAgent: string;
  /** What else an answer must not show, beside the credentials. */
  readonly hidden?: readonly string[];
}

export interface CatapultClient extends Catapult {
  /** Ends the calls under way (in doubt) and closes all sockets; later calls are `Unsent`. */
  readonly close: IO<void>;
}

/** A client of the API over HTTP, with Basic authentication and kept connections. Makes no call by itself. */
export const makeCatapult = (config: CatapultConfig): CatapultClient => {
  const pair = Buffer.from(`${config.credentials.token}:${config.credentials.secret}`).toString('base64');
  const secrets = [...secretWords(config.credentials, pair), ...(config.hidden ?? [])];
  const exchange = makeExchange({
    protocol: config.endpoint.startsWith('https:') ? 'https:' : 'http:',
    headers: {
      Accept: 'application/json',
      'Accept-Encoding': 'identity',
      Authorization: `Basic ${pair}`,
      'User-Agent': config.userAgent,
    },
    timeoutMs: config.timeoutMs ?? 30_000,
    maxSockets: config.maxSockets ?? 8,
  });
  const conferences = `${config.endpoint}/v1/users/${encodeURIComponent(config.userId)}/conferences`;
  const urlOf = (id: ConferenceId): string => `${conferences}/${encodeURIComponent(id)}`;
  let closed = false;

  const scrubSecrets = makeScrub(secrets);

  // No pipe of tasks: each step of one takes a turn of its own, with every call.
  const call =
    (request: Request, passwords: readonly string[]): TE.TaskEither<Failure, Executed> =>
    async () => {
      const scrub = passwords.length === 0 ? scrubSecrets : makeScrub([...secrets, ...passwords]);
      if (closed) return E.left(unsent('the client is closed', scrub));
      const answer = await exchange.send(request)();
      if (E.isLeft(answer)) return E.left(classifyTransportError(answer.left, scrub));
      const { body } = answer.right;
      return E.map((status: number) => ({ status, body, scrub }))(
        classify(answer.right, config.now(), scrub),
      );
    };

  return {
    update: (id, body) => {
      const request: Request = { method: 'POST', url: urlOf(id), body: O.some(JSON.stringify(body)) };
      const send = call(request, passwordsOf(body));
      return async () => E.map(({ status }: Executed) => status)(await send());
    },
    read: (id) => {
      const send = call({ method: 'GET', url: urlOf(id), body: O.none }, []);
      return async () => E.chain(decodeLive)(await send());
    },
    close: () => {
      closed = true;
      exchange.close();
    },
  };
};

interface Executed extends Pick<Answer, 'body'> {
  readonly status: number;
  readonly scrub: Scrub;
}

/** The credentials, by themselves and as the header carries them. */
const secretWords = ({ token, secret }: Credentials, pair: string): readonly string[] => {
  const encoded = [pair, ...[token, secret].map((word) => Buffer.from(word).toString('base64'))];
  const bare = encoded.map((word) => word.replace(/=+$/, ''));
  return [token, secret, ...bare, ...bare.map((word) => word.replaceAll('+', '-').replaceAll('/', '_'))];
};

/** An API that refuses a body may answer with all of it. */
const passwordsOf = (body: Body): readonly string[] =>
  bodyEntries(body).flatMap(([, value]) => (typeof value === 'string' ? passwordsIn(value) : []));

const unsent = (message: string, scrub: Scrub): Failure => ({
  _tag: 'Unsent',
  evidence: makeEvidence(O.none, O.none, message, scrub),
});

// The GET was executed, but what it said is not known: as far as the conference goes, that is a doubt.
const decodeLive = ({ status, body, scrub }: Executed): E.Either<Failure, Live> =>
  pipe(
    body,
    E.fromOption(() => 'the answer broke off'),
    E.chain(parseLive),
    E.mapLeft((message) => ({
      _tag: 'InDoubt',
      evidence: makeEvidence(O.some(status), O.none, `HTTP ${status}, but ${message}`, scrub),
    })),
  );
