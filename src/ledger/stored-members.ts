/**
 * `t.type`, for values that are nearly always as they should be. `t.type` notes for each member where it stands, in
 * case something is wrong with it; here that is done when something is, by reading the value once more.
 *
 * Law: what is decoded, refused, told and encoded is what `t.type(members, name)` decodes, refuses, tells and encodes.
 */
import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';

export const storedMembers = <Members extends t.Props>(
  members: Members,
  name: string,
): t.Type<t.TypeOfProps<Members>, t.OutputOfProps<Members>> => {
  const careful = t.type(members, name);
  const names = Object.keys(members);
  const blank: Readonly<Record<string, unknown>> = Object.fromEntries(names.map((name) => [name, undefined]));
  const isWhole = (value: Readonly<Record<string, unknown>>): value is t.TypeOfProps<Members> =>
    names.every((member) => member in value);
  return new t.Type(
    name,
    careful.is,
    (input, context) => {
      if (!t.UnknownRecord.is(input)) return careful.validate(input, context);
      // Begun with all members in one order, as an object of ever another shape takes ten times as long to fill.
      const value: Record<string, unknown> = { ...blank, ...input };
      for (const member of names) {
        const decoded = members[member]?.validate(input[member], nowhere);
        if (decoded === undefined || E.isLeft(decoded)) return careful.validate(input, context);
        value[member] = decoded.right;
      }
      return isWhole(value) ? t.success(value) : careful.validate(input, context);
    },
    careful.encode,
  );
};

const nowhere: t.Context = [];
