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

export const PolicyName = Type.Union(
  [
    Type.Literal('lockout'),
    Type.Literal('credentials'),
    Type.Literal('registration'),
    Type.Literal('passcodes'),
    Type.Literal('branding'),
    Type.Literal('statements'),
    Type.Literal('accounts'),
    Type.Literal('transactions'),
  ],
  {
    description:
      '`lockout`: when failed sign-ins lock. `credentials`: login names and passwords. `registration`: who becomes a user. `passcodes`: one-time passcodes. `branding`: how hosted pages look. `statements`: how customers get them. `accounts`, `transactions`: what these products show and refuse.',
  },
);

const count = (description: string) => Type.Optional(Type.Integer({ description }));
const lengths = (description: string) =>
  Type.Optional(
    Type.Object({ minLength: Type.Optional(Type.Integer()), maxLength: Type.Optional(Type.Integer()) }, { description }),
  );

/** A policy has its own members only; the common ones are listed. What it takes is said by the refusal. */
export const Policy = Type.Object(
  {
    maxFailed: count('`lockout`: failed sign-ins that lock a user, 3 to 10.'),
    autoUnlockMinutes: count('`lockout`: minutes until a lock ends by itself, to 43200; 0 means never.'),
    loginName: lengths('`credentials`: characters of a login name, within 6 to 20.'),
    password: lengths('`credentials`: characters of a password, within 6 to 32.'),
    needsApproval: Type.Optional(Type.Boolean({ description: '`registration`: a new user waits for the back office.' })),
    requiredDisclosures: Type.Optional(
      Type.Array(Type.String({ maxLength: 64 }), {
        maxItems: 50,
        description: '`registration`: disclosures that must be accepted, as far as the institution has them.',
      }),
    ),
    digits: count('`passcodes`: 6 to 10.'),
    lifetimeMinutes: count('`passcodes`: 1 to 60.'),
    triesPerPasscode: count('`passcodes`: wrong entries that end a passcode, 1 to 5.'),
    triesPerDay: count('`passcodes`: wrong entries of a user in 24 hours, 1 to 10.'),
    resendSeconds: count('`passcodes`: asked again sooner, nothing is sent; 0 to 3600.'),
    sendsPerQuarterHour: count('`passcodes`: to one recipient or user, 1 to 100.'),
    sendsPerDay: count('`passcodes`: to one recipient or user, 1 to 100.'),
    institutionSendsPerDay: count('`passcodes`: of the whole institution, 1 to 10000000.'),
    contactChangeHours: count('`passcodes`: a number or address changed since gets none while there is another; 0 to 720.'),
    accentColor: Type.Optional(Type.String({ maxLength: 7, description: '`branding`: `#rrggbb`.' })),
    supportText: Type.Optional(Type.String({ maxLength: 200, description: '`branding`: how customers reach the institution.' })),
    multiStatement: Type.Optional(
      Type.Boolean({ description: '`statements`: paper or electronic is chosen for each account, not once for the user.' }),
    ),
  },
  { additionalProperties: true },
);
