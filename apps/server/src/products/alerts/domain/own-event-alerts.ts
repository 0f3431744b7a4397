import type { OwnEvent, PostingEvent } from '../../../kernel/own-event.ts';
import type { AlertEvent } from './alert-event.ts';
import type { EventDomain } from './alert-type.ts';
import type { EventParts } from './event-values.ts';

/** An event of our own before it has an id. */
export type OwnAlertEvent = Omit<AlertEvent, 'eventId'>;

const userTypes = {
  'signed-in': 'LOGIN',
  locked: 'USER_LOCKED',
  unlocked: 'USER_UNLOCKED',
  'password-changed': 'PASSWORD_CHANGED',
  // Not in the starter catalogue: an institution may define a type of this name.
  'contact-changed': 'CONTACT_CHANGED',
} as const;

/** The alert events that something of our own is: a posting tells of the transaction and of both sides of the balance. */
export function toAlertEvents(event: OwnEvent): readonly OwnAlertEvent[] {
  if (event.kind === 'posted') return postingEvents(event);
  const { occurredAt, institutionUserId } = event;
  return [
    {
      eventType: userTypes[event.kind],
      domain: 'USER',
      occurredAt,
      addressee: { kind: 'users', institutionUserIds: [institutionUserId], customerId: undefined },
      parts: { user: {} },
    },
  ];
}

/** Gives an event of our own its id, with the details that templates can name. */
export function identifyOwnEvent(institutionId: string, event: OwnAlertEvent, eventId: string): AlertEvent {
  const eventDetails = { eventId, eventType: event.eventType, institutionId, eventOccured: event.occurredAt.toISOString() };
  return { ...event, eventId, parts: { eventDetails, ...event.parts } };
}

function postingEvents({ occurredAt, institutionUserIds, account, transaction }: PostingEvent): readonly OwnAlertEvent[] {
  if (institutionUserIds.length === 0) return [];
  const { accountId, accountNumber, accountType, currencyCode } = account;
  const toMoney = (minor: bigint) => ({ currencyCode, amount: Number(minor) / 100 });
  const accountPart = {
    id: accountId,
    accountNumber,
    type: { value: accountType },
    availableBalance: toMoney(account.availableBalanceMinor),
  };
  const transactionPart = {
    id: transaction.transactionId,
    accountId,
    amount: toMoney(transaction.amountMinor),
    isCreditTransaction: transaction.isCredit,
    description: transaction.description,
  };
  const toEvent = (eventType: string, domain: EventDomain, parts: EventParts): OwnAlertEvent => ({
    eventType,
    domain,
    occurredAt,
    addressee: { kind: 'users', institutionUserIds, customerId: undefined },
    parts,
  });
  const moved = { account: accountPart, transaction: transactionPart };
  return [
    toEvent('LARGE_TRANSACTION', 'TRANSACTION', moved),
    ...(transaction.isCashWithdrawal ? [toEvent('ATM_WITHDRAWAL', 'TRANSACTION', moved)] : []),
    // Both, whichever way it went: a balance on the other side is what ends the silence of a condition.
    toEvent('LOW_BALANCE', 'ACCOUNT', { account: accountPart }),
    toEvent('HIGH_BALANCE', 'ACCOUNT', { account: accountPart }),
  ];
}
