import { TransactionType } from '@openbranch/contract/accounts/transaction-schemas';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { regDMaximumOf, regDMonthOf, regDTypes, regDUseOf } from './regulation-d.ts';

test('only savings and money market accounts are bound, by what the institution has set', () => {
  const maximumOf = (accountType: string): number => regDMaximumOf({ regDMaximum: 6 }, accountType);
  expect(['SAVINGS', 'MONEY_MARKET'].map(maximumOf)).toEqual([6, 6]);
  expect(['CHECKING', 'CERT_OF_DEPOSIT', 'CREDIT_CARD_LOAN', 'RETIREMENT_IRA'].map(maximumOf)).toEqual([0, 0, 0, 0]);
});

test('a month begins with its first day and goes to today', () => {
  expect(regDMonthOf('2026-04-10')).toEqual({ from: '2026-04-01', to: '2026-04-10' });
  expect(regDMonthOf('2026-02-01')).toEqual({ from: '2026-02-01', to: '2026-02-01' });
});

test('each type that counts is a transfer or a cheque and never both, of its own account only', () => {
  const counts = fc.array(
    fc.record({
      accountKey: fc.constantFrom(1n, 2n),
      type: fc.constantFrom(...regDTypes, 'ATM_WITHDRAWAL', 'SERVICE_CHARGE'),
      count: fc.integer({ min: 1, max: 9 }),
    }),
  );
  fc.assert(
    fc.property(counts, (rows) => {
      const { transferCount, chequeCount } = regDUseOf(1n, rows);
      const own = rows.filter(({ accountKey, type }) => accountKey === 1n && regDTypes.includes(type));
      expect(transferCount + chequeCount).toBe(own.reduce((sum, { count }) => sum + count, 0));
    }),
  );
  expect(regDUseOf(1n, [{ accountKey: 1n, type: 'CHECK', count: 2 }])).toEqual({ transferCount: 0, chequeCount: 2 });
  expect(regDUseOf(1n, [{ accountKey: 1n, type: 'TRANSFER_DEBIT', count: 3 }])).toEqual({ transferCount: 3, chequeCount: 0 });
});

test('every type that counts is one that transactions have', () => {
  expect(Reflect.get(TransactionType, 'enum')).toEqual(expect.arrayContaining([...regDTypes]));
});
