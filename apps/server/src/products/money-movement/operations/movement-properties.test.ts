import { createTestBooks, type TestBooks } from '@openbranch/testkit/test-books';
import { createTestDatabase, type TestDatabase } from '@openbranch/testkit/test-database';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type CoreAccount, type HoldReference, spendableOf, verifyLedger } from '../../../core/index.ts';
import { defaultMoneyMovementPolicy } from '../../../kernel/money-movement-policy.ts';
import { type Database, openDatabase, type Sql } from '../../../platform/db/database.ts';
import { decideTransfer, type Party, type TransferFacts } from '../domain/decide-transfer.ts';
import { type PaymentOption, paymentOptions } from '../domain/transfer-input.ts';
import { bookMovement } from './book-movement.ts';

let own: TestDatabase;
let many: Database;
let sql: Sql;
let number = 0;
beforeAll(async () => {
  own = await createTestDatabase();
  many = await openDatabase(own.target, { maxConnections: 16, applicationName: 'test, many at once' });
  sql = many.sql;
});
afterAll(async () => {
  await many.close();
  await own.drop();
});

const today = '2026-03-04';
const now = new Date(`${today}T15:00:00Z`);
const eligibleMinor = 20_000n;
const recipientTypes = ['CHECKING', 'LINE_OF_CREDIT_LOAN', 'RETIREMENT_IRA'];
const rules = {
  ...{ ...defaultMoneyMovementPolicy, recipientAccountTypes: recipientTypes, recipientFeeMinor: 15n },
  ...{ today, firstWeekday: 'Monday' as const },
};
const entitlement = { mayTransferFrom: true, mayTransferTo: true };

const names = ['checking', 'savings', 'mortgage', 'line', 'ira', 'theirChecking', 'theirLine'] as const;
type Name = (typeof names)[number];
const loans: readonly Name[] = ['mortgage', 'line', 'theirLine'];
const deposits: readonly Name[] = ['checking', 'savings', 'theirChecking'];

/** A bank whose every movement goes the way of a transfer: facts, decision, and the decision again under the lock. */
class Bank {
  readonly books: TestBooks;
  readonly keys: Readonly<Record<Name, bigint>>;
  readonly entries: bigint[] = [];
  /** What is contributed, by entry. */
  readonly contributed = new Map<bigint, bigint>();
  readonly holds: HoldReference[] = [];

  constructor(books: TestBooks, keys: Readonly<Record<Name, bigint>>) {
    this.books = books;
    this.keys = keys;
  }

  async account(name: Name): Promise<CoreAccount> {
    const [account] = await this.books.core.findAccounts(sql, this.books.institutionId, [this.keys[name]]);
    if (account === undefined) throw new Error(`There is no ${name}.`);
    return account;
  }

  /** A payoff takes what the customer is told at this moment, and not the amount. */
  async pay(from: Name, to: Name, option: PaymentOption, amount: bigint): Promise<void> {
    const { core, institutionId } = this.books;
    const parties = { from: await this.party(from), to: await this.party(to) };
    const isToOwn = !to.startsWith('their');
    const facts: TransferFacts = {
      ...{ ...parties, isRecipientKnown: true, isToOwn, hasCifNumber: true, recovery: undefined, limitMinor: 0n },
    };
    const wanted = {
      ...{ isToRecipient: !isToOwn, currency: 'USD', isForPreviousYear: false, memo: undefined, schedule: undefined },
      amountMinor: option === 'PAY_IN_FULL_AND_CLOSE' ? (parties.to.loan.payOffMinor ?? amount) : amount,
      paymentOption: isToOwn ? option : undefined,
      isTest: false,
    };
    // No call can ask for nothing.
    if (wanted.amountMinor === 0n) return;
    const decideAgain = (again: Pick<TransferFacts, 'from' | 'to'>) => decideTransfer(wanted, { ...facts, ...again }, rules);
    const decision = decideAgain(parties);
    if (!decision.ok) return;
    const booking = { institutionId, now, transactionDate: today, movement: decision.value, customerId: '', dailyLimitMinor: 0n };
    const booked = await sql.begin((tx) => bookMovement(core, tx, { ...booking, decideAgain }));
    if (!booked.ok) return;
    this.entries.push(booked.value.entryId);
    if (to === 'ira') this.contributed.set(booked.value.entryId, wanted.amountMinor);
  }

  private async party(name: Name): Promise<Party> {
    return { ...(await this.account(name)), entitlement };
  }

  /** Interest, or a fee, that the institution books on an open loan. */
  async charge(name: Name, amountMinor: bigint): Promise<void> {
    const { core, institutionId } = this.books;
    await sql.begin(async (tx) => {
      const [account] = await core.lockAccounts(tx, institutionId, [this.keys[name]]);
      if (account?.closedOn !== undefined) return;
      await core.post(tx, {
        ...{ institutionId, kind: 'interest', bookedAt: now, transactionDate: today },
        postings: [
          { account: { key: this.keys[name] }, amountMinor: -amountMinor, type: 'INTEREST_CHARGE' },
          { account: { internal: 'interest' }, amountMinor, type: 'INTEREST_CHARGE' },
        ],
      });
    });
  }

  async hold(name: Name, amountMinor: bigint): Promise<void> {
    const { core, institutionId } = this.books;
    await sql.begin(async (tx) => {
      const [account] = await core.lockAccounts(tx, institutionId, [this.keys[name]]);
      if (account === undefined || account.closedOn !== undefined) return;
      if (spendableOf(account, account.balance) < amountMinor) return;
      const reference = { institutionId, accountKey: account.accountKey };
      const text = { transactionDate: today, placedAt: now, type: 'POS_PURCHASE' };
      const placed = await core.placeHold(tx, { ...reference, ...text, amountMinor: -amountMinor });
      this.holds.push({ ...reference, transactionNumber: placed.transactionNumber });
    });
  }

  async settle(which: number, isPosted: boolean): Promise<void> {
    const { core, institutionId } = this.books;
    const hold = this.holds[which % Math.max(this.holds.length, 1)];
    if (hold === undefined) return;
    await sql.begin(async (tx) => {
      await core.lockBalances(tx, institutionId, [hold.accountKey]);
      if (!isPosted) return void (await core.voidHold(tx, hold, now));
      await core.postHold(tx, hold, { bookedAt: now, transactionDate: today, amountMinor: -1n, against: 'clearing' });
    });
  }

  /** What would overdraw somebody is left to the institution. */
  async undo(which: number): Promise<void> {
    const entryId = this.entries[which % Math.max(this.entries.length, 1)];
    if (entryId === undefined) return;
    const { core, institutionId } = this.books;
    const correction = { institutionId, entryId, bookedAt: now, transactionDate: today, reason: 'Undone' };
    await sql
      .begin(async (tx) => {
        const outcome = await core.correct(tx, correction);
        const accounts = await core.findAccounts(tx, institutionId, Object.values(this.keys));
        const isOverdrawn = accounts.some((one) => one.creditLimitMinor !== undefined && spendableOf(one, one.balance) < 0n);
        const isEmptied = accounts.some((one) => one.category === 'DEPOSIT' && spendableOf(one, one.balance) < 0n);
        if (isOverdrawn || isEmptied) throw new Error('would overdraw');
        return { outcome };
      })
      .then(
        ({ outcome }) => {
          if (typeof outcome !== 'string') this.contributed.delete(entryId);
        },
        (error: unknown) => {
          if (!(error instanceof Error) || error.message !== 'would overdraw') throw error;
        },
      );
  }
}

async function openBank(): Promise<Bank> {
  number += 1;
  const books = await createTestBooks(many, String(number).padStart(5, '0'));
  const loan = (accountType: string, balanceMinor: bigint, creditLimitMinor?: bigint) =>
    books.open({ accountType, category: 'LOAN', balanceMinor, ...(creditLimitMinor !== undefined && { creditLimitMinor }) });
  const keys = {
    checking: await books.open({ balanceMinor: 60_000n }),
    savings: await books.open({ balanceMinor: 30_000n, overdraftLimitMinor: 2_000n }),
    mortgage: await loan('MORTGAGE_LOAN', -25_000n),
    line: await loan('HOME_EQUITY_LOAN', -4_000n, 30_000n),
    ira: await books.open({ accountType: 'RETIREMENT_IRA', category: 'INVESTMENT' }),
    theirChecking: await books.open({ balanceMinor: 1_000n, memberNumber: '100002' }),
    theirLine: await books.open({
      ...{ accountType: 'LINE_OF_CREDIT_LOAN', category: 'LOAN', balanceMinor: -3_000n, creditLimitMinor: 9_000n },
      memberNumber: '100002',
    }),
  };
  await sql`
    update accounts set payment_options = ${[...paymentOptions]}, escrow_minor = 310, interest_due_minor = 120, fees_due_minor = 45,
      next_payment_minor = 900
    where institution_id = ${books.institutionId} and category = 'LOAN'`;
  await sql`
    update accounts set eligible_this_year_minor = ${eligibleMinor}
    where institution_id = ${books.institutionId} and account_key = ${keys.ira}`;
  return new Bank(books, keys);
}

type Step = (bank: Bank) => Promise<void>;
const name = fc.constantFrom(...names);
const amount = fc.bigInt({ min: 1n, max: 9_000n });
const payOff = fc.constantFrom<PaymentOption>('PAY_IN_FULL_AND_CLOSE');
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.tuple(name, name, fc.constantFrom<PaymentOption>('DEFAULT'), amount).map(payment),
  },
  {
    weight: 6,
    arbitrary: fc
      .tuple(fc.constantFrom<Name>('checking', 'savings'), fc.constantFrom(...loans), fc.constantFrom(...paymentOptions), amount)
      .map(payment),
  },
  {
    weight: 3,
    arbitrary: fc
      .tuple(fc.constantFrom<Name>('checking', 'savings'), fc.constantFrom<Name>('mortgage', 'line'), payOff, amount)
      .map(payment),
  },
  {
    weight: 3,
    arbitrary: fc
      .tuple(fc.constantFrom<Name>('line'), fc.constantFrom<Name>('checking'), fc.constantFrom<PaymentOption>('DEFAULT'), amount)
      .map(payment),
  },
  {
    weight: 3,
    arbitrary: fc.nat({ max: 30 }).map(
      (which): Step =>
        (bank) =>
          bank.undo(which),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.constantFrom<Name>('mortgage'), amount).map(
      ([on, minor]): Step =>
        (bank) =>
          bank.charge(on, minor),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.constantFrom<Name>('line', 'checking'), amount).map(
      ([on, minor]): Step =>
        (bank) =>
          bank.hold(on, minor),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(fc.nat({ max: 9 }), fc.boolean()).map(
      ([which, isPosted]): Step =>
        (bank) =>
          bank.settle(which, isPosted),
    ),
  },
);

function payment([from, to, option, minor]: [Name, Name, PaymentOption, bigint]): Step {
  return (bank) => bank.pay(from, to, option, minor);
}

async function assertSound(bank: Bank): Promise<void> {
  expect((await verifyLedger(sql, bank.books.institutionId)).broken).toBeUndefined();
  for (const one of loans) {
    const { balance, loan, closedOn } = await bank.account(one);
    expect(loan.payOffMinor).toBe(balance.ledgerMinor < 0n ? -balance.ledgerMinor : 0n);
    expect((loan.interestDueMinor ?? 0n) >= 0n && (loan.feesDueMinor ?? 0n) >= 0n).toBe(true);
    if (closedOn !== undefined) expect([balance.ledgerMinor, balance.heldMinor]).toEqual([0n, 0n]);
  }
  for (const one of [...deposits, 'line', 'theirLine'] as const) {
    const account = await bank.account(one);
    expect(spendableOf(account, account.balance)).toBeGreaterThanOrEqual(0n);
  }
  const { eligibleThisYearMinor } = await bank.account('ira');
  const contributed = [...bank.contributed.values()].reduce((sum, minor) => sum + minor, 0n);
  expect(eligibleThisYearMinor).toBe(eligibleMinor - contributed);
}

const closedLoans = async (bank: Bank) =>
  (await Promise.all(loans.map((one) => bank.account(one)))).filter(({ closedOn }) => closedOn !== undefined).length;

test('whatever is paid, drawn, paid off and undone in whatever order, a payoff is what is owed, and a closed loan has nothing', async () => {
  let closed = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 40 }), async (steps) => {
      const bank = await openBank();
      for (const one of steps) await one(bank);
      await assertSound(bank);
      closed += await closedLoans(bank);
    }),
    { numRuns: 20 },
  );
  // Else this would have proven nothing.
  expect(closed).toBeGreaterThan(0);
}, 180_000);

test('and so when it happens at the same time', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 30, maxLength: 60 }), async (steps) => {
      const bank = await openBank();
      await Promise.all(steps.map((one) => one(bank)));
      await assertSound(bank);
    }),
    { numRuns: 10 },
  );
}, 180_000);
