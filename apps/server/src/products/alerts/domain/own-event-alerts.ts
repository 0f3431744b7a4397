import type { MovedAccount, UserEvent } from '../../../kernel/own-event.ts';
import type { AddressedEvent, AlertEvent } from './alert-event.ts';
import type { EventDomain } from './alert-type.ts';
import type { EventParts } from './event-values.ts';
import type { Posting } from './posting.ts';

const userTypes = {
  'signed-in': 'LOGIN',
  locked: 'USER_LOCKED',
  unlocked: 'USER_UNLOCKED',
  'password-changed': 'PASSWORD_CHANGED',
  // Not in the starter catalogue: an institution may define a type of this name.
  'contact-changed': 'CONTACT_CHANGED',
} as const;

const balanceTypes = ['LOW_BALANCE', 'HIGH_BALANCE'] as const;

export function toUserAlert({ institutionId, kind, occurredAt, institutionUserId }: UserEvent, eventId: string): AddressedEvent {
  const eventType = userTypes[kind];
  return {
    eventId,
    eventType,
    domain: 'USER',
    occurredAt,
    addressee: { kind: 'users', institutionUserIds: [institutionUserId], customerId: undefined },
    parts: { eventDetails: toDetails(institutionId, eventId, eventType, occurredAt), user: {} },
  };
}

/** The alert events that a posting is: they tell of the transaction, and of the balance that it has left. */
export function toPostingAlerts(
  institutionId: string,
  { postingId, occurredAt, account: moved }: Posting,
): readonly AlertEvent[] {
  const { accountKey, accountId, accountNumber, accountType, currencyCode, transaction, availableBalanceMinor } = moved;
  const toMoney = (minor: bigint) => ({ currencyCode, amount: Number(minor) / 100 });
  const hasBalance = availableBalanceMinor !== undefined;
  const account = {
    ...{ id: accountId, accountNumber, type: { value: accountType } },
    ...(hasBalance && { availableBalance: toMoney(availableBalanceMinor) }),
  };
  const toEvent = (eventType: string, domain: EventDomain, parts: EventParts): AlertEvent => {
    const eventId = `${eventType}.${postingId}`;
    return {
      ...{ eventId, eventType, domain, occurredAt },
      addressee: { kind: 'account', accountKey },
      parts: { eventDetails: toDetails(institutionId, eventId, eventType, occurredAt), ...parts },
    };
  };
  const both = transaction === undefined ? undefined : { account, transaction: toPart(accountId, transaction, toMoney) };
  return [
    ...(both === undefined ? [] : [toEvent('LARGE_TRANSACTION', 'TRANSACTION', both)]),
    ...(both === undefined || transaction?.isCashWithdrawal !== true ? [] : [toEvent('ATM_WITHDRAWAL', 'TRANSACTION', both)]),
    // Both, whichever way it went: a balance on the other side is what ends the silence of a condition.
    ...(hasBalance ? balanceTypes.map((eventType) => toEvent(eventType, 'ACCOUNT', { account })) : []),
  ];
}

function toDetails(institutionId: string, eventId: string, eventType: string, occurredAt: Date) {
  return { eventId, eventType, institutionId, eventOccured: occurredAt.toISOString() };
}

function toPart(
  accountId: string,
  { transactionId, amountMinor, isCredit, description }: NonNullable<MovedAccount['transaction']>,
  toMoney: (minor: bigint) => object,
) {
  return { id: transactionId, accountId, amount: toMoney(amountMinor), isCreditTransaction: isCredit, description };
}
