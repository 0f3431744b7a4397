import { booksMember, createTestBooks, type TestBooks } from '@openbranch/testkit/test-books';
import { createTestDatabase, type TestDatabase } from '@openbranch/testkit/test-database';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Sql } from '../../platform/db/database.ts';
import { availableOf, type ChangedTerms, type NewEntry, type NewHold, spendableOf } from '../port.ts';

let own: TestDatabase;
let sql: Sql;
let books: TestBooks;
let number = 0;
beforeAll(async () => {
  own = await createTestDatabase();
  sql = own.database.sql;
});
// Each test has an institution of its own.
beforeEach(async () => {
  number += 1;
  books = await createTestBooks(own.database, String(number).padStart(5, '0'));
});
afterAll(() => own.drop());

const now = new Date('2026-03-04T15:00:00Z');
const today = '2026-03-04';

function transferOf(from: bigint, to: bigint, amountMinor: bigint, more: Partial<NewEntry> = {}): NewEntry {
  return {
    ...{ institutionId: books.institutionId, kind: 'transfer', bookedAt: now, transactionDate: today },
    postings: [
      { account: { key: from }, amountMinor: -amountMinor, type: 'TRANSFER_DEBIT', memo: 'Rent' },
      { account: { key: to }, amountMinor, type: 'TRANSFER_CREDIT' },
    ],
    ...more,
  };
}
const transfer = (from: bigint, to: bigint, amountMinor: bigint, more?: Partial<NewEntry>) =>
  sql.begin(async (tx) => {
    await books.core.lockBalances(tx, books.institutionId, [from, to]);
    return books.core.post(tx, transferOf(from, to, amountMinor, more));
  });
const balancesOf = async (...keys: bigint[]) =>
  (await books.core.findAccounts(sql, books.institutionId, keys)).map(({ balance }) => balance.ledgerMinor);
const balanceOf = async (key: bigint) => (await books.core.findAccounts(sql, books.institutionId, [key]))[0]?.balance;
const list = (accountKey: bigint, more: { from?: string; to?: string; skip?: number; take?: number } = {}) =>
  books.core.listTransactions(sql, {
    ...{ institutionId: books.institutionId, accountKey, from: '2000-01-01', to: '2999-12-31', skip: 0, take: undefined },
    ...more,
  });
const debitsOf = async (...accountKeys: bigint[]) => {
  const types = ['TRANSFER_DEBIT', 'CHECK'];
  const counts = await books.core.countDebits(sql, {
    ...{ institutionId: books.institutionId, accountKeys, types, from: '2000-01-01', to: '2999-12-31' },
  });
  return counts.map(({ accountKey, type, count }) => [accountKey, type, count]);
};
const holdOf = (accountKey: bigint, amountMinor: bigint, more: Partial<NewHold> = {}): NewHold => ({
  ...{ institutionId: books.institutionId, accountKey, amountMinor, transactionDate: today, placedAt: now },
  ...{ type: 'POS_PURCHASE', description: 'Corner shop', merchantName: 'Corner shop' },
  ...more,
});
const placeHold = async (accountKey: bigint, amountMinor: bigint, more?: Partial<NewHold>) => {
  const { transactionNumber } = await sql.begin((tx) => books.core.placeHold(tx, holdOf(accountKey, amountMinor, more)));
  return { institutionId: books.institutionId, accountKey, transactionNumber };
};

describe('an entry', () => {
  test('moves money: both balances change, and each account shows its side with the balance after it', async () => {
    const [from, to] = [await books.open({ balanceMinor: 10_000n }), await books.open()];
    const booked = await transfer(from, to, 2_500n, { effectiveDate: '2026-03-02' });
    expect(booked.postings.map(({ balanceAfter }) => balanceAfter?.ledgerMinor)).toEqual([7_500n, 2_500n]);
    expect(await balancesOf(from, to)).toEqual([7_500n, 2_500n]);
    const { count, transactions } = await list(from);
    expect(count).toBe(2);
    expect(transactions[0]).toEqual({
      transactionNumber: booked.postings[0]?.transactionNumber,
      isPending: false,
      transactionDate: today,
      effectiveDate: '2026-03-02',
      amountMinor: -2_500n,
      balanceAfterMinor: 7_500n,
      type: 'TRANSFER_DEBIT',
      memo: 'Rent',
    });
    expect((await list(to)).transactions.map(({ amountMinor }) => amountMinor)).toEqual([2_500n]);
  });

  test('with several postings on one account keeps the balance after each', async () => {
    const [from, to] = [await books.open({ balanceMinor: 10_000n }), await books.open()];
    const booked = await transfer(from, to, 0n, {
      postings: [
        { account: { key: from }, amountMinor: -1_000n, type: 'TRANSFER_DEBIT' },
        { account: { key: to }, amountMinor: 1_000n, type: 'TRANSFER_CREDIT' },
        { account: { key: from }, amountMinor: -50n, type: 'SERVICE_CHARGE' },
        { account: { internal: 'fees' }, amountMinor: 50n, type: 'SERVICE_CHARGE' },
      ],
    });
    expect(booked.postings.map(({ balanceAfter }) => balanceAfter?.ledgerMinor)).toEqual([9_000n, 1_000n, 8_950n, undefined]);
    expect(await balancesOf(from)).toEqual([8_950n]);
    expect((await list(from)).transactions.map(({ balanceAfterMinor }) => balanceAfterMinor)).toEqual([8_950n, 9_000n, 10_000n]);
  });

  test.each([
    ['does not sum to zero', [100n, -99n]],
    ['has a posting of zero', [0n, 0n]],
    ['has one posting', [0n]],
  ])('that %s is refused, and nothing is kept', async (_what, amounts) => {
    const from = await books.open({ balanceMinor: 500n });
    const postings = amounts.map((amountMinor) => ({ account: { key: from }, amountMinor, type: 'DEPOSIT' }));
    await expect(transfer(from, from, 0n, { postings })).rejects.toThrow('entry');
    expect(await balancesOf(from)).toEqual([500n]);
  });

  test('that reaches an account that is not there is refused, and nothing is kept', async () => {
    const from = await books.open({ balanceMinor: 500n });
    await expect(transfer(from, 999_999_999n, 100n)).rejects.toThrow('account that is there');
    expect(await balancesOf(from)).toEqual([500n]);
    expect((await list(from)).count).toBe(1);
  });

  test('that reaches the account of another institution is refused', async () => {
    const from = await books.open({ balanceMinor: 500n });
    const other = await createTestBooks(own.database, '90001');
    const theirs = await other.open();
    await expect(transfer(from, theirs, 100n)).rejects.toThrow('account that is there');
    expect(await balancesOf(from)).toEqual([500n]);
  });

  test('that mixes currencies is refused', async () => {
    const [from, to] = [await books.open({ balanceMinor: 500n }), await books.open({ currency: 'EUR' })];
    await expect(transfer(from, to, 100n)).rejects.toThrow('cannot reach an account in EUR');
    expect(await balancesOf(from, to)).toEqual([500n, 0n]);
  });

  test('keeps whatever text it is given', async () => {
    const [from, to] = [await books.open({ balanceMinor: 500n }), await books.open()];
    const memo = 'Ünïcode "quoted" \\ \ud800 \u0000 \n, {}';
    await transfer(from, to, 0n, {
      postings: [
        { account: { key: from }, amountMinor: -1n, type: 'TRANSFER_DEBIT', memo },
        { account: { key: to }, amountMinor: 1n, type: 'TRANSFER_CREDIT' },
      ],
    });
    expect((await list(from)).transactions[0]?.memo).toBe('Ünïcode "quoted" \\ \uFFFD \uFFFD \n, {}');
  });

  test('that is undone counts no more among the debits of its account', async () => {
    const [from, to, other] = [await books.open({ balanceMinor: 10_000n }), await books.open(), await books.open()];
    expect(await debitsOf(from, to, other)).toEqual([]);
    await transfer(from, to, 100n);
    const { entryId } = await transfer(from, to, 200n);
    await transfer(to, from, 50n);
    const twoAndOne = [
      [from, 'TRANSFER_DEBIT', 2],
      [to, 'TRANSFER_DEBIT', 1],
    ];
    expect(await debitsOf(from, to, other)).toEqual(expect.arrayContaining(twoAndOne));
    const correction = { institutionId: books.institutionId, entryId, bookedAt: now, transactionDate: today, reason: 'Undone' };
    await sql.begin((tx) => books.core.correct(tx, correction));
    expect(await debitsOf(from)).toEqual([[from, 'TRANSFER_DEBIT', 1]]);
    expect(await debitsOf()).toEqual([]);
  });

  test('is undone by a correction, once; both stay to be seen', async () => {
    const [from, to] = [await books.open({ balanceMinor: 10_000n }), await books.open()];
    const { entryId } = await transfer(from, to, 2_500n);
    const correction = {
      institutionId: books.institutionId,
      bookedAt: now,
      transactionDate: '2026-03-05',
      reason: 'Booked twice',
    };
    const correct = (id: bigint) => sql.begin((tx) => books.core.correct(tx, { ...correction, entryId: id }));
    const outcomes = await Promise.all([correct(entryId), correct(entryId), correct(entryId)]);
    expect(outcomes.filter((outcome) => outcome === 'correctedBefore')).toHaveLength(2);
    expect(await correct(1n)).toBe('unknown');
    expect(await balancesOf(from, to)).toEqual([10_000n, 0n]);
    const seen = (await list(from)).transactions.map(({ amountMinor, type, description }) => [amountMinor, type, description]);
    expect(seen).toEqual([
      [2_500n, 'LEDGER_ADJUSTMENT_CREDIT', 'Booked twice'],
      [-2_500n, 'TRANSFER_DEBIT', undefined],
      [10_000n, 'DEPOSIT', undefined],
    ]);
  });
});

describe('a correction of an entry that changed terms', () => {
  const loanTerms = { accountType: 'INSTALLMENT_LOAN', category: 'LOAN' };
  const change = (key: bigint, entryId: bigint, terms: ChangedTerms) =>
    sql.begin((tx) =>
      books.core.saveTerms(tx, { institutionId: books.institutionId, accountKey: key, entryId, transactionDate: today, terms }),
    );
  const correct = (entryId: bigint) =>
    sql.begin((tx) =>
      books.core.correct(tx, {
        ...{ institutionId: books.institutionId, entryId, bookedAt: now, transactionDate: today, reason: 'Undone' },
      }),
    );
  const termsOf = async (key: bigint) => {
    const [account] = await books.core.findAccounts(sql, books.institutionId, [key]);
    if (account === undefined) throw new Error('The account is there.');
    const { closedOn, loan, balance, eligibleThisYearMinor, eligibleLastYearMinor } = account;
    const { interestDueMinor, feesDueMinor, payOffMinor } = loan;
    return { closedOn, interestDueMinor, feesDueMinor, payOffMinor, eligibleThisYearMinor, eligibleLastYearMinor, balance };
  };
  const setTerms = (key: bigint, columns: Record<string, bigint>) =>
    sql`update accounts set ${sql(columns)} where institution_id = ${books.institutionId} and account_key = ${key}`;

  test('opens a loan again that was paid off by mistake, with what is owed and due', async () => {
    const [from, loan] = [
      await books.open({ balanceMinor: 90_000n }),
      await books.open({ balanceMinor: -50_000n, ...loanTerms }),
    ];
    await setTerms(loan, { interest_due_minor: 700n, fees_due_minor: 50n });
    const before = await termsOf(loan);
    expect(before).toMatchObject({ payOffMinor: 50_000n });
    const { entryId } = await transfer(from, loan, 50_000n);
    await change(loan, entryId, { interestDueMinor: 0n, feesDueMinor: 0n, lastPrincipalMinor: 49_250n, closedOn: today });
    expect(await termsOf(loan)).toMatchObject({ payOffMinor: 0n, interestDueMinor: 0n, feesDueMinor: 0n, closedOn: today });
    await correct(entryId);
    expect(await termsOf(loan)).toEqual(before);
  });

  test('is itself undone: the loan is paid off and closed again', async () => {
    const [from, loan] = [
      await books.open({ balanceMinor: 90_000n }),
      await books.open({ balanceMinor: -50_000n, ...loanTerms }),
    ];
    const { entryId } = await transfer(from, loan, 50_000n);
    await change(loan, entryId, { closedOn: today });
    const after = await termsOf(loan);
    const correction = await correct(entryId);
    if (typeof correction === 'string') throw new Error(correction);
    expect(await correct(correction.entryId)).toMatchObject({ postings: [{}, {}] });
    expect(await termsOf(loan)).toEqual(after);
  });

  test('and of any other is refused when it would leave a debt, or money, on a closed account', async () => {
    const [from, loan] = [
      await books.open({ balanceMinor: 90_000n }),
      await books.open({ balanceMinor: -50_000n, ...loanTerms }),
    ];
    const first = await transfer(from, loan, 10_000n);
    const last = await transfer(from, loan, 40_000n);
    await change(loan, last.entryId, { closedOn: today });
    expect(await correct(first.entryId)).toBe('accountClosed');
    expect(await balancesOf(from, loan)).toEqual([40_000n, 0n]);
    await correct(last.entryId);
    await correct(first.entryId);
    expect(await balancesOf(from, loan)).toEqual([90_000n, -50_000n]);
  });

  test('gives a contribution back to its year, also when that is last year by now', async () => {
    const [from, ira] = [
      await books.open({ balanceMinor: 90_000n }),
      await books.open({ accountType: 'RETIREMENT_IRA', category: 'INVESTMENT' }),
    ];
    await setTerms(ira, { eligible_this_year_minor: 7_000n, eligible_last_year_minor: 300n });
    await sql`insert into ledger_months (institution_id, closed_through) values (${books.institutionId}, '2026-02-28')`;
    const [one, other] = [await transfer(from, ira, 2_000n), await transfer(from, ira, 1_000n)];
    await change(ira, one.entryId, { eligibleThisYearMinor: 5_000n });
    await change(ira, other.entryId, { eligibleThisYearMinor: 4_000n });
    await correct(one.entryId);
    expect(await termsOf(ira)).toMatchObject({ eligibleThisYearMinor: 6_000n, eligibleLastYearMinor: 300n });
    // December is closed.
    await setTerms(ira, { eligible_this_year_minor: 7_500n, eligible_last_year_minor: 6_000n });
    await sql`update ledger_months set closed_through = '2026-12-31' where institution_id = ${books.institutionId}`;
    await correct(other.entryId);
    expect(await termsOf(ira)).toMatchObject({ eligibleThisYearMinor: 7_500n, eligibleLastYearMinor: 7_000n });
  });
});

describe('a hold', () => {
  test('takes from what is available until it is posted, and keeps its number', async () => {
    const key = await books.open({ balanceMinor: 10_000n });
    const hold = await placeHold(key, -3_000n);
    expect(await balanceOf(key)).toEqual({ ledgerMinor: 10_000n, heldMinor: 3_000n });
    expect((await list(key)).transactions[0]).toMatchObject({ isPending: true, transactionNumber: hold.transactionNumber });
    const entry = { bookedAt: now, transactionDate: '2026-03-06', amountMinor: -2_800n, against: 'clearing' } as const;
    const post = () => sql.begin((tx) => books.core.postHold(tx, hold, entry));
    const booked = await post();
    expect(booked).toMatchObject({
      postings: [
        { transactionNumber: hold.transactionNumber, balanceAfter: { ledgerMinor: 7_200n, heldMinor: 0n } },
        { balanceAfter: undefined },
      ],
    });
    expect(await post()).toBe('notPending');
    expect(await balanceOf(key)).toEqual({ ledgerMinor: 7_200n, heldMinor: 0n });
    const { count, transactions } = await list(key);
    expect(count).toBe(2);
    expect(transactions[0]).toMatchObject({
      isPending: false,
      transactionNumber: hold.transactionNumber,
      transactionDate: '2026-03-06',
      amountMinor: -2_800n,
      balanceAfterMinor: 7_200n,
      description: 'Corner shop',
      merchantName: 'Corner shop',
    });
  });

  test('gives everything back when it is voided, and cannot be posted then', async () => {
    const key = await books.open({ balanceMinor: 10_000n });
    const hold = await placeHold(key, -3_000n);
    const voidIt = () => sql.begin((tx) => books.core.voidHold(tx, hold, now));
    expect(await voidIt()).toBe('voided');
    expect(await voidIt()).toBe('notPending');
    const entry = { bookedAt: now, transactionDate: today, amountMinor: -1n, against: 'clearing' } as const;
    expect(await sql.begin((tx) => books.core.postHold(tx, hold, entry))).toBe('notPending');
    expect(await balanceOf(key)).toEqual({ ledgerMinor: 10_000n, heldMinor: 0n });
    expect((await list(key)).count).toBe(1);
  });

  test('that announces a credit gives nothing before it is posted', async () => {
    const key = await books.open({ balanceMinor: 100n });
    const hold = await placeHold(key, 5_000n);
    expect(await balanceOf(key)).toEqual({ ledgerMinor: 100n, heldMinor: 0n });
    const entry = { bookedAt: now, transactionDate: today, amountMinor: 5_000n, against: 'cash' } as const;
    await sql.begin((tx) => books.core.postHold(tx, hold, entry));
    expect(await balanceOf(key)).toEqual({ ledgerMinor: 5_100n, heldMinor: 0n });
  });

  test('on an account that is not there is refused', async () => {
    await expect(placeHold(999_999_999n, -1n)).rejects.toThrow('holds__account');
  });
});

describe('transactions', () => {
  test('come newest first, later ones of a day first, pending among the booked; pages fit together', async () => {
    const key = await books.open({ balanceMinor: 100_000n });
    const other = await books.open();
    for (const transactionDate of ['2026-02-01', '2026-03-01', '2026-02-01', '2026-02-20'])
      await transfer(key, other, 100n, { transactionDate });
    await placeHold(key, -700n, { transactionDate: '2026-02-25' });
    await placeHold(key, 900n, { transactionDate: '2026-04-01' });
    const { count, transactions } = await list(key);
    expect(count).toBe(7);
    expect(transactions.map((one) => [one.transactionDate, one.amountMinor])).toEqual([
      ['2026-04-01', 900n],
      ['2026-03-01', -100n],
      ['2026-02-25', -700n],
      ['2026-02-20', -100n],
      ['2026-02-01', -100n],
      ['2026-02-01', -100n],
      ['2026-01-02', 100_000n],
    ]);
    expect(transactions[4]?.transactionNumber).toBeGreaterThan(transactions[5]?.transactionNumber ?? 0n);
    const pages = [];
    for (const skip of [0, 3, 6]) pages.push(...(await list(key, { skip, take: 3 })).transactions);
    expect(pages).toEqual(transactions);
  });

  test('are counted over the range, also behind its end', async () => {
    const key = await books.open({ balanceMinor: 100_000n });
    const other = await books.open();
    for (const transactionDate of ['2026-02-01', '2026-02-02', '2026-02-03'])
      await transfer(key, other, 100n, { transactionDate });
    expect(await list(key, { from: '2026-02-01', to: '2026-02-02', skip: 1, take: 1 })).toMatchObject({
      count: 2,
      transactions: [{ transactionDate: '2026-02-01' }],
    });
    expect(await list(key, { from: '2026-02-01', to: '2026-02-02', skip: 5, take: 1 })).toEqual({ count: 2, transactions: [] });
    expect(await list(key, { from: '2027-01-01' })).toEqual({ count: 0, transactions: [] });
  });
});

describe('accounts', () => {
  test('of members come in order, with balance, primary holder, and the account that covers an overdraft', async () => {
    const cover = await books.open({ balanceMinor: 5n, memberNumber: '100002' });
    const key = await books.open({ balanceMinor: 1_234n, overdraftAccountKey: cover, overdraftLimitMinor: 300n });
    await sql`
      insert into account_holders (institution_id, member_number, account_key, ownership)
      values (${books.institutionId}, '100002', ${key}, 'JOINT')`;
    const [first, second] = await books.core.listAccounts(sql, books.institutionId, ['100002']);
    expect(first).toMatchObject({ accountKey: cover, ownership: 'PRIMARY', primaryHolderName: 'Mary Somerville' });
    expect(second).toMatchObject({ accountKey: key, ownership: 'JOINT', memberNumber: '100002', primaryHolderName: 'Ada Byron' });
    expect(second).toMatchObject({
      overdraftAccountNumber: first?.accountNumber,
      balance: { ledgerMinor: 1_234n, heldMinor: 0n },
    });
    if (second === undefined) throw new Error('There are two.');
    expect([availableOf(second, second.balance), spendableOf(second, second.balance)]).toEqual([1_234n, 1_534n]);
    expect(await books.core.listAccounts(sql, books.institutionId, [booksMember, '100002'])).toHaveLength(3);
    expect(await books.core.listAccounts(sql, books.institutionId, [])).toEqual([]);
    const { memberNumber: _member, ownership: _ownership, ...plain } = second;
    expect(await books.core.findAccounts(sql, books.institutionId, [key])).toEqual([plain]);
    expect(await books.core.findAccountByNumber(sql, books.institutionId, second.accountNumber)).toEqual(plain);
  });

  test('and members of another institution are unknown', async () => {
    const key = await books.open();
    const [account] = await books.core.findAccounts(sql, books.institutionId, [key]);
    const other = await createTestBooks(own.database, '90002');
    expect(await books.core.findAccounts(sql, other.institutionId, [key])).toEqual([]);
    expect(await books.core.findAccountByNumber(sql, other.institutionId, account?.accountNumber ?? '')).toBeUndefined();
    expect(await books.core.findMember(sql, other.institutionId, 'nobody')).toBeUndefined();
    expect(await books.core.findMember(sql, books.institutionId, booksMember)).toEqual({
      ...{ memberNumber: booksMember, firstName: 'Ada', lastName: 'Byron', cifNumber: 'C1' },
    });
    expect(await sql.begin((tx) => books.core.lockBalances(tx, other.institutionId, [key]))).toEqual(new Map());
  });
});

test('the example of docs/ledger.md comes out as it says', async () => {
  const checking = await books.open({ balanceMinor: 10_000n });
  const loan = await books.open({ balanceMinor: -500_000n, accountType: 'CONSUMER_LOAN', category: 'LOAN' });
  const { institutionId, core } = books;
  const seen: (readonly bigint[])[] = [];
  const look = async () => {
    const [account] = await core.findAccounts(sql, institutionId, [checking]);
    if (account === undefined) throw new Error('The account is there.');
    const { balance } = account;
    seen.push([balance.ledgerMinor, balance.heldMinor, availableOf(account, balance)]);
  };
  await look();
  const hold = await placeHold(checking, -3_000n);
  await look();
  const payment = await transfer(checking, loan, 4_000n);
  await look();
  const bill = { bookedAt: now, transactionDate: today, amountMinor: -2_850n, against: 'clearing' } as const;
  await sql.begin((tx) => core.postHold(tx, hold, bill));
  await look();
  const correction = { institutionId, entryId: payment.entryId, bookedAt: now, transactionDate: today, reason: 'Undone' };
  await sql.begin((tx) => core.correct(tx, correction));
  await look();
  expect(seen).toEqual([
    [10_000n, 0n, 10_000n],
    [10_000n, 3_000n, 7_000n],
    [6_000n, 3_000n, 3_000n],
    [3_150n, 0n, 3_150n],
    [7_150n, 0n, 7_150n],
  ]);
  expect(await balancesOf(loan)).toEqual([-500_000n]);
});
