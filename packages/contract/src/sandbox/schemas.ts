import Type from 'typebox';
import { CustomerId, DateOnly, DateTime, InstitutionId, InstitutionUserId } from '../identifiers.ts';

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

export const InboxChannel = Type.Union([...MessageChannel.anyOf, Type.Literal('WEB')], {
  description: 'How the message would have travelled; WEB is what the page of an application shows.',
});

/** What would have been sent. */
export const InboxMessage = Type.Object({
  messageId: Type.String({ format: 'uuid' }),
  institutionId: InstitutionId,
  channel: InboxChannel,
  to: Type.String({ description: 'Address, or phone number with `+` and country code; of a page, the institution user.' }),
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
    Type.Literal('moneyMovement'),
    Type.Literal('images'),
    Type.Literal('alerts'),
  ],
  {
    description:
      '`lockout`: when failed sign-ins lock. `credentials`: login names and passwords. `registration`: who becomes a user. `passcodes`: one-time passcodes. `branding`: how hosted pages look. `statements`: how customers get them. `accounts`, `transactions`, `moneyMovement`, `images`: what these products show, take and refuse. `alerts`: their language and how long they are kept.',
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
    defaultLocale: Type.Optional(
      Type.String({ maxLength: 5, description: '`alerts`: locale of their templates, `es` or `en_US` (the default).' }),
    ),
    mostReported: count('`statements`: decisions that a report may be about, 1 to 100000; 20000 by default.'),
    mostRows: count('`transactions`: rows of one answer, 1 to 100000; 10000 (the default) without `$top` too.'),
    filesPerList: count('`images`: statements of one list that have their files, the newest; 1 to 120, 24 by default.'),
    keptDays: count('`alerts`: days that events and the history are kept, 90 (the default) to 3660.'),
  },
  { additionalProperties: true },
);

/** Of an account or a transaction. */
export const OpaqueId = Type.String({ pattern: '^[A-Za-z0-9_-]{43}$', description: 'Opaque id: 43 characters.' });

const Amount = Type.Number({
  exclusiveMinimum: 0,
  maximum: 1_000_000_000,
  description: 'In units of the currency of the account, at most two decimals.',
});
const text = (maxLength: number, description: string) =>
  Type.String({ pattern: '^[ -~]*$', minLength: 1, maxLength, description });

export const NewSandboxPosting = Type.Object({
  type: Type.Union([Type.Literal('credit'), Type.Literal('debit'), Type.Literal('cheque'), Type.Literal('hold')], {
    description: 'Money in, money out, a cheque that was cashed, or money that is spoken for and not booked yet.',
  }),
  amount: Amount,
  description: Type.Optional(text(100, 'What the customer reads.')),
  memo: Type.Optional(text(100, 'Short text.')),
  checkNumber: Type.Optional(Type.String({ pattern: '^[0-9]{1,10}$', description: 'Needed for a cheque, and only there.' })),
  merchantName: Type.Optional(text(100, 'Where it was spent.')),
  merchantCategory: Type.Optional(text(50, 'What kind of shop that is.')),
  transactionDate: Type.Optional(DateOnly),
  isPending: Type.Optional(Type.Boolean({ description: 'Not booked yet: a hold, or a credit to come.' })),
  expiresAt: Type.Optional(
    Type.String({ format: 'date-time', description: 'When a hold ends by itself; only for what is pending.' }),
  ),
  mayOverdraw: Type.Optional(Type.Boolean({ description: 'Books it although the account has not enough; default false.' })),
});

export const SandboxPosting = Type.Object({
  institutionId: InstitutionId,
  accountId: OpaqueId,
  transactionId: OpaqueId,
  transactionNumber: Type.String({ description: 'Number of the core; a hold keeps it when it is booked.' }),
  imageIdentifier: Type.Optional(OpaqueId),
  transactionDate: DateOnly,
  isPending: Type.Boolean(),
  currentBalance: Type.Number({ description: 'Afterwards; what is owed is negative.' }),
  availableBalance: Type.Number({ description: 'Afterwards, less what is held.' }),
});

export const HoldPosting = Type.Object({
  amount: Type.Optional(Amount),
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
  executions: Type.Array(ScheduleExecution, { description: 'The latest first, at most 100 of a schedule.' }),
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

/** What calls meet in place of the truth, and which calls. */
const callFault = {
  operation: Type.Optional(
    Type.String({ maxLength: 64, description: 'Its id, e.g. `listAccounts`; default: every operation that fits.' }),
  ),
  callerClientId: Type.Optional(Type.String({ maxLength: 256, description: 'Calls of this application only.' })),
  user: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 128,
      description: 'Calls with a token of this user (`institutionUserId` or `customerId`), or with this value in path or query.',
    }),
  ),
  effect: Type.Union([Type.Literal('ERROR'), Type.Literal('DELAY'), Type.Literal('CUT'), Type.Literal('MALFORMED')], {
    description:
      'ERROR answers a refusal of the operation; DELAY goes on after a while; CUT ends the connection; MALFORMED answers success with a body that nobody can read.',
  }),
  error: Type.Optional(
    Type.String({ maxLength: 64, description: 'ERROR only, and needed there: a code of the family, or the name of its row.' }),
  ),
  delayMs: Type.Optional(Type.Integer({ minimum: 1, maximum: 25_000, description: 'DELAY only; default 2000.' })),
};

export const CallFaultInput = Type.Object({
  ...callFault,
  count: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 1_000_000, description: 'How many calls; default: all until it is disarmed.' }),
  ),
});

export const CallFault = Type.Object({
  faultId: Type.String({ format: 'uuid', description: 'Header `x-fault` of every answer that it makes.' }),
  institutionId: InstitutionId,
  ...callFault,
  remaining: Type.Optional(Type.Integer({ description: 'Calls that will still meet it.' })),
});

const limit = (description: string) =>
  Type.Optional(
    Type.Number({ minimum: 0, maximum: 1_000_000_000, description: `${description} At most two decimals; 0 is no limit.` }),
  );

/** What a customer may move out; what is absent is as the institution has it. */
export const TransferLimitsInput = Type.Object({
  transferLimit: limit('Of one transfer.'),
  dailyLimit: limit('Of all transfers of a day of the institution.'),
});

export const TransferLimits = Type.Object({
  institutionId: InstitutionId,
  customerId: CustomerId,
  ...TransferLimitsInput.properties,
});
