import { quietExpiry } from '@openbranch/testkit/quiet-expiry';
import { createTestBooks, type TestBooks } from '@openbranch/testkit/test-books';
import { createTestDatabase, type TestDatabase } from '@openbranch/testkit/test-database';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { parsePolicies } from '../../kernel/policies.ts';
import type { Sql } from '../../platform/db/database.ts';
import type { NewEntry } from '../port.ts';
import { bookHistory } from './book-history.ts';
import { expireHolds } from './expire-holds.ts';
import { verifyLedger } from './verify-ledger.ts';

let own: TestDatabase;
let sql: Sql;
let books: TestBooks;
let number = 0;
beforeAll(async () => {
  own = await createTestDatabase();
  sql = own.database.sql;
});
beforeEach(async () => {
  number += 1;
  books = await createTestBooks(own.database, String(number).padStart(5, '0'));
});
afterAll(() => own.drop());

const day = (index: number) => new Date(Date.UTC(2024, 0, 1 + index)).toISOString().slice(0, 10);
const salaryOf = (accountKey: bigint, transactionDate: string, amountMinor = 100n): NewEntry => ({
  ...{ institutionId: books.institutionId, kind: 'import', bookedAt: new Date(`${transactionDate}T08:00:00Z`), transactionDate },
  postings: [
    { account: { key: accountKey }, amountMinor, type: 'DIRECT_DEPOSIT', description: 'Pay\tday \\ "é"\n' },
    { account: { internal: 'clearing' }, amountMinor: -amountMinor, type: 'DIRECT_DEPOSIT' },
  ],
});
const importAll = (entries: readonly NewEntry[]) => sql.begin((tx) => bookHistory(tx, books.institutionId, entries));
const list = (accountKey: bigint) =>
  books.core.listTransactions(sql, {
    ...{ institutionId: books.institutionId, accountKey, from: '2000-01-01', to: '2999-12-31', skip: 0, take: 3 },
  });

test('a history keeps its own dates and texts, and every posting the balance of its time', async () => {
  const key = await books.open();
  await importAll(
    Array.from({ length: 12_000 }, (_, index) => salaryOf(key, day(index % 700))).sort((a, b) =>
      a.transactionDate < b.transactionDate ? -1 : 1,
    ),
  );
  const { count, transactions } = await list(key);
  expect(count).toBe(12_000);
  expect(transactions[0]).toMatchObject({
    transactionDate: day(699),
    balanceAfterMinor: 1_200_000n,
    description: 'Pay\tday \\ "é"\n',
  });
  expect(transactions[1]).toMatchObject({ balanceAfterMinor: 1_199_900n });
  expect(await verifyLedger(sql, books.institutionId)).toMatchObject({ entries: 12_000, postings: 24_000, broken: undefined });
});

test('a history that comes late goes behind what is booked, and the books are proven', async () => {
  const key = await books.open({ balanceMinor: 500n });
  await importAll([salaryOf(key, '2020-02-29'), salaryOf(key, '2020-03-31')]);
  const { transactions } = await list(key);
  expect(transactions.map((one) => [one.transactionDate, one.balanceAfterMinor])).toEqual([
    ['2026-01-02', 500n],
    ['2020-03-31', 700n],
    ['2020-02-29', 600n],
  ]);
  expect((await verifyLedger(sql, books.institutionId)).broken).toBeUndefined();
});

test('a history with one wrong entry is refused whole', async () => {
  const key = await books.open();
  const good = salaryOf(key, '2024-01-01');
  const [gain] = good.postings;
  if (gain === undefined) throw new Error('There are two.');
  await expect(importAll([good, { ...good, postings: [gain, gain] }])).rejects.toThrow('sum to zero');
  await expect(importAll([good, salaryOf(999_999_999n, '2024-01-01')])).rejects.toThrow('account that is there');
  await expect(importAll([good, { ...good, currency: 'EUR' }])).rejects.toThrow('cannot reach an account in USD');
  await importAll([]);
  expect((await list(key)).count).toBe(0);
});

test('holds time out by the clock of the institution, and give back what they held', async () => {
  const key = await books.open({ balanceMinor: 50_000n });
  const placedAt = new Date('2026-03-04T15:00:00Z');
  const { institutionId, core } = books;
  const place = (amountMinor: bigint, expiresAt: Date | undefined) =>
    sql.begin((tx) =>
      core.placeHold(tx, {
        ...{
          institutionId,
          accountKey: key,
          amountMinor,
          transactionDate: '2026-03-04',
          placedAt,
          expiresAt,
          type: 'POS_PURCHASE',
        },
      }),
    );
  for (let index = 0; index < 250; index += 1) await place(-10n, new Date('2026-03-07T15:00:00Z'));
  await place(99n, new Date('2026-03-07T15:00:00Z'));
  await place(-7n, new Date('2026-03-08T15:00:00Z'));
  await place(-5n, undefined);
  const institution = {
    ...{
      institutionId,
      name: 'Test',
      timeZone: 'UTC',
      isActive: true,
      clockOffsetMs: 0,
      policies: parsePolicies({}),
      switches: {},
    },
  };
  const heldAt = async (time: string) => {
    await expireHolds(sql, quietExpiry(sql, new Date(time)), [institution]);
    return (await core.findAccounts(sql, institutionId, [key]))[0]?.balance.heldMinor;
  };
  expect(await heldAt('2026-03-07T14:59:59Z')).toBe(2_512n);
  expect(await heldAt('2026-03-07T15:00:00Z')).toBe(12n);
  expect(await heldAt('2026-03-07T15:00:00Z')).toBe(12n);
  expect((await list(key)).count).toBe(3);
  expect((await verifyLedger(sql, institutionId)).broken).toBeUndefined();
});
