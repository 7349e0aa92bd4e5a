/**
 * The world of `watch --sandbox`: a Catapult inside this process in which every declared conference exists.
 *
 * It lives as long as the process. So does its ledger, unless a state is named: then the conferences begin as
 * that ledger knows them, as if the sandbox had gone on while nobody watched.
 */
import type { IO } from 'fp-ts/lib/IO.js';
import * as O from 'fp-ts/lib/Option.js';
import type { Task } from 'fp-ts/lib/Task.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { pipe } from 'fp-ts/lib/function.js';
import { defaultAssumptions } from '../catapult/assumptions.js';
import { parseEndpoint, type Endpoint } from '../catapult/endpoint.js';
import type { Account } from '../catapult/credentials.js';
import type { ConferenceId } from '../conference/id.js';
import { settingNames, toBody, type Body, type Setting, type SettingValue } from '../conference/settings.js';
import type { Desired } from '../desired/desired.js';
import type { ConferenceRecord } from '../ledger/record.js';
import type { Rate } from '../ledger/store.js';
import { startSandbox } from '../sandbox/server.js';
import type { CommandError } from './exit.js';
import { sandboxError } from './sandbox.js';

export interface Playground {
  readonly account: Account;
  readonly endpoint: Endpoint;
  /** Lets the conferences begin as a ledger knows them. */
  readonly recall: (records: ReadonlyMap<ConferenceId, ConferenceRecord>) => void;
  /** Creates the conferences that are not there yet. */
  readonly populate: (desired: Desired) => void;
  readonly close: Task<void>;
}

/** Nobody has to know them, and they open nothing. */
const credentials = { token: 't-sandbox', secret: 'sandbox' };

export const startPlayground = (
  userId: string,
  rate: Rate,
  now: IO<number>,
): TE.TaskEither<CommandError, Playground> =>
  pipe(
    startSandbox({
      port: 0,
      rate,
      latencyMs: 0,
      faults: [],
      seed: 1,
      assumptions: defaultAssumptions,
      now,
      report: () => undefined,
    }),
    TE.mapLeft(sandboxError),
    TE.chain((sandbox) =>
      pipe(
        TE.fromEither(parseEndpoint(sandbox.endpoint)),
        TE.mapLeft((message): CommandError => ({ _tag: 'Environment', message })),
        TE.map((endpoint) => ({
          account: { userId, credentials },
          endpoint,
          recall: (records) => {
            for (const record of records.values()) sandbox.ensure(userId, record.id, appliedOf(record));
          },
          populate: (desired) => {
            for (const conference of desired.keys()) sandbox.ensure(userId, conference, {});
          },
          close: sandbox.close,
        })),
      ),
    ),
  );

const appliedOf = ({ settings }: ConferenceRecord): Body =>
  toBody(
    settingNames.flatMap((setting): readonly (readonly [Setting, SettingValue])[] => {
      const condition = settings[setting];
      if (condition?._tag === 'Applied') return [[setting, condition.value]];
      return condition !== undefined && O.isSome(condition.before) ? [[setting, condition.before.value]] : [];
    }),
  );
