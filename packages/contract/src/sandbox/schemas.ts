import Type from 'typebox';
import { DateOnly, DateTime, InstitutionId, InstitutionUserId } from '../identifiers.ts';

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

const ScheduleExecution = Type.Object({
  executionNumber: Type.Integer({ description: 'From 0.' }),
  plannedOn: DateOnly,
  executedAt: Type.String({ format: 'date-time', description: 'By the clock of the institution.' }),
  status: Type.Union([Type.Literal('MADE'), Type.Literal('FAILED')]),
  failureCode: Type.Optional(Type.String({ description: 'Code of the refusal.' })),
});

/** A transfer that somebody has scheduled, with what has come of it. */
export const TransferScheduleRecord = Type.Object({
  id: Type.String({ description: '32 hexadecimal digits, as the transfer was answered.' }),
  institutionUserId: InstitutionUserId,
  status: Type.Union([Type.Literal('ACTIVE'), Type.Literal('COMPLETED'), Type.Literal('CANCELLED')]),
  frequency: Type.String(),
  amount: Type.Object({ currencyCode: Type.String(), amount: Type.Number() }),
  nextExecutionDate: Type.Optional(DateOnly),
  executions: Type.Array(ScheduleExecution, { description: 'The latest first, at most 100 over all schedules.' }),
});
