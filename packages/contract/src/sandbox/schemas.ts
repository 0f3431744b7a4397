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

export const MessageChannel = Type.Union(
  [Type.Literal('EMAIL'), Type.Literal('SMS'), Type.Literal('VOICE'), Type.Literal('PUSH')],
  { description: 'How the message would have travelled.' },
);

/** What would have been sent. */
export const InboxMessage = Type.Object({
  messageId: Type.String({ format: 'uuid' }),
  institutionId: InstitutionId,
  channel: MessageChannel,
  to: Type.String({ description: 'Address, or phone number with `+` and country code.' }),
  subject: Type.Optional(Type.String({ description: 'E-mail only.' })),
  text: Type.String({ description: 'Text of the message; of a call, what is said.' }),
  html: Type.Optional(Type.String({ description: 'E-mail only.' })),
  passcode: Type.Optional(Type.String({ description: 'The passcode, when the message is there for one.' })),
  template: Type.String({ description: 'What the message is about, e.g. `passcode` or `welcome`.' }),
  locale: Type.String(),
  queuedAt: Type.String({ format: 'date-time', description: 'By the clock of the institution.' }),
  sentAt: Type.String({ format: 'date-time', description: 'Real time, whatever the clock of the institution says.' }),
});

export const LockoutPolicy = Type.Object({
  maxFailed: Type.Integer({ minimum: 3, maximum: 10, description: 'Failed sign-ins that lock a user.' }),
  autoUnlockMinutes: Type.Integer({
    minimum: 0,
    maximum: 43200,
    description: 'Minutes until a lock ends by itself; 0 means never.',
  }),
});

/** What a provider of messages can do wrong. */
const deliveryFault = {
  channel: MessageChannel,
  kind: Type.Union(
    [
      Type.Literal('SLOW'),
      Type.Literal('REFUSES'),
      Type.Literal('FAILS'),
      Type.Literal('TIMES_OUT'),
      Type.Literal('ANSWERS_TWICE'),
    ],
    { description: 'REFUSES is final, FAILS and TIMES_OUT are tried again, ANSWERS_TWICE says twice that it took a message.' },
  ),
  percent: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, description: 'How many of a hundred messages; default 100.' })),
  delayMs: Type.Optional(Type.Integer({ minimum: 0, maximum: 60_000, description: 'SLOW only; default 2000.' })),
};

export const DeliveryFaultInput = Type.Object(deliveryFault);

export const DeliveryFault = Type.Object({ institutionId: InstitutionId, ...deliveryFault });
