import { createTestBooks, type TestBooks } from '@openbranch/testkit/test-books';
import { createTestDatabase, type TestDatabase } from '@openbranch/testkit/test-database';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Sql, Tx } from '../../platform/db/database.ts';
import { verifyLedger } from './verify-ledger.ts';

let own: TestDatabase;
let sql: Sql;
let books: TestBooks;
let from: bigint;
let to: bigint;
let entryId: bigint;
let hold: bigint;
let number = 0;
const now = new Date('2026-03-04T15:00:00Z');
const today = '2026-03-04';

beforeAll(async () => {
  own = await createTestDatabase();
  sql = own.database.sql;
});
beforeEach(async () => {
  number += 1;
  books = await createTestBooks(own.database, String(number).padStart(5, '0'));
  [from, to] = [await books.open({ balanceMinor: 10_000n }), await books.open()];
  const { institutionId, core } = books;
  await sql.begin(async (tx) => {
    await core.lockBalances(tx, institutionId, [from, to]);
    const booked = await core.post(tx, {
      ...{ institutionId, kind: 'transfer', bookedAt: now, transactionDate: today },
      postings: [
        { account: { key: from }, amountMinor: -300n, type: 'TRANSFER_DEBIT' },
        { account: { key: to }, amountMinor: 300n, type: 'TRANSFER_CREDIT' },
      ],
    });
    entryId = booked.entryId;
    const placed = await core.placeHold(tx, {
      ...{ institutionId, accountKey: from, amountMinor: -70n, transactionDate: today, placedAt: now, type: 'POS_PURCHASE' },
    });
    hold = placed.transactionNumber;
  });
});
afterAll(() => own.drop());

const verify = () => verifyLedger(sql, books.institutionId);
/** Changes books as only the owner of the database can, who switches its guards off. */
const tamper = (change: (tx: Tx) => PromiseLike<unknown>) =>
  sql.begin(async (tx) => {
    await tx`set local session_replication_role = replica`;
    await change(tx);
  });
const inst = () => books.institutionId;

test('books that nobody has tampered with are proven, with what they hold', async () => {
  expect(await verify()).toEqual({
    ...{ institutionId: inst(), entries: 2, postings: 4, accounts: 2, broken: undefined },
    totals: [{ currency: 'USD', customersMinor: 10_000n, ownMinor: -10_000n }],
  });
  expect(await verifyLedger(sql, '99999')).toMatchObject({ entries: 0, totals: [], broken: undefined });
});

describe('names the first thing that is wrong:', () => {
  test('an entry whose postings do not sum to zero', async () => {
    await tamper((tx) => tx`update postings set amount_minor = 301 where institution_id = ${inst()} and account_key = ${to}`);
    expect((await verify()).broken).toEqual({ row: `entry ${entryId}`, problem: 'its postings sum to 1 and not to zero' });
  });

  test('an entry without postings', async () => {
    await tamper((tx) => tx`delete from postings where institution_id = ${inst()} and entry_id = ${entryId}`);
    expect((await verify()).broken).toEqual({ row: `entry ${entryId}`, problem: 'it has 0 postings' });
  });

  test('an entry in another currency than its accounts', async () => {
    await tamper(
      (tx) => tx`update ledger_entries set currency = 'EUR' where institution_id = ${inst()} and entry_id = ${entryId}`,
    );
    expect((await verify()).broken).toEqual({ row: `entry ${entryId}`, problem: 'it reaches an account in USD' });
  });

  test('a balance that is not the sum of its postings', async () => {
    await tamper(
      (tx) => tx`update account_balances set ledger_minor = 299 where institution_id = ${inst()} and account_key = ${to}`,
    );
    expect((await verify()).broken).toEqual({
      ...{ row: `account ${to}`, problem: 'its balance is 299, and its postings sum to 300' },
    });
  });

  test('a posting with a balance of its own', async () => {
    await tamper(
      (tx) => tx`update postings set balance_after_minor = 1 where institution_id = ${inst()} and account_key = ${to}`,
    );
    expect((await verify()).broken?.row).toMatch(new RegExp(`^posting \\d+ of account ${to}$`, 'u'));
  });

  test('held money without a hold', async () => {
    await tamper((tx) => tx`delete from holds where institution_id = ${inst()} and transaction_number = ${hold}`);
    expect((await verify()).broken).toEqual({ row: `account ${from}`, problem: '70 is held, and its pending holds sum to 0' });
  });

  test('postings whose entry is gone', async () => {
    await tamper((tx) => tx`delete from ledger_entries where institution_id = ${inst()} and entry_id = ${entryId}`);
    expect((await verify()).broken).toMatchObject({ problem: 'its entry is gone' });
  });

  test('postings whose account is gone', async () => {
    await tamper((tx) => tx`delete from account_balances where institution_id = ${inst()} and account_key = ${to}`);
    expect((await verify()).broken).toMatchObject({ problem: 'there is no such account' });
  });
});

describe('what is booked stays:', () => {
  test.each(['postings', 'ledger_entries', 'holds'])('%s cannot be removed, one by one or all', async (table) => {
    await expect(sql`delete from ${sql(table)} where institution_id = ${inst()}`).rejects.toThrow('book a correction');
    await expect(sql`truncate ${sql(table)} cascade`).rejects.toThrow('book a correction');
  });

  test('postings, entries and settled holds cannot be changed', async () => {
    await expect(sql`update postings set memo = 'x' where institution_id = ${inst()}`).rejects.toThrow('book a correction');
    await expect(sql`update ledger_entries set kind = 'x' where institution_id = ${inst()}`).rejects.toThrow('book a correction');
    const reference = { institutionId: inst(), accountKey: from, transactionNumber: hold };
    await sql.begin((tx) => books.core.voidHold(tx, reference, now));
    await expect(sql`update holds set status = 'PENDING', settled_at = null where institution_id = ${inst()}`).rejects.toThrow(
      'book a correction',
    );
  });

  test('but in a transaction that empties an institution of the sandbox, and then only of that', async () => {
    const other = await createTestBooks(own.database, '90003');
    await other.open({ balanceMinor: 700n });
    await sql.begin(async (tx) => {
      await tx`select set_config('openbranch.emptied_institution', ${inst()}, true)`;
      await tx`delete from postings where institution_id = ${inst()}`;
      await expect(
        tx.savepoint((inner) => inner`delete from postings where institution_id = ${other.institutionId}`),
      ).rejects.toThrow('book a correction');
      await expect(tx.savepoint((inner) => inner`update ledger_entries set kind = 'x'`)).rejects.toThrow('book a correction');
    });
    expect(await sql`select 1 from postings where institution_id = ${inst()}`).toHaveLength(0);
    expect(await sql`select 1 from postings where institution_id = ${other.institutionId}`).toHaveLength(2);
    await expect(sql`delete from ledger_entries where institution_id = ${inst()}`).rejects.toThrow('book a correction');
  });
});
