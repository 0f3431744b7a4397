import { expect, test } from 'vitest';
import { toAlertEvents } from './own-event-alerts.ts';

const occurredAt = new Date('2026-06-19T09:21:33Z');
const posting = {
  kind: 'posted',
  institutionId: '00042',
  occurredAt,
  institutionUserIds: ['A'],
  account: {
    accountId: 'a1',
    accountNumber: '0012345678',
    accountType: 'CHECKING',
    availableBalanceMinor: 7210n,
    currencyCode: 'USD',
  },
  transaction: { transactionId: 't1', amountMinor: 5000n, isCredit: false, isCashWithdrawal: false, description: 'Shop' },
} as const;

test('a posting tells of the transaction and of both sides of the balance; cash tells more; an account of nobody tells nothing', () => {
  const types = (event: Parameters<typeof toAlertEvents>[0]) => toAlertEvents(event).map(({ eventType }) => eventType);
  expect(types(posting)).toEqual(['LARGE_TRANSACTION', 'LOW_BALANCE', 'HIGH_BALANCE']);
  expect(types({ ...posting, transaction: { ...posting.transaction, isCashWithdrawal: true } })).toContain('ATM_WITHDRAWAL');
  expect(types({ ...posting, institutionUserIds: [] })).toEqual([]);
  expect(toAlertEvents(posting)[1]).toMatchObject({
    domain: 'ACCOUNT',
    parts: { account: { id: 'a1', availableBalance: { currencyCode: 'USD', amount: 72.1 } } },
  });
});

test('what a user does is an event of the type of the catalogue', () => {
  const kinds = ['signed-in', 'locked', 'unlocked', 'password-changed'] as const;
  const told = kinds.map(
    (kind) => toAlertEvents({ kind, institutionId: '00042', occurredAt, institutionUserId: 'A' })[0]?.eventType,
  );
  expect(told).toEqual(['LOGIN', 'USER_LOCKED', 'USER_UNLOCKED', 'PASSWORD_CHANGED']);
});
