import { quietExpiry } from '@openbranch/testkit/quiet-expiry';
import { createTestBooks, type TestBooks } from '@openbranch/testkit/test-books';
import { createTestDatabase, type TestDatabase } from '@openbranch/testkit/test-database';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parsePolicies } from '../../kernel/policies.ts';
import { type Database, openDatabase, type Sql, type Tx } from '../../platform/db/database.ts';
import { type HoldReference, type NewEntry, spendableOf } from '../port.ts';
import { bookHistory } from './book-history.ts';
import { expireHolds } from './expire-holds.ts';
import { verifyLedger } from './verify-ledger.ts';

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
const overdraftLimits = [0n, 5_000n, 0n, 100n] as const;

/** A bank of four accounts whose every debit is decided, as products decide it: with the balance locked. */
class Bank {
  readonly holds: HoldReference[] = [];
  readonly entries: bigint[] = [];
  readonly books: TestBooks;
  readonly keys: readonly bigint[];

  constructor(books: TestBooks, keys: readonly bigint[]) {
    this.books = books;
    this.keys = keys;
  }

  key(index: number): bigint {
    const key = this.keys[index];
    if (key === undefined) throw new Error('There are four accounts.');
    return key;
  }

  /** @param debits What the accounts are about to lose, by their index. */
  async decided(indexes: readonly number[], debits: ReadonlyMap<number, bigint>, work: (tx: Tx) => Promise<void>): Promise<void> {
    await sql.begin(async (tx) => {
      const keys = indexes.map((index) => this.key(index));
      const balances = await this.books.core.lockBalances(tx, this.books.institutionId, keys);
      for (const [index, amount] of debits) {
        const balance = balances.get(this.key(index));
        if (balance === undefined) throw new Error('The account is there.');
        const limits = { overdraftLimitMinor: overdraftLimits[index], creditLimitMinor: undefined };
        if (spendableOf(limits, balance) < amount) return;
      }
      await work(tx);
    });
  }

  entry(from: number, to: number, amountMinor: bigint, transactionDate = today): NewEntry {
    return {
      ...{ institutionId: this.books.institutionId, kind: 'transfer', bookedAt: now, transactionDate },
      postings: [
        { account: { key: this.key(from) }, amountMinor: -amountMinor, type: 'TRANSFER_DEBIT' },
        { account: { key: this.key(to) }, amountMinor, type: 'TRANSFER_CREDIT' },
      ],
    };
  }

  transfer(from: number, to: number, amount: bigint): Promise<void> {
    if (from === to) return Promise.resolve();
    return this.decided([from, to], new Map([[from, amount]]), async (tx) => {
      this.entries.push((await this.books.core.post(tx, this.entry(from, to, amount))).entryId);
    });
  }

  hold(index: number, amount: bigint, isCredit: boolean): Promise<void> {
    return this.decided([index], isCredit ? new Map() : new Map([[index, amount]]), async (tx) => {
      const { institutionId } = this.books;
      const reference = { institutionId, accountKey: this.key(index) };
      const { transactionNumber } = await this.books.core.placeHold(tx, {
        ...{
          ...reference,
          amountMinor: isCredit ? amount : -amount,
          transactionDate: today,
          placedAt: now,
          type: 'POS_PURCHASE',
        },
        expiresAt: amount % 2n === 0n ? now : undefined,
      });
      this.holds.push({ ...reference, transactionNumber });
    });
  }

  /** Books the whole hold, or the half of it. */
  async settle(which: number, how: 'post' | 'half' | 'void'): Promise<void> {
    const hold = this.holds[which % Math.max(this.holds.length, 1)];
    if (hold === undefined) return;
    await sql.begin(async (tx) => {
      await this.books.core.lockBalances(tx, this.books.institutionId, [hold.accountKey]);
      if (how === 'void') return void (await this.books.core.voidHold(tx, hold, now));
      const [row] = await tx<{ amount_minor: bigint }[]>`
        select amount_minor from holds where institution_id = ${hold.institutionId} and transaction_number = ${hold.transactionNumber}`;
      const whole = row?.amount_minor ?? 0n;
      const amountMinor = how === 'half' && whole / 2n !== 0n ? whole / 2n : whole;
      await this.books.core.postHold(tx, hold, { bookedAt: now, transactionDate: today, amountMinor, against: 'clearing' });
    });
  }

  /** An undoing that would overdraw who has gained is left to the institution, and does not happen here. */
  async undo(which: number): Promise<void> {
    const entryId = this.entries[which % Math.max(this.entries.length, 1)];
    if (entryId === undefined) return;
    const { institutionId, core } = this.books;
    const correction = { institutionId, entryId, bookedAt: now, transactionDate: today, reason: 'Undone' };
    await sql
      .begin(async (tx) => {
        await core.correct(tx, correction);
        if ((await lowest(tx, this)) < 0n) throw new Error('would overdraw');
      })
      .catch((error: unknown) => {
        if (!(error instanceof Error) || error.message !== 'would overdraw') throw error;
      });
  }

  history(index: number, amount: bigint, transactionDate: string): Promise<void> {
    const { institutionId } = this.books;
    const salary = {
      ...{ institutionId, kind: 'import', bookedAt: now, transactionDate },
      postings: [
        { account: { key: this.key(index) }, amountMinor: amount, type: 'DIRECT_DEPOSIT' },
        { account: { internal: 'opening' }, amountMinor: -amount, type: 'DIRECT_DEPOSIT' },
      ],
    } as const;
    return sql.begin((tx) => bookHistory(tx, institutionId, [salary, salary]));
  }

  async expire(): Promise<void> {
    const institution = { institutionId: this.books.institutionId, name: 'Test', timeZone: 'UTC', isActive: true };
    const rest = { clockOffsetMs: 0, policies: parsePolicies({}), switches: {} };
    await expireHolds(sql, quietExpiry(sql, now), [{ ...institution, ...rest }]);
  }
}

/** The least that any account has left to spend. */
async function lowest(on: Sql | Tx, { books, keys }: Bank): Promise<bigint> {
  const accounts = await books.core.findAccounts(on, books.institutionId, keys);
  const [least] = accounts.map((account) => spendableOf(account, account.balance)).sort((a, b) => Number(a - b));
  if (least === undefined) throw new Error('There are four accounts.');
  return least;
}

async function openBank(): Promise<Bank> {
  number += 1;
  const books = await createTestBooks(many, String(number).padStart(5, '0'));
  const keys = [];
  for (const overdraftLimitMinor of overdraftLimits) keys.push(await books.open({ balanceMinor: 10_000n, overdraftLimitMinor }));
  return new Bank(books, keys);
}

type Step = (bank: Bank) => Promise<void>;
const index = fc.nat({ max: overdraftLimits.length - 1 });
const amount = fc.bigInt({ min: 1n, max: 9_000n });
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.tuple(index, index, amount).map(
      ([from, to, minor]): Step =>
        (bank) =>
          bank.transfer(from, to, minor),
    ),
  },
  {
    weight: 4,
    arbitrary: fc.tuple(index, amount, fc.boolean()).map(
      ([at, minor, credit]): Step =>
        (bank) =>
          bank.hold(at, minor, credit),
    ),
  },
  {
    weight: 4,
    arbitrary: fc.tuple(fc.nat({ max: 20 }), fc.constantFrom('post', 'half', 'void')).map(
      ([which, how]): Step =>
        (bank) =>
          bank.settle(which, how),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.nat({ max: 20 }).map(
      (which): Step =>
        (bank) =>
          bank.undo(which),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(index, amount, fc.constantFrom('2020-02-29', '2026-01-01', today)).map(
      ([at, minor, date]): Step =>
        (bank) =>
          bank.history(at, minor, date),
    ),
  },
  { weight: 1, arbitrary: fc.constant<Step>((bank) => bank.expire()) },
);

async function assertSound(bank: Bank): Promise<void> {
  const verification = await verifyLedger(sql, bank.books.institutionId);
  expect(verification.broken).toBeUndefined();
  for (const { customersMinor, ownMinor } of verification.totals) expect(customersMinor + ownMinor).toBe(0n);
  expect(await lowest(sql, bank)).toBeGreaterThanOrEqual(0n);
}

test('whatever happens in whatever order, the books sum to zero and nobody is overdrawn', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
      const bank = await openBank();
      for (const one of steps) await one(bank);
      await assertSound(bank);
    }),
    { numRuns: 25 },
  );
}, 120_000);

test('whatever happens at the same time, nobody waits for ever, the books sum to zero and nobody is overdrawn', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 40, maxLength: 80 }), async (steps) => {
      const bank = await openBank();
      await Promise.all(steps.map((one) => one(bank)));
      await assertSound(bank);
    }),
    { numRuns: 10 },
  );
}, 120_000);

test('hundreds of transfers to and fro at once neither deadlock nor overdraw, and none is lost', async () => {
  const bank = await openBank();
  const pairs = Array.from({ length: 400 }, (_, turn) => [turn % 4, (turn * 3 + 1) % 4] as const).filter(([a, b]) => a !== b);
  await Promise.all(pairs.map(([from, to]) => bank.transfer(from, to, 700n)));
  await assertSound(bank);
  const sum = (await bank.books.core.findAccounts(sql, bank.books.institutionId, bank.keys)).reduce(
    (total, { balance }) => total + balance.ledgerMinor,
    0n,
  );
  expect(sum).toBe(40_000n);
  const entries =
    await sql`select 1 from ledger_entries where institution_id = ${bank.books.institutionId} and kind = 'transfer'`;
  expect(entries).toHaveLength(bank.entries.length);
  expect(bank.entries.length).toBeGreaterThan(10);
});
