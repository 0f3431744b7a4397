import { expect, test } from 'vitest';
import type { MovedAccount } from '../../../kernel/own-event.ts';
import { laneOf } from './event-lane.ts';
import { toAlertEvents } from './own-event-alerts.ts';

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
const told = (...accounts: MovedAccount[]) => toAlertEvents({ kind: 'posted', institutionId: '00042', occurredAt, accounts });
const types = (...accounts: MovedAccount[]) => told(...accounts).map(({ eventType }) => eventType);

test('a posting tells of the transaction and of both sides of the balance; cash tells more', () => {
  expect(types(account)).toEqual(['LARGE_TRANSACTION', 'LOW_BALANCE', 'HIGH_BALANCE']);
  const cash = { ...account, transaction: { ...present(account.transaction), isCashWithdrawal: true } };
  expect(types(cash)).toContain('ATM_WITHDRAWAL');
  expect(told(account)[1]).toMatchObject({
    domain: 'ACCOUNT',
    addressee: { kind: 'account', accountKey: 1001n },
    parts: { account: { id: 'a1', availableBalance: { currencyCode: 'USD', amount: 72.1 } } },
  });
});

test('a hold tells of the balance only, and a loan that is paid out of the transaction only', () => {
  expect(types({ ...account, transaction: undefined })).toEqual(['LOW_BALANCE', 'HIGH_BALANCE']);
  expect(types({ ...account, availableBalanceMinor: undefined })).toEqual(['LARGE_TRANSACTION']);
});

test('a movement is told for each of its accounts, under ids that whoever knows the transactions can write down', () => {
  const other = { ...account, accountKey: 1002n, accountId: 'a2', reference: 't2' };
  expect(told(account, other).map(({ eventId }) => eventId)).toEqual([
    ...['LARGE_TRANSACTION.t1', 'LOW_BALANCE.t1', 'HIGH_BALANCE.t1'],
    ...['LARGE_TRANSACTION.t2', 'LOW_BALANCE.t2', 'HIGH_BALANCE.t2'],
  ]);
  expect(told({ ...account, reference: undefined })[0]?.eventId).toBeUndefined();
});

test('all events of an account share a lane', () => {
  const lanes = told(account).map((event, index) => laneOf({ ...event, eventId: `e${index}` }));
  expect(new Set(lanes).size).toBe(1);
});

test('what a user does is an event of the type of the catalogue', () => {
  const kinds = ['signed-in', 'locked', 'unlocked', 'password-changed', 'contact-changed'] as const;
  const names = kinds.map(
    (kind) => toAlertEvents({ kind, institutionId: '00042', occurredAt, institutionUserId: 'A' })[0]?.eventType,
  );
  expect(names).toEqual(['LOGIN', 'USER_LOCKED', 'USER_UNLOCKED', 'PASSWORD_CHANGED', 'CONTACT_CHANGED']);
});

function present<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error('It is not there.');
  return value;
}
