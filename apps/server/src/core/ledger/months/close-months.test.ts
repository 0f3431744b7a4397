import type { Institution } from '@openbranch/server/kernel/institution';
import { parsePolicies } from '@openbranch/server/kernel/policies';
import { createTestBooks, type TestBooks } from '@openbranch/testkit/test-books';
import { createTestDatabase, type TestDatabase } from '@openbranch/testkit/test-database';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { verifyLedger } from '../verify-ledger.ts';
import { closeSome, findMonthToClose } from './close-months.ts';
import { nextMonthEnd } from './month-ends.ts';

let own: TestDatabase;
let books: TestBooks;
let number = 300;
let institution: Institution;

beforeAll(async () => {
  own = await createTestDatabase();
});
afterAll(() => own.drop());

beforeEach(async () => {
  number += 1;
  const institutionId = String(number).padStart(5, '0');
  books = await createTestBooks(own.database, institutionId);
  const policies = parsePolicies({});
  institution = { institutionId, name: 'Test', timeZone: 'UTC', isActive: true, clockOffsetMs: 0, policies, switches: {} };
  // The first month that is closed here is January 2026.
  await own.database.sql`
    insert into ledger_months (institution_id, closed_through) values (${institutionId}, '2025-12-31')`;
});

/** @returns The months that were closed. */
async function closeAt(date: string, limit?: number, time = '12:00:00Z'): Promise<number> {
  const { sql } = own.database;
  const now = new Date(`${date}T${time}`);
  for (let months = 0; ; ) {
    const monthEnd = await findMonthToClose(sql, institution, now);
    if (monthEnd === undefined) return months;
    const step = await closeSome(sql, { institution, monthEnd, now, ...(limit !== undefined && { limit }) });
    if (step === 'month') months += 1;
  }
}

async function open(terms: Readonly<Record<string, unknown>>, account: Parameters<TestBooks['open']>[0]): Promise<bigint> {
  const key = await books.open(account);
  for (const [column, value] of Object.entries(terms))
    await own.database.sql.unsafe(`update accounts set ${column} = $1 where institution_id = $2 and account_key = $3`, [
      String(value),
      institution.institutionId,
      String(key),
    ]);
  return key;
}

async function accountOf(key: bigint) {
  const [row] = await own.database.sql`
    select b.ledger_minor, a.last_statement_on, a.last_statement_minor, a.interest_year_minor, a.interest_last_year_minor,
      a.next_payment_on, a.next_payment_minor, a.minimum_payment_minor, a.interest_due_minor,
      a.principal_past_due_on, a.eligible_this_year_minor, a.eligible_last_year_minor
    from accounts a join account_balances b using (institution_id, account_key)
    where institution_id = ${institution.institutionId} and account_key = ${key}`;
  return row ?? {};
}

const interestOf = (key: bigint) =>
  own.database.sql`
    select transaction_date, amount_minor, balance_after_minor, transaction_type from postings
    where institution_id = ${institution.institutionId} and account_key = ${key} and transaction_type like 'INTEREST%'
    order by transaction_date`;

const post = (key: bigint, amountMinor: bigint, transactionDate: string, type: string) =>
  own.database.sql.begin(async (tx) => {
    await books.core.lockBalances(tx, institution.institutionId, [key]);
    await books.core.post(tx, {
      institutionId: institution.institutionId,
      kind: 'test',
      bookedAt: new Date(`${transactionDate}T12:00:00Z`),
      transactionDate,
      postings: [
        { account: { key }, amountMinor, type },
        { account: { internal: 'clearing' }, amountMinor: -amountMinor, type },
      ],
    });
  });

const card = { accountType: 'CREDIT_CARD_LOAN', category: 'LOAN', creditLimitMinor: 500_000n };

test('an institution that nobody planted begins with the month of its first run, and closes it when it is over', async () => {
  const { institutionId } = institution;
  await own.database.sql`delete from ledger_months where institution_id = ${institutionId}`;
  const key = await open({ interest_rate: 12 }, { balanceMinor: 100_000n });
  expect(await closeAt('2026-01-15')).toBe(0);
  expect(await closeAt('2026-02-01')).toBe(1);
  expect(await accountOf(key)).toMatchObject({ ledger_minor: 101_000n, last_statement_on: '2026-01-31' });
});

describe('at the end of a month', () => {
  test('interest that is corrected is not due any more', async () => {
    const key = await open({ interest_rate: 12 }, { accountType: 'INSTALLMENT_LOAN', category: 'LOAN', balanceMinor: -100_000n });
    await closeAt('2026-02-01');
    expect(await accountOf(key)).toMatchObject({ ledger_minor: -101_000n, interest_due_minor: 1_000n });
    const { institutionId } = institution;
    const { sql } = own.database;
    const [entry] = await sql<{ entry_id: bigint }[]>`
      select entry_id from postings where institution_id = ${institutionId} and account_key = ${key}
        and transaction_type = 'INTEREST_CHARGE_NORMAL'`;
    const correction = {
      ...{ institutionId, entryId: entry?.entry_id ?? 0n, reason: 'wrong rate' },
      ...{ bookedAt: new Date('2026-02-02T12:00:00Z'), transactionDate: '2026-02-02' },
    };
    await sql.begin((tx) => books.core.correct(tx, correction));
    expect(await accountOf(key)).toMatchObject({ ledger_minor: -100_000n, interest_due_minor: 0n });
  });

  test('a deposit earns a twelfth of its rate on what is there then, to the cent', async () => {
    const key = await open({ interest_rate: 3.25 }, { balanceMinor: 1_234_567n });
    expect(await closeAt('2026-02-01')).toBe(1);
    // 12,345.67 at 3.25 %: 33.4361..., so 33.44.
    expect(await interestOf(key)).toEqual([
      {
        transaction_date: '2026-01-31',
        amount_minor: 3_344n,
        balance_after_minor: 1_237_911n,
        transaction_type: 'INTEREST_POSTING',
      },
    ]);
    expect(await accountOf(key)).toMatchObject({
      ledger_minor: 1_237_911n,
      last_statement_on: '2026-01-31',
      last_statement_minor: 1_237_911n,
      interest_year_minor: 3_344n,
    });
  });

  test('what was booked after it does not count', async () => {
    const key = await open({ interest_rate: 12 }, { balanceMinor: 100_000n });
    await post(key, 900_000n, '2026-02-02', 'DEPOSIT');
    await closeAt('2026-02-03');
    expect(await interestOf(key)).toMatchObject([{ amount_minor: 1_000n, balance_after_minor: 1_001_000n }]);
    expect(await accountOf(key)).toMatchObject({ last_statement_minor: 101_000n, ledger_minor: 1_001_000n });
  });

  test('an account without interest, or that is overdrawn, gets a statement and no entry', async () => {
    const without = await open({}, { balanceMinor: 5_000n });
    const overdrawn = await open({ interest_rate: 3 }, { balanceMinor: -5_000n });
    await closeAt('2026-02-01');
    for (const [key, minor] of [
      [without, 5_000n],
      [overdrawn, -5_000n],
    ] as const) {
      expect(await interestOf(key)).toEqual([]);
      expect(await accountOf(key)).toMatchObject({ last_statement_on: '2026-01-31', last_statement_minor: minor });
    }
  });

  test('a loan is charged on all that is owed, and its next payment moves on', async () => {
    const terms = {
      interest_rate: 6,
      next_payment_on: '2026-01-31',
      next_payment_minor: 50_000,
      interest_due_minor: 0,
    };
    const key = await open(terms, { balanceMinor: -1_000_000n, accountType: 'INSTALLMENT_LOAN', category: 'LOAN' });
    await closeAt('2026-02-01');
    expect(await interestOf(key)).toMatchObject([{ amount_minor: -5_000n, transaction_type: 'INTEREST_CHARGE_NORMAL' }]);
    expect(await accountOf(key)).toMatchObject({
      ledger_minor: -1_005_000n,
      interest_due_minor: 5_000n,
      next_payment_on: '2026-02-28',
      next_payment_minor: 50_000n,
      // Nobody paid what was due on the 31st.
      principal_past_due_on: '2026-01-31',
    });
    await post(key, 50_000n, '2026-02-10', 'PAYMENT');
    await closeAt('2026-03-01');
    expect(await accountOf(key)).toMatchObject({ principal_past_due_on: null, next_payment_on: '2026-03-28' });
  });

  test('a card that was paid in full is charged nothing, and is due on the 25th day after its statement', async () => {
    const key = await open({ interest_rate: 24, last_statement_minor: -40_000 }, { balanceMinor: -40_000n, ...card });
    await post(key, 40_000n, '2026-01-20', 'PAYMENT_CREDIT_CARD');
    await post(key, -300_001n, '2026-01-25', 'RETAIL_PURCHASE');
    await closeAt('2026-02-01');
    expect(await interestOf(key)).toEqual([]);
    expect(await accountOf(key)).toMatchObject({
      last_statement_minor: -300_001n,
      next_payment_on: '2026-02-25',
      // A fiftieth, rounded up.
      next_payment_minor: 6_001n,
      minimum_payment_minor: 6_001n,
    });
  });

  test('a card is charged for what was left of its last statement', async () => {
    const key = await open({ interest_rate: 24, last_statement_minor: -40_000 }, { balanceMinor: -40_000n, ...card });
    await post(key, 10_000n, '2026-01-20', 'PAYMENT_CREDIT_CARD');
    await post(key, -50_000n, '2026-01-25', 'RETAIL_PURCHASE');
    await closeAt('2026-02-01');
    // 2 % of 300.00; the purchases of January are free until the next statement.
    expect(await interestOf(key)).toMatchObject([{ amount_minor: -600n, transaction_type: 'INTEREST_CHARGE' }]);
    expect(await accountOf(key)).toMatchObject({ last_statement_minor: -80_600n, next_payment_minor: 2_500n });
  });

  test('an account that was closed before the month is left as it is', async () => {
    const key = await open({ interest_rate: 3, closed_on: '2025-12-31' }, { balanceMinor: 10_000n });
    await closeAt('2026-02-01');
    expect(await accountOf(key)).toMatchObject({ ledger_minor: 10_000n, last_statement_on: null });
  });

  test('one that was closed in it gets its last statement, and no entry more', async () => {
    const key = await open({ interest_rate: 3, closed_on: '2026-01-10' }, { balanceMinor: 0n });
    await post(key, 10_000n, '2026-01-05', 'DEPOSIT');
    await post(key, -10_000n, '2026-01-10', 'WITHDRAWAL');
    await closeAt('2026-03-01');
    expect(await interestOf(key)).toEqual([]);
    expect(await accountOf(key)).toMatchObject({ last_statement_on: '2026-01-31', last_statement_minor: 0n });
  });

  test('a loan that was paid off after it, before the month was closed, gets the statement and owes nothing', async () => {
    const terms = { interest_rate: 6, next_payment_on: '2026-01-31', next_payment_minor: 50_000 };
    const key = await open(terms, { balanceMinor: -1_000_000n, accountType: 'INSTALLMENT_LOAN', category: 'LOAN' });
    await post(key, 1_000_000n, '2026-02-01', 'PAYMENT');
    await own.database.sql`update accounts set closed_on = '2026-02-01' where account_key = ${key}`;
    await closeAt('2026-02-01');
    expect(await interestOf(key)).toEqual([]);
    expect(await accountOf(key)).toMatchObject({
      ...{ ledger_minor: 0n, last_statement_on: '2026-01-31', last_statement_minor: -1_000_000n },
      ...{ next_payment_on: '2026-01-31', principal_past_due_on: null },
    });
    expect((await verifyLedger(own.database.sql, institution.institutionId)).broken).toBeUndefined();
  });

  test('nothing is closed before calls that began before midnight have ended', async () => {
    await open({}, { balanceMinor: 1n });
    expect([await closeAt('2026-02-01', 10, '00:00:59Z'), await closeAt('2026-02-01', 10, '00:01:00Z')]).toEqual([0, 1]);
  });
});

describe('a clock that jumps over months', () => {
  test('catches every month up, interest on interest', async () => {
    const key = await open({ interest_rate: 12 }, { balanceMinor: 100_000n });
    expect(await closeAt('2026-07-15')).toBe(6);
    expect((await interestOf(key)).map(({ transaction_date: date, amount_minor: amount }) => [date, amount])).toEqual([
      ['2026-01-31', 1_000n],
      ['2026-02-28', 1_010n],
      ['2026-03-31', 1_020n],
      ['2026-04-30', 1_030n],
      ['2026-05-31', 1_041n],
      ['2026-06-30', 1_051n],
    ]);
    expect((await verifyLedger(own.database.sql, institution.institutionId)).broken).toBeUndefined();
  });

  test('closes each month once, however often and from wherever it is asked, also when it was set back', async () => {
    const key = await open({ interest_rate: 12 }, { balanceMinor: 100_000n });
    const counts = await Promise.all([closeAt('2026-03-02'), closeAt('2026-03-02'), closeAt('2026-03-02')]);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(2);
    expect(await closeAt('2026-03-31')).toBe(0);
    expect(await closeAt('2026-01-15')).toBe(0);
    expect(await interestOf(key)).toHaveLength(2);
  });

  test('closes many accounts in small transactions, and none twice', async () => {
    const keys = await Promise.all([1, 2, 3, 4, 5].map(() => open({ interest_rate: 12 }, { balanceMinor: 100_000n })));
    expect(await closeAt('2026-03-01', 2)).toBe(2);
    for (const key of keys) expect(await accountOf(key)).toMatchObject({ ledger_minor: 102_010n });
  });

  test('goes on where a process died in the middle of a month', async () => {
    const [first, second] = [
      await open({ interest_rate: 12 }, { balanceMinor: 100_000n }),
      await open({ interest_rate: 12 }, { balanceMinor: 100_000n }),
    ];
    await own.database.sql`
      update ledger_months set done_account_key = ${first} where institution_id = ${institution.institutionId}`;
    await closeAt('2026-02-01');
    expect([await interestOf(first), await interestOf(second)].map((rows) => rows.length)).toEqual([0, 1]);
  });

  test('begins the new year: interest and contributions of the old one are those of last year', async () => {
    const terms = {
      interest_rate: 12,
      eligible_this_year_minor: 400_000,
      eligible_last_year_minor: 1,
      maximum_last_year_minor: 700_000,
    };
    const key = await open(terms, { balanceMinor: 100_000n, accountType: 'RETIREMENT_IRA', category: 'INVESTMENT' });
    expect(await closeAt('2026-12-31')).toBe(11);
    expect(await accountOf(key)).toMatchObject({ interest_last_year_minor: null, eligible_this_year_minor: 400_000n });
    await closeAt('2027-01-01');
    const { ledger_minor: ledger } = await accountOf(key);
    expect(await accountOf(key)).toMatchObject({
      interest_year_minor: 0n,
      interest_last_year_minor: BigInt(String(ledger)) - 100_000n,
      eligible_this_year_minor: 700_000n,
      eligible_last_year_minor: 400_000n,
    });
  });
});

test('months end where the calendar says', () => {
  expect(['2025-12-31', '2026-01-31', '2027-12-31', '2028-01-31'].map(nextMonthEnd)).toEqual([
    '2026-01-31',
    '2026-02-28',
    '2028-01-31',
    '2028-02-29',
  ]);
});
