import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type DemoBooks, planBooks } from './demo-books.ts';
import { fromDay, toDay, yearsBefore } from './demo-calendar.ts';
import { places } from './demo-places.ts';
import { demoProducts } from './demo-products.ts';
import { planSeed, type SeedInstitution } from './seed-plan.ts';

const institutions = planSeed(
  (name) => createHash('sha256').update(name).digest('hex').slice(0, 32),
  [],
  (_, accountKey) => String(accountKey),
);
const first = institutionAt(0);
const books = planBooks(first, '2026-11-22');

function institutionAt(index: number): SeedInstitution {
  const institution = institutions[index];
  if (institution === undefined) throw new Error('The seed has two institutions.');
  return institution;
}

/** Day after day, what is on each account of a customer. */
function replay({ entries }: DemoBooks, look: (account: bigint, balance: bigint) => void): ReadonlyMap<bigint, bigint> {
  const balances = new Map<bigint, bigint>();
  for (const { account, amountMinor } of entries.flatMap(({ postings }) => postings)) {
    if (typeof account === 'string') continue;
    const balance = (balances.get(account) ?? 0n) + amountMinor;
    balances.set(account, balance);
    look(account, balance);
  }
  return balances;
}

const anyDay = fc.integer({ min: toDay('2024-02-20'), max: toDay('2032-03-10') }).map(fromDay);

test('the same day gives the same books on every machine', () => {
  expect(planBooks(first, '2026-11-22')).toEqual(books);
});

test('twenty customers have about 25,000 transactions', () => {
  const second = planBooks(institutionAt(1), '2026-11-22');
  const count = [books, second]
    .flatMap(({ entries }) => entries.flatMap(({ postings }) => postings))
    .filter(({ account }) => typeof account === 'bigint').length;
  expect(count).toBeGreaterThan(24_000);
  expect(count).toBeLessThan(28_000);
});

test('whatever the day: entries balance, dates run through two years to that day, and nobody is overdrawn', () => {
  fc.assert(
    fc.property(anyDay, fc.constantFrom(...institutions), (today, institution) => {
      const plan = planBooks(institution, today);
      for (const { postings } of plan.entries) {
        expect(postings.reduce((sum, { amountMinor }) => sum + amountMinor, 0n)).toBe(0n);
        expect(postings.every(({ amountMinor }) => amountMinor !== 0n)).toBe(true);
      }
      const dates = plan.entries.map(({ postings }) => postings[0]?.transactionDate ?? '');
      expect(dates).toEqual(dates.toSorted());
      expect(dates[0]).toBe(fromDay(yearsBefore(toDay(today), 2)));
      expect(dates.at(-1) ?? '').toSatisfy((date: string) => date <= today && date >= fromDay(toDay(today) - 2));
      const accounts = new Map(plan.accounts.map((account) => [account.accountKey, account]));
      replay(plan, (key, balance) => {
        const account = accounts.get(key);
        if (account === undefined) throw new Error(`There is no account ${key}.`);
        const isLoan = demoProducts[account.product].category === 'LOAN';
        if (!isLoan) expect(balance).toBeGreaterThanOrEqual(0n);
        if (account.creditLimitMinor !== undefined) expect(balance).toBeGreaterThanOrEqual(-account.creditLimitMinor);
      });
    }),
    { numRuns: 12 },
  );
});

describe('the books of an institution', () => {
  const kindsOf = (place: number) =>
    books.accounts
      .filter(({ holders }) => holders.some(({ memberNumber }) => memberNumber === first.customers[place]?.memberNumber))
      .map(({ product }) => product);

  test('have every kind of account at the first customer, and none at one', () => {
    expect(new Set(kindsOf(places.everyKind))).toEqual(
      new Set(['checking', 'savings', 'moneyMarket', 'certificate', 'card', 'autoLoan', 'mortgage', 'ira', 'retirement401k']),
    );
    expect(kindsOf(places.withoutAccounts)).toEqual([]);
  });

  test('have one joint, one cross, one hidden, one closed account, one without history, and a second location', () => {
    const ownerships = books.accounts.flatMap(({ holders }) => holders.map(({ ownership }) => ownership));
    expect(ownerships.filter((one) => one === 'JOINT')).toHaveLength(1);
    expect(ownerships.filter((one) => one === 'CROSS')).toHaveLength(1);
    expect(books.accounts.flatMap(({ trait }) => trait ?? []).toSorted()).toEqual(['closed', 'hidden', 'historyOff']);
    const ofSecond = books.accounts.filter(({ holders }) => holders[0]?.memberNumber === first.secondLocation.memberNumber);
    expect(ofSecond).toHaveLength(2);
  });

  test('leave nothing on the closed account, and nothing happens there afterwards', () => {
    const closed = books.accounts.find(({ trait }) => trait === 'closed');
    const postings = books.entries.flatMap((entry) => entry.postings).filter(({ account }) => account === closed?.accountKey);
    expect(postings.reduce((sum, { amountMinor }) => sum + amountMinor, 0n)).toBe(0n);
    expect(postings.at(-1)?.transactionDate).toBe(closed?.closedOn);
  });

  test('split every loan payment into what it paid', () => {
    const payments = books.entries.flatMap(({ postings }) => postings).filter(({ type }) => type === 'PAYMENT');
    expect(payments.length).toBeGreaterThan(60);
    for (const { amountMinor, principalMinor = 0n, interestMinor = 0n, escrowMinor = 0n } of payments)
      expect(principalMinor + interestMinor + escrowMinor).toBe(amountMinor);
  });

  test('number the cheques of an account upwards, and give each an image', () => {
    const cheques = books.entries
      .flatMap(({ postings }) => postings)
      .filter(({ account, type }) => account === books.accounts[0]?.accountKey && type === 'CHECK');
    const numbers = cheques.map(({ checkNumber }) => Number(checkNumber));
    expect(numbers.length).toBeGreaterThan(10);
    expect(numbers).toEqual([...new Set(numbers)].toSorted((one, other) => one - other));
    expect(cheques.every(({ imageType }) => imageType === 'CHECK')).toBe(true);
  });

  test('tell months of the same length as they are: the 29th of February is the 28th two years before', () => {
    expect(fromDay(yearsBefore(toDay('2028-02-29'), 2))).toBe('2026-02-28');
  });
});
