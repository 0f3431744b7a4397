import Type from 'typebox';
import { DateTime, InstitutionId } from '../identifiers.ts';

export const Clock = Type.Object({
  institutionId: InstitutionId,
  now: DateTime,
  offsetSeconds: Type.Number({ description: 'How far the clock of this institution is ahead of real time.' }),
});

export const Switch = Type.Object({
  key: Type.String(),
  register: Type.Optional(Type.String({ description: 'Row of the contradiction register.' })),
  topic: Type.String(),
  values: Type.Array(Type.Unsafe<string | boolean>({ type: ['string', 'boolean'] })),
  defaultValue: Type.Unsafe<string | boolean>({ type: ['string', 'boolean'] }),
  value: Type.Unsafe<string | boolean>({ type: ['string', 'boolean'] }),
});

export const LockoutPolicy = Type.Object({
  maxFailed: Type.Integer({ minimum: 3, maximum: 10, description: 'Failed sign-ins that lock a user.' }),
  autoUnlockMinutes: Type.Integer({
    minimum: 0,
    maximum: 43200,
    description: 'Minutes until a lock ends by itself; 0 means never.',
  }),
});
