/** `holdfast sandbox`: a Catapult on this machine, until stopped. */
import * as E from 'fp-ts/lib/Either.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { pipe } from 'fp-ts/lib/function.js';
import {
  defaultAssumptions,
  parseAssumption,
  showAssumptionError,
  type Assumptions,
} from '../catapult/assumptions.js';
import { sandboxLine } from '../render/sandbox-log.js';
import { parseFaults, showFaultError, type Faults } from '../sandbox/fault.js';
import type { Sandbox, SandboxConfig, SandboxError } from '../sandbox/sandbox.js';
import { startSandbox } from '../sandbox/server.js';
import {
  logFormatConfig,
  numberFlag,
  parsedFlag,
  rateFlag,
  together,
  type Layers,
  type Problems,
} from './config.js';
import type { Context } from './context.js';
import { exitCodes, type CommandError, type ExitCode } from './exit.js';
import { asUsage, defaultDirectory, readLayers, type Flags } from './layers.js';
import { makeLog, type Log } from './logger.js';

export const sandbox =
  (flags: Flags) =>
  (context: Context): TE.TaskEither<CommandError, ExitCode> =>
    pipe(
      readLayers(defaultDirectory, flags, context),
      TE.chainEitherK((layers) =>
        asUsage(together({ logFormat: logFormatConfig(layers), config: sandboxConfig(layers) })),
      ),
      TE.chain(({ logFormat, config }) => {
        const log = makeLog({ logFormat }, context);
        return pipe(
          startSandbox({ ...config, now: context.clock.now, report: (event) => log(sandboxLine(event)) }),
          TE.mapLeft(sandboxError),
          TE.chainTaskK((started) => serve(started, log, context)),
        );
      }),
    );

export const sandboxError = (error: SandboxError): CommandError => {
  switch (error._tag) {
    case 'PortInUse':
      return {
        _tag: 'Environment',
        message: `port ${error.port} is in use: give --port another one, or 0 for any`,
      };
    case 'PortForbidden':
      return {
        _tag: 'Environment',
        message: `port ${error.port} is not allowed to you: take one above 1023`,
      };
    case 'CannotListen':
      return {
        _tag: 'Environment',
        message: `the sandbox cannot listen on port ${error.port}: ${error.cause.message}`,
      };
  }
};

const sandboxConfig = (layers: Layers): E.Either<Problems, Omit<SandboxConfig, 'now' | 'report'>> =>
  together({
    port: numberFlag(layers, 'port', { min: 0, max: 65_535 }, 4010),
    rate: rateFlag(layers),
    latencyMs: numberFlag(layers, 'latency', { min: 0, max: 600_000 }, 0),
    faults: faultFlag(layers),
    seed: numberFlag(layers, 'seed', { min: 0, max: 2 ** 31 - 1 }, 1),
    assumptions: assumptionFlags(layers.flags),
  });

const faultFlag = (layers: Layers): E.Either<Problems, Faults> =>
  parsedFlag(layers, 'fault', (text) => E.mapLeft(showFaultError)(parseFaults(text)), []);

const assumptionFlags = ({ assume }: Flags): E.Either<Problems, Assumptions> => {
  const texts = Array.isArray(assume) ? assume.map(String) : [];
  const parsed = texts.map(parseAssumption);
  const problems = parsed.flatMap((one) =>
    E.isLeft(one) ? [`--assume: ${showAssumptionError(one.left)}`] : [],
  );
  return problems.length > 0
    ? E.left(problems)
    : E.right(
        parsed.reduce<Assumptions>(
          (all, one) => (E.isRight(one) ? { ...all, ...one.right } : all),
          defaultAssumptions,
        ),
      );
};

const serve =
  (started: Sandbox, log: Log, { terminal }: Context) =>
  async (): Promise<ExitCode> => {
    log({
      level: 'info',
      event: 'started',
      message: `a Catapult answers at ${started.endpoint}; any user id and any credentials do. Ctrl-C stops it`,
      fields: { endpoint: started.endpoint, port: started.port },
    });
    await new Promise<void>((resolve) => void terminal.onSignal(() => resolve(), exitCodes.interrupted));
    await started.close();
    log({ level: 'info', event: 'stopped', message: 'stopped', fields: {} });
    return exitCodes.interrupted;
  };
