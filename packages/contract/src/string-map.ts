import Type from 'typebox';

/** Keys with values, in order. */
export const StringMap = Type.Object(
  { entry: Type.Array(Type.Object({ key: Type.String(), value: Type.String() })) },
  { description: 'Keys with values, in order.' },
);
