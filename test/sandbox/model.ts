/** The pure model, driven by hand: one conference, a clock that stands still, and what every command answered. */
import * as O from 'fp-ts/lib/Option.js';
import { type Assumptions, defaultAssumptions } from '../../src/catapult/assumptions.js';
import type { JsonObject } from '../../src/sandbox/body.js';
import type { CallbackEvent } from '../../src/sandbox/callback.js';
import type { Conference } from '../../src/sandbox/conference.js';
import type { Answer } from '../../src/sandbox/step.js';
import { type Command, execute } from '../../src/sandbox/world.js';

export const nowMs = Date.UTC(2013, 6, 12, 15, 22, 47, 655);
export const userUrl = 'http://127.0.0.1:4000/v1/users/u-1';

export interface Model {
  readonly conference: O.Option<Conference>;
  readonly answer: Answer;
  readonly events: readonly CallbackEvent[];
}

/** Runs commands one after the other; the answer is the last one's, the events are those of all. */
export const run = (
  commands: readonly Command[],
  overrides: Partial<Assumptions> = {},
  start: O.Option<Conference> = O.none,
): Model => {
  const context = { assumptions: { ...defaultAssumptions, ...overrides }, nowMs, userUrl };
  let model: Model = { conference: start, answer: { _tag: 'Done' }, events: [] };
  for (const command of commands) {
    const { conference, answer, callbacks } = execute(model.conference, command, context);
    model = { conference, answer, events: [...model.events, ...callbacks.map(({ event }) => event)] };
  }
  return model;
};

const conferenceId = 'conf-1';

export const create = (body: JsonObject = {}): Command => ({
  _tag: 'Create',
  conferenceId,
  body: { from: '+19703255647', ...body },
});
export const update = (body: JsonObject): Command => ({ _tag: 'Update', conferenceId, body });
export const play = (body: JsonObject): Command => ({ _tag: 'PlayAudio', conferenceId, body });
export const add = (memberId: string, body: JsonObject = {}): Command => ({
  _tag: 'AddMember',
  conferenceId,
  memberId,
  body: { callId: `c-${memberId}`, ...body },
});
export const updateMember = (memberId: string, body: JsonObject): Command => ({
  _tag: 'UpdateMember',
  conferenceId,
  memberId,
  body,
});
export const playToMember = (memberId: string, body: JsonObject): Command => ({
  _tag: 'PlayMemberAudio',
  conferenceId,
  memberId,
  body,
});
export const leave = (memberId: string): Command => updateMember(memberId, { state: 'completed' });
export const read: Command = { _tag: 'Read', conferenceId };
export const readMember = (memberId: string): Command => ({ _tag: 'ReadMember', conferenceId, memberId });
export const readMembers: Command = { _tag: 'ReadMembers', conferenceId, from: 0, to: 1000 };

/** What the last command showed, or the status and code of its refusal; for a table's eyes. */
export const said = ({ answer }: Model): unknown => {
  switch (answer._tag) {
    case 'Done':
      return 200;
    case 'Created':
      return answer.url;
    case 'Shown':
      return answer.json;
    case 'Refused':
      return `${answer.refusal.status} ${answer.refusal.code}`;
  }
};

export const message = ({ answer }: Model): string | undefined =>
  answer._tag === 'Refused' ? O.toUndefined(answer.refusal.message) : undefined;
