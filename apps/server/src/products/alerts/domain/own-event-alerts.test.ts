import { expect, test } from 'vitest';
import type { MovedAccount } from '../../../kernel/own-event.ts';
import { toPostingAlerts, toUserAlert } from './own-event-alerts.ts';

const occurredAt = new Date('2026-06-19T09:21:33Z');
const account: MovedAccount = {
  accountKey: 1001n,
  accountId: 'a1',
  accountNumber: '0012345678',
  accountType: 'CHECKING',
  availableBalanceMinor: 7210n,
  currencyCode: 'USD',
  reference: 't1',
  transaction: { transactionId: 't1', amountMinor: 5000n, isCredit: false, isCashWithdrawal: false, description: 'Shop' },
};
const told = (moved: MovedAccount) => toPostingAlerts('00042', { postingId: 't1', occurredAt, account: moved });
const types = (moved: MovedAccount) => told(moved).map(({ eventType }) => eventType);

test('a posting tells of the transaction and of both sides of the balance; cash tells more', () => {
  expect(types(account)).toEqual(['LARGE_TRANSACTION', 'LOW_BALANCE', 'HIGH_BALANCE']);
  const cash = { ...account, transaction: { ...present(account.transaction), isCashWithdrawal: true } };
  expect(types(cash)).toContain('ATM_WITHDRAWAL');
  expect(told(account)[1]).toMatchObject({
    domain: 'ACCOUNT',
    addressee: { kind: 'account', accountKey: 1001n },
    parts: {
      eventDetails: { eventId: 'LOW_BALANCE.t1', eventType: 'LOW_BALANCE', institutionId: '00042' },
      account: { id: 'a1', availableBalance: { currencyCode: 'USD', amount: 72.1 } },
    },
  });
});

test('a hold tells of the balance only, and a loan that is paid out of the transaction only', () => {
  expect(types({ ...account, transaction: undefined })).toEqual(['LOW_BALANCE', 'HIGH_BALANCE']);
  expect(types({ ...account, availableBalanceMinor: undefined })).toEqual(['LARGE_TRANSACTION']);
});

test('its events have ids that whoever knows the transaction can write down', () => {
  expect(told(account).map(({ eventId }) => eventId)).toEqual(['LARGE_TRANSACTION.t1', 'LOW_BALANCE.t1', 'HIGH_BALANCE.t1']);
});

test('what a user does is an event of the type of the catalogue', () => {
  const kinds = ['signed-in', 'locked', 'unlocked', 'password-changed', 'contact-changed'] as const;
  const names = kinds.map(
    (kind) => toUserAlert({ kind, institutionId: '00042', occurredAt, institutionUserId: 'A' }, 'e1').eventType,
  );
  expect(names).toEqual(['LOGIN', 'USER_LOCKED', 'USER_UNLOCKED', 'PASSWORD_CHANGED', 'CONTACT_CHANGED']);
});

function present<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error('It is not there.');
  return value;
}
