/** The conferences of every user. Different users are separate worlds. */
import * as O from 'fp-ts/lib/Option.js';
import type { Conference } from './conference.js';
import { makeId } from './random.js';

export interface Store {
  readonly find: (userId: string, conferenceId: string) => O.Option<Conference>;
  readonly save: (userId: string, conference: Conference) => void;
  /** An id that this user has not got yet. */
  readonly nextId: (userId: string, prefix: 'conf' | 'member') => string;
}

export const makeStore = (seed: number): Store => {
  const users = new Map<string, { readonly conferences: Map<string, Conference>; issued: number }>();

  const userOf = (userId: string) => {
    const user = users.get(userId) ?? { conferences: new Map<string, Conference>(), issued: 0 };
    users.set(userId, user);
    return user;
  };

  return {
    find: (userId, conferenceId) => O.fromNullable(users.get(userId)?.conferences.get(conferenceId)),
    save: (userId, conference) => {
      userOf(userId).conferences.set(conference.id, conference);
    },
    nextId: (userId, prefix) => {
      const user = userOf(userId);
      user.issued += 1;
      return makeId(prefix, seed, userId, user.issued);
    },
  };
};
