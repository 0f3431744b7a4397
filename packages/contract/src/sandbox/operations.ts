import Type from 'typebox';
import { DateTime, InstitutionId } from '../identifiers.ts';
import { operation } from '../operation.ts';
import { sandboxFamily } from './families.ts';
import {
  Clock,
  HoldPosting,
  InboxChannel,
  InboxMessage,
  NewSandboxPosting,
  OpaqueId,
  Policy,
  PolicyName,
  SandboxPosting,
  Switch,
  TransferScheduleRecord,
} from './schemas.ts';

const params = Type.Object({ institutionId: InstitutionId });
const example = { params: { institutionId: '{{institutionId}}' } } as const;

export const getClock = operation({
  id: 'getClock',
  product: 'sandbox',
  summary: 'Read the clock of an institution',
  description: 'Everything that depends on time (tokens, locks, windows, interest, statements) follows this clock.',
  family: sandboxFamily,
  scopes: [],
  method: 'GET',
  path: '/sandbox/v1/institutions/{institutionId}/clock',
  params,
  success: { status: 200, body: Clock },
  errors: ['institutionNotFound'],
  isSandboxOnly: true,
  example,
});

export const setClock = operation({
  id: 'setClock',
  product: 'sandbox',
  summary: 'Set the clock of an institution',
  description:
    'The clock goes on from the given time. What is due by then (interest, statements, the end of holds) follows at once.',
  family: sandboxFamily,
  scopes: [],
  method: 'PUT',
  path: '/sandbox/v1/institutions/{institutionId}/clock',
  params,
  body: Type.Object({ now: DateTime }),
  bodyFormat: 'json',
  success: { status: 200, body: Clock },
  errors: ['institutionNotFound', 'timeOutOfRange'],
  isSandboxOnly: true,
  example: { ...example, body: { now: '{{now}}' } },
});

export const advanceClock = operation({
  id: 'advanceClock',
  product: 'sandbox',
  summary: 'Move the clock of an institution forward',
  description: 'Adds seconds to the clock, at most ten years at once.',
  family: sandboxFamily,
  scopes: [],
  method: 'POST',
  path: '/sandbox/v1/institutions/{institutionId}/clock:advance',
  params,
  body: Type.Object({ seconds: Type.Integer({ minimum: 0, maximum: 315_360_000 }) }),
  bodyFormat: 'json',
  success: { status: 200, body: Clock },
  errors: ['institutionNotFound', 'timeOutOfRange'],
  isSandboxOnly: true,
  example: { ...example, body: { seconds: 1 } },
});

export const resetInstitution = operation({
  id: 'resetInstitution',
  product: 'sandbox',
  summary: 'Bring an institution back to its seed',
  description:
    'Customers, accounts, transactions, states, switches, policies and clock are again as on the first start, the transactions up to today; every token of a user ends; tokens of applications stay.',
  family: sandboxFamily,
  scopes: [],
  method: 'POST',
  path: '/sandbox/v1/institutions/{institutionId}:reset',
  params,
  success: { status: 204 },
  errors: ['institutionNotFound'],
  isSandboxOnly: true,
  example,
});

const inboxFilter = {
  to: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 256,
      description: 'E-mail address, or phone number; `+` and country code may be left out.',
    }),
  ),
  channel: Type.Optional(InboxChannel),
  institutionId: Type.Optional(InstitutionId),
  since: Type.Optional(
    Type.String({ format: 'date-time', description: 'Only messages that were sent at this real time or later.' }),
  ),
};

export const listInbox = operation({
  id: 'listInbox',
  product: 'sandbox',
  summary: 'List the messages of the inbox',
  description:
    'The sandbox sends nothing: e-mails, text messages, calls, push messages and what the page of an application shows are here, newest first.',
  family: sandboxFamily,
  scopes: [],
  method: 'GET',
  path: '/sandbox/v1/inbox',
  query: Type.Object({
    ...inboxFilter,
    limit: Type.Optional(Type.String({ pattern: '^(?:[1-9][0-9]?|100)$', description: 'From 1 to 100, default 50.' })),
  }),
  success: { status: 200, body: Type.Object({ messages: Type.Array(InboxMessage) }) },
  errors: ['institutionNotFound'],
  isSandboxOnly: true,
  example: { query: { institutionId: '{{institutionId}}' } },
});

export const waitForMessage = operation({
  id: 'waitForMessage',
  product: 'sandbox',
  summary: 'Wait for a message',
  description:
    'Answers the newest message that fits as soon as there is one, for tests that need a passcode or a link. One that is there already is answered at once; `since` leaves out older ones.',
  family: sandboxFamily,
  scopes: [],
  method: 'GET',
  path: '/sandbox/v1/inbox/wait',
  query: Type.Object({
    ...inboxFilter,
    contains: Type.Optional(
      Type.String({ minLength: 1, maxLength: 200, description: 'Text that subject or message must hold; case does not matter.' }),
    ),
    timeoutMs: Type.Optional(
      Type.String({ pattern: '^(?:[0-9]{1,4}|[12][0-9]{4}|30000)$', description: 'From 0 to 30000, default 5000.' }),
    ),
  }),
  success: { status: 200, body: InboxMessage },
  errors: ['institutionNotFound', 'messageNotFound'],
  isSandboxOnly: true,
  example: { query: { institutionId: '{{institutionId}}', timeoutMs: '10000' } },
});

export const listSwitches = operation({
  id: 'listSwitches',
  product: 'sandbox',
  summary: 'List the switches of the contradiction register',
  description: 'Where public sources of the API disagree, a switch shows the other form.',
  family: sandboxFamily,
  scopes: [],
  method: 'GET',
  path: '/sandbox/v1/institutions/{institutionId}/switches',
  params,
  success: { status: 200, body: Type.Object({ switches: Type.Array(Switch) }) },
  errors: ['institutionNotFound'],
  isSandboxOnly: true,
  example,
});

export const setSwitch = operation({
  id: 'setSwitch',
  product: 'sandbox',
  summary: 'Set a switch of an institution',
  description: 'Takes effect at once.',
  family: sandboxFamily,
  scopes: [],
  method: 'PUT',
  path: '/sandbox/v1/institutions/{institutionId}/switches/{switchKey}',
  params: Type.Object({ institutionId: InstitutionId, switchKey: Type.String({ minLength: 1, maxLength: 64 }) }),
  body: Type.Object({ value: Type.Unsafe<string | boolean>({ type: ['string', 'boolean'] }) }),
  bodyFormat: 'json',
  success: { status: 200, body: Switch },
  errors: ['institutionNotFound', 'switchNotFound', 'switchValueInvalid'],
  isSandboxOnly: true,
  example: { params: { institutionId: '{{institutionId}}', switchKey: 'debug.rules' }, body: { value: true } },
});

const policyParams = Type.Object({ institutionId: InstitutionId, policyName: PolicyName });
const policyExample = { params: { institutionId: '{{institutionId}}', policyName: 'lockout' } } as const;

export const getPolicy = operation({
  id: 'getPolicy',
  product: 'sandbox',
  summary: 'Read a policy of an institution',
  description: 'The rules that an institution has chosen, or their defaults. The answer has the members of this policy only.',
  family: sandboxFamily,
  scopes: [],
  method: 'GET',
  path: '/sandbox/v1/institutions/{institutionId}/policies/{policyName}',
  params: policyParams,
  success: { status: 200, body: Policy },
  errors: ['institutionNotFound'],
  isSandboxOnly: true,
  example: policyExample,
});

export const setPolicy = operation({
  id: 'setPolicy',
  product: 'sandbox',
  summary: 'Set a policy of an institution',
  description:
    'Replaces the policy; what is left out takes its default, and a member of another policy is refused. Takes effect at once.',
  family: sandboxFamily,
  scopes: [],
  method: 'PUT',
  path: '/sandbox/v1/institutions/{institutionId}/policies/{policyName}',
  params: policyParams,
  body: Policy,
  bodyFormat: 'json',
  success: { status: 200, body: Policy },
  errors: ['institutionNotFound', 'policyInvalid'],
  isSandboxOnly: true,
  example: { ...policyExample, body: { maxFailed: 5, autoUnlockMinutes: 0 } },
});

export const bookPosting = operation({
  id: 'bookPosting',
  product: 'sandbox',
  summary: 'Book a posting on an account',
  description:
    'Plays the core: money comes in, goes out, a cheque is cashed, or a hold is placed. The account id tells the institution.',
  family: sandboxFamily,
  scopes: [],
  method: 'POST',
  path: '/sandbox/v1/accounts/{accountId}/postings',
  params: Type.Object({ accountId: OpaqueId }),
  body: NewSandboxPosting,
  bodyFormat: 'json',
  success: { status: 201, body: SandboxPosting },
  errors: ['accountNotFound', 'postingInvalid', 'accountClosed', 'fundsInsufficient'],
  isSandboxOnly: true,
  example: {
    params: { accountId: '{{accountId}}' },
    body: { type: 'credit', amount: 25.5, description: 'Refund' },
  },
});

const holdParams = Type.Object({ accountId: OpaqueId, transactionId: OpaqueId });
const holdExample = { params: { accountId: '{{accountId}}', transactionId: '{{holdId}}' } } as const;

export const postHold = operation({
  id: 'postHold',
  product: 'sandbox',
  summary: 'Book what a hold set aside',
  description: 'For its amount or, as at a filling station, for another; the transaction keeps its id.',
  family: sandboxFamily,
  scopes: [],
  method: 'PUT',
  path: '/sandbox/v1/accounts/{accountId}/holds/{transactionId}:post',
  params: holdParams,
  body: HoldPosting,
  bodyFormat: 'json',
  success: { status: 200, body: SandboxPosting },
  errors: ['accountNotFound', 'postingInvalid', 'holdNotFound', 'holdNotPending'],
  isSandboxOnly: true,
  example: { ...holdExample, body: { amount: 24.75 } },
});

export const voidHold = operation({
  id: 'voidHold',
  product: 'sandbox',
  summary: 'Give back what a hold set aside',
  description: 'The purchase did not come: the hold is gone from the account.',
  family: sandboxFamily,
  scopes: [],
  method: 'PUT',
  path: '/sandbox/v1/accounts/{accountId}/holds/{transactionId}:void',
  params: holdParams,
  success: { status: 204 },
  errors: ['accountNotFound', 'holdNotFound', 'holdNotPending'],
  isSandboxOnly: true,
  example: holdExample,
});

export const listTransferSchedules = operation({
  id: 'listTransferSchedules',
  product: 'sandbox',
  summary: 'List scheduled transfers',
  description: 'The newest hundred, of the institution or of one user, with what has come of each execution.',
  family: sandboxFamily,
  scopes: [],
  method: 'GET',
  path: '/sandbox/v1/institutions/{institutionId}/schedules',
  params,
  query: Type.Object({ institutionUserId: Type.Optional(Type.String({ maxLength: 64 })) }),
  success: { status: 200, body: Type.Object({ schedules: Type.Array(TransferScheduleRecord) }) },
  errors: ['institutionNotFound'],
  isSandboxOnly: true,
  example,
});

export const cancelTransferSchedule = operation({
  id: 'cancelTransferSchedule',
  product: 'sandbox',
  summary: 'Cancel a scheduled transfer',
  description: 'Nothing of it is executed any more; what was executed stays.',
  family: sandboxFamily,
  scopes: [],
  method: 'DELETE',
  path: '/sandbox/v1/institutions/{institutionId}/schedules/{scheduleId}',
  params: Type.Object({ institutionId: InstitutionId, scheduleId: Type.String({ maxLength: 64 }) }),
  success: { status: 204 },
  errors: ['institutionNotFound', 'scheduleNotFound'],
  isSandboxOnly: true,
  example: { params: { institutionId: '{{institutionId}}', scheduleId: '{{scheduleId}}' } },
});
