import { type DemoAccount, demoAccounts } from './demo-accounts.ts';
import { createLocation } from './demo-business.ts';
import { type Day, fromDay, lastMonthEnd, partsOfDay, toDay, yearsBefore } from './demo-calendar.ts';
import { type Card, createHousehold, type Household, type LifeParts } from './demo-household.ts';
import { createJournal, type DemoEntry, type DemoJournal, type DemoText } from './demo-journal.ts';
import { type AccountMemory, emptyMemory, endMonth } from './demo-month-end.ts';
import { createSeededRandom } from './demo-people.ts';
import { keyOf, places } from './demo-places.ts';
import { demoProducts, type ProductName } from './demo-products.ts';
import { type DemoTerms, termsOf } from './demo-terms.ts';
import type { SeedInstitution } from './seed-plan.ts';

/** What the core of a seeded institution holds: accounts, two years of entries, and what is still pending. */
export interface DemoBooks {
  readonly accounts: readonly (DemoAccount & DemoTerms)[];
  /** Oldest first, each one balanced. */
  readonly entries: readonly DemoEntry[];
  readonly holds: readonly DemoHold[];
  /** The last month whose interest is booked ends here. */
  readonly closedThrough: string;
}

export interface DemoHold extends DemoText {
  readonly account: bigint;
  readonly amountMinor: bigint;
  readonly transactionDate: string;
}

const years = 2;

/** @param today YYYY-MM-DD in the institution; the plan ends there. The same day gives the same books. */
export function planBooks(institution: SeedInstitution, today: string): DemoBooks {
  const accounts = demoAccounts(institution.institutionId, institution.customers, institution.secondLocation.memberNumber);
  const journal = createJournal();
  const memories = new Map(accounts.map(({ accountKey }) => [accountKey, emptyMemory()]));
  const memoryOf = (account: bigint): AccountMemory => {
    const memory = memories.get(account);
    if (memory === undefined) throw new Error(`The seed has no account ${account}.`);
    return memory;
  };
  const seed = Number(institution.institutionId) * 1000;
  const [last, first] = [toDay(today), yearsBefore(toDay(today), years)];
  const closingDay = last - 150;
  const lives = createLives(journal, memoryOf, seed);
  bookOpenings(journal, accounts, first, createSeededRandom(seed));
  for (let day = first + 1; day <= last; day += 1) {
    for (const live of lives) live(day);
    if (day === closingDay) emptyClosed(journal, accounts, day);
    if (partsOfDay(day).isLastOfMonth)
      for (const account of accounts)
        if (account.trait !== 'closed' || day < closingDay) endMonth(journal, account, memoryOf(account.accountKey), day);
  }
  return {
    accounts: accounts.map((account) => ({
      ...account,
      ...termsOf(
        account,
        { first, last, closingDay, balanceMinor: journal.balanceOf(account.accountKey) },
        memoryOf(account.accountKey),
      ),
    })),
    entries: journal.entries,
    holds: planHolds(last),
    closedThrough: fromDay(lastMonthEnd(last)),
  };
}

type Lives = readonly ((day: Day) => void)[];

function createLives(journal: DemoJournal, memoryOf: LifeParts['memoryOf'], seed: number): Lives {
  const parts = (place: number): LifeParts => ({ journal, memoryOf, random: createSeededRandom(seed + place + 1) });
  const checking = (place: number): bigint => keyOf(place, 1);
  const savings = (place: number): bigint => keyOf(place, 2);
  const card = (account: bigint, limitMinor: bigint, isRevolving = false): Card => ({ account, limitMinor, isRevolving });
  const alone = { everydayMinor: 115_000n };
  const shared = { joint: keyOf(places.partnerOne, 4), everydayMinor: 58_000n };
  const homes: readonly (readonly [number, Omit<Household, 'checking'>])[] = [
    [
      places.everyKind,
      {
        ...alone,
        savings: savings(0),
        card: card(keyOf(0, 5), 800_000n),
        autoLoan: keyOf(0, 6),
        mortgage: keyOf(0, 7),
        ira: keyOf(0, 8),
        retirement401k: keyOf(0, 9),
        salaryMinor: 312_250n,
      },
    ],
    [
      places.partnerOne,
      { ...shared, savings: savings(1), card: card(keyOf(1, 3), 500_000n), salaryMinor: 184_480n, rentMinor: 82_500n },
    ],
    [places.partnerTwo, { ...shared, isWithoutBills: true, savings: keyOf(2, 4), salaryMinor: 116_900n, rentMinor: 82_500n }],
    [
      places.primary,
      {
        ...alone,
        savings: savings(4),
        card: card(keyOf(4, 4), 600_000n, true),
        salaryMinor: 217_770n,
        rentMinor: 161_000n,
      },
    ],
    [7, { ...alone, savings: savings(7), salaryMinor: 166_310n, rentMinor: 129_500n }],
    [8, { ...alone, savings: savings(8), card: card(keyOf(8, 3), 300_000n), salaryMinor: 208_040n, rentMinor: 138_000n }],
    [9, { ...alone, savings: savings(9), autoLoan: keyOf(9, 3), salaryMinor: 184_900n, rentMinor: 118_000n }],
  ];
  const of = (slot: number): bigint => keyOf(places.business, slot);
  return [
    ...homes.map(([place, home]) => createHousehold({ checking: checking(place), ...home }, parts(place))),
    createLocation(
      { checking: of(1), reserve: of(2), loan: of(3), salesMinor: 92_000, payrollMinor: 720_000n, rentMinor: 245_000n },
      parts(places.business),
    ),
    createLocation(
      { checking: of(11), reserve: of(12), salesMinor: 61_000, payrollMinor: 430_000n, rentMinor: 178_000n },
      parts(20),
    ),
  ];
}

/** What was on an account when the plan begins, in units; a loan is owed. */
const openings: Readonly<Record<ProductName, readonly [least: number, most: number]>> = {
  checking: [1_900, 3_600],
  jointChecking: [1_400, 2_600],
  businessChecking: [14_000, 22_000],
  savings: [2_500, 9_000],
  moneyMarket: [8_000, 21_000],
  certificate: [10_000, 25_000],
  ira: [21_000, 36_000],
  retirement401k: [48_000, 91_000],
  card: [0, 0],
  autoLoan: [-23_400, -21_000],
  mortgage: [-298_000, -284_000],
  businessLoan: [-64_000, -58_000],
};

function bookOpenings(journal: DemoJournal, accounts: readonly DemoAccount[], day: Day, random: () => number): void {
  for (const { accountKey, product } of accounts) {
    const [least, most] = openings[product];
    const amountMinor = BigInt(least * 100 + Math.floor(random() * (most - least + 1) * 100));
    const isLoan = demoProducts[product].category === 'LOAN';
    journal.receive(day, accountKey, amountMinor, 'opening', {
      type: isLoan ? 'ADVANCE' : 'DEPOSIT',
      description: 'Balance brought forward',
    });
  }
}

function emptyClosed(journal: DemoJournal, accounts: readonly DemoAccount[], day: Day): void {
  for (const { accountKey } of accounts.filter(({ trait }) => trait === 'closed')) {
    const amountMinor = journal.balanceOf(accountKey);
    journal.book(day, 'transfer', [
      { account: accountKey, amountMinor: -amountMinor, text: { type: 'TRANSFER_DEBIT', description: 'Account closed' } },
      {
        account: keyOf(places.partnerTwo, 1),
        amountMinor,
        text: { type: 'TRANSFER_CREDIT', description: 'From closed savings' },
      },
    ]);
  }
}

/** A purchase that the shop has not sent yet, another by card, and a salary to come. */
function planHolds(last: Day): readonly DemoHold[] {
  const [today, soon] = [fromDay(last), fromDay(last + 3)];
  const purchase = {
    transactionDate: today,
    merchantCategory: 'Gas',
    description: 'Quickfill Fuel',
    merchantName: 'Quickfill Fuel',
  };
  return [
    { ...purchase, account: keyOf(0, 1), amountMinor: -7_500n, type: 'POS_PURCHASE' },
    { ...purchase, account: keyOf(0, 5), amountMinor: -5_000n, type: 'RETAIL_PURCHASE' },
    { account: keyOf(0, 1), amountMinor: 18_400n, type: 'ACH_CREDIT', description: 'Tax refund', transactionDate: soon },
    { ...purchase, account: keyOf(1, 4), amountMinor: -4_200n, type: 'POS_PURCHASE' },
    { ...purchase, account: keyOf(4, 1), amountMinor: -6_000n, type: 'POS_PURCHASE' },
  ];
}
