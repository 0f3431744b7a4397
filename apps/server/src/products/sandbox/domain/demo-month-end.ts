import type { DemoAccount } from './demo-accounts.ts';
import { type Day, fromDay, partsOfDay } from './demo-calendar.ts';
import type { DemoJournal } from './demo-journal.ts';
import { type DemoProduct, demoProducts, monthlyInterest } from './demo-products.ts';

/** What an account remembers between the days of the plan. */
export interface AccountMemory {
  interestYearMinor: bigint;
  interestLastYearMinor: bigint;
  interestDueMinor: bigint;
  lastStatementOn: string | undefined;
  lastStatementMinor: bigint;
  lastPrincipalMinor: bigint | undefined;
  contributedYearMinor: bigint;
  contributedLastYearMinor: bigint;
  /** What was paid on a card since its last statement. */
  paidMinor: bigint;
}

export function emptyMemory(): AccountMemory {
  return {
    interestYearMinor: 0n,
    interestLastYearMinor: 0n,
    interestDueMinor: 0n,
    lastStatementOn: undefined,
    lastStatementMinor: 0n,
    lastPrincipalMinor: undefined,
    contributedYearMinor: 0n,
    contributedLastYearMinor: 0n,
    paidMinor: 0n,
  };
}

/** Interest and statement of an account at the end of a month; the core goes on in the same way when the clock moves. */
export function endMonth(journal: DemoJournal, account: DemoAccount, memory: AccountMemory, day: Day): void {
  const product: DemoProduct = demoProducts[account.product];
  const balance = journal.balanceOf(account.accountKey);
  const interest =
    product.category === 'LOAN' ? chargeOf(product, balance, memory) : monthlyInterest(balance, product.interestRate);
  if (interest > 0n) {
    const isLoan = product.category === 'LOAN';
    journal.receive(day, account.accountKey, isLoan ? -interest : interest, 'interest', {
      type: isLoan ? (isCard(product) ? 'INTEREST_CHARGE' : 'INTEREST_CHARGE_NORMAL') : 'INTEREST_POSTING',
      description: isLoan ? 'Interest charge' : 'Interest paid',
    });
    memory.interestYearMinor += interest;
    if (isLoan && !isCard(product)) memory.interestDueMinor += interest;
  }
  memory.lastStatementOn = fromDay(day);
  memory.lastStatementMinor = journal.balanceOf(account.accountKey);
  memory.paidMinor = 0n;
  if (partsOfDay(day).month === 12) beginYear(memory);
}

/** A card charges for what was left of the last statement; a loan for all that is owed. */
function chargeOf(product: DemoProduct, balance: bigint, memory: AccountMemory): bigint {
  if (!isCard(product)) return monthlyInterest(-balance, product.interestRate);
  const left = -memory.lastStatementMinor - memory.paidMinor;
  return monthlyInterest(leastOf(left, -balance), product.interestRate);
}

function leastOf(one: bigint, other: bigint): bigint {
  if (one < other) return one;
  return other;
}

function isCard({ accountType }: DemoProduct): boolean {
  return accountType === 'CREDIT_CARD_LOAN';
}

function beginYear(memory: AccountMemory): void {
  memory.interestLastYearMinor = memory.interestYearMinor;
  memory.interestYearMinor = 0n;
  memory.contributedLastYearMinor = memory.contributedYearMinor;
  memory.contributedYearMinor = 0n;
}
