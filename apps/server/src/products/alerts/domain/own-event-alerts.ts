import type { MovedAccount, OwnEvent, UserEvent } from '../../../kernel/own-event.ts';
import type { AlertEvent } from './alert-event.ts';
import type { EventDomain } from './alert-type.ts';
import type { EventParts } from './event-values.ts';

/** An event of our own; without an id it gets one by chance. */
export interface OwnAlertEvent extends Omit<AlertEvent, 'eventId'> {
  readonly eventId: string | undefined;
}

const userTypes = {
  'signed-in': 'LOGIN',
  locked: 'USER_LOCKED',
  unlocked: 'USER_UNLOCKED',
  'password-changed': 'PASSWORD_CHANGED',
  // Not in the starter catalogue: an institution may define a type of this name.
  'contact-changed': 'CONTACT_CHANGED',
} as const;

const balanceTypes = ['LOW_BALANCE', 'HIGH_BALANCE'] as const;

/** The alert events that something of our own is: a movement tells, for each account, of the transaction and of the balance. */
export function toAlertEvents(event: OwnEvent): readonly OwnAlertEvent[] {
  return event.kind === 'posted'
    ? event.accounts.flatMap((account) => accountEvents(event.occurredAt, account))
    : [userEvent(event)];
}

/** Gives an event of our own its id, with the details that templates can name. */
export function identifyOwnEvent(institutionId: string, event: OwnAlertEvent, eventId: string): AlertEvent {
  const eventDetails = { eventId, eventType: event.eventType, institutionId, eventOccured: event.occurredAt.toISOString() };
  return { ...event, eventId, parts: { eventDetails, ...event.parts } };
}

function userEvent({ kind, occurredAt, institutionUserId }: UserEvent): OwnAlertEvent {
  return {
    eventId: undefined,
    eventType: userTypes[kind],
    domain: 'USER',
    occurredAt,
    addressee: { kind: 'users', institutionUserIds: [institutionUserId], customerId: undefined },
    parts: { user: {} },
  };
}

function accountEvents(occurredAt: Date, moved: MovedAccount): readonly OwnAlertEvent[] {
  const { accountKey, accountId, accountNumber, accountType, currencyCode, reference, transaction } = moved;
  const { availableBalanceMinor } = moved;
  const toMoney = (minor: bigint) => ({ currencyCode, amount: Number(minor) / 100 });
  const hasBalance = availableBalanceMinor !== undefined;
  const account = {
    ...{ id: accountId, accountNumber, type: { value: accountType } },
    ...(hasBalance && { availableBalance: toMoney(availableBalanceMinor) }),
  };
  const toEvent = (eventType: string, domain: EventDomain, parts: EventParts): OwnAlertEvent => ({
    eventId: reference === undefined ? undefined : `${eventType}.${reference}`,
    eventType,
    domain,
    occurredAt,
    addressee: { kind: 'account', accountKey },
    parts,
  });
  const both = transaction === undefined ? undefined : { account, transaction: toPart(accountId, transaction, toMoney) };
  return [
    ...(both === undefined ? [] : [toEvent('LARGE_TRANSACTION', 'TRANSACTION', both)]),
    ...(both === undefined || transaction?.isCashWithdrawal !== true ? [] : [toEvent('ATM_WITHDRAWAL', 'TRANSACTION', both)]),
    // Both, whichever way it went: a balance on the other side is what ends the silence of a condition.
    ...(hasBalance ? balanceTypes.map((eventType) => toEvent(eventType, 'ACCOUNT', { account })) : []),
  ];
}

function toPart(
  accountId: string,
  { transactionId, amountMinor, isCredit, description }: NonNullable<MovedAccount['transaction']>,
  toMoney: (minor: bigint) => object,
) {
  return { id: transactionId, accountId, amount: toMoney(amountMinor), isCreditTransaction: isCredit, description };
}
