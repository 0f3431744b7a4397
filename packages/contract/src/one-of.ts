import Type, { type TUnsafe } from 'typebox';

/**
 * One of some texts, written as an enumeration: unlike a union of literals it costs nothing to serialise, which counts
 * where an answer has many rows.
 */
export function oneOf<const Name extends string>(
  names: readonly Name[],
  options: { readonly description?: string } = {},
): TUnsafe<Name> {
  return Type.Unsafe<Name>(Type.String({ enum: [...names], ...options }));
}
