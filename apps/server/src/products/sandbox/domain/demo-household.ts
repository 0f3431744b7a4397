import { type Day, partsOfDay } from './demo-calendar.ts';
import type { DemoJournal, DemoText } from './demo-journal.ts';
import type { AccountMemory } from './demo-month-end.ts';
import { cardShops, chequePayees, employers, everydayShops, householdBills, type Shop } from './demo-shops.ts';

/** The accounts of a household and its habits. */
export interface Household {
  readonly checking: bigint;
  readonly savings?: bigint;
  readonly card?: Card;
  readonly mortgage?: bigint;
  readonly autoLoan?: bigint;
  readonly ira?: bigint;
  readonly retirement401k?: bigint;
  /** Shared with another household: groceries and bills are paid from there. */
  readonly joint?: bigint;
  readonly salaryMinor: bigint;
  readonly rentMinor?: bigint;
  /** Groceries of a month. */
  readonly everydayMinor: bigint;
  /** Somebody else pays the bills of the household. */
  readonly isWithoutBills?: boolean;
}

export interface Card {
  readonly account: bigint;
  readonly limitMinor: bigint;
  /** Little more than the minimum is paid. */
  readonly isRevolving: boolean;
}

export interface LifeParts {
  readonly journal: DemoJournal;
  readonly memoryOf: (account: bigint) => AccountMemory;
  readonly random: () => number;
}

/** Below this the household buys nothing. */
const leastLeftMinor = 25_000n;
const fullCheckingMinor = 420_000n;

/** One day after the other in the life of a household; the same for the same random numbers. */
export function createHousehold(home: Household, parts: LifeParts): (day: Day) => void {
  const { journal, random } = parts;
  const payday = Math.floor(random() * 14);
  const employer = pick(random, employers);
  const spending = home.joint ?? home.checking;
  const nextCheque = counter(1001 + Math.floor(random() * 400));
  const spent = { everydayMinor: 0n, cardMinor: 0n };
  const has = (account: bigint, amountMinor: bigint): boolean => journal.balanceOf(account) - amountMinor >= leastLeftMinor;
  const pay = (day: Day, from: bigint, amountMinor: bigint, text: DemoText): boolean => {
    if (!has(from, amountMinor)) return false;
    journal.receive(day, from, -amountMinor, 'clearing', text);
    return true;
  };
  const cheque = (day: Day, from: bigint, amountMinor: bigint, memo: string): void => {
    if (!has(from, amountMinor)) return;
    const checkNumber = String(nextCheque());
    pay(day, from, amountMinor, { type: 'CHECK', description: `Check ${checkNumber}`, memo, checkNumber, imageType: 'CHECK' });
  };
  const shop = (day: Day): void => {
    const weekend = partsOfDay(day).weekday > 5;
    for (let chance = weekend ? 1.2 : 0.8; random() < chance; chance -= 0.6) {
      const [at, amountMinor] = purchase(random, everydayShops);
      if (spent.everydayMinor + amountMinor > home.everydayMinor) continue;
      if (pay(day, spending, amountMinor, shopText('POS_PURCHASE', at))) spent.everydayMinor += amountMinor;
    }
    if (home.card !== undefined) shopByCard(day, home.card);
  };
  const shopByCard = (day: Day, { account, limitMinor }: Card): void => {
    for (let chance = 0.8; random() < chance; chance -= 0.5) {
      const [at, amountMinor] = purchase(random, cardShops);
      if (spent.cardMinor + amountMinor > 110_000n || amountMinor - journal.balanceOf(account) > (limitMinor * 9n) / 10n)
        continue;
      journal.receive(day, account, -amountMinor, 'clearing', shopText('RETAIL_PURCHASE', at));
      spent.cardMinor += amountMinor;
      if (random() < 0.02) journal.receive(day, account, amountMinor, 'clearing', shopText('RETURN_OF_GOODS', at));
    }
  };
  const atTheBranch = (day: Day): void => {
    if (random() < 0.06 && pay(day, home.checking, BigInt(2 + Math.floor(random() * 9)) * 2_000n, atm)) {
      if (random() < 0.2) journal.receive(day, home.checking, -300n, 'fees', { type: 'ATM_FEE', description: 'ATM fee' });
    }
    if (random() < 0.035) cheque(day, home.checking, cents(random, 2_500, 18_000), pick(random, chequePayees));
    if (random() < 0.022) {
      const isSlip = random() < 0.5;
      journal.receive(day, home.checking, cents(random, 4_000, 46_000), isSlip ? 'cash' : 'clearing', {
        type: 'DEPOSIT',
        description: isSlip ? 'Branch deposit' : 'Check deposit',
        imageType: isSlip ? 'DEPOSIT_SLIP' : 'DEPOSIT_CHECK',
      });
    }
  };
  const salary = (day: Day): void => {
    journal.receive(day, home.checking, home.salaryMinor, 'clearing', {
      type: 'DIRECT_DEPOSIT',
      description: `Payroll ${employer}`,
    });
    if (home.retirement401k !== undefined)
      journal.receive(day, home.retirement401k, home.salaryMinor / 20n, 'clearing', {
        type: 'DEPOSIT',
        description: `Contribution ${employer}`,
      });
  };
  const standingOrders = (day: Day, dayOfMonth: number): void => {
    if (dayOfMonth === 1 && home.rentMinor !== undefined) cheque(day, home.checking, home.rentMinor, 'Rent');
    if (dayOfMonth === 2 && home.joint !== undefined) move(parts, day, home.checking, home.joint, 88_000n, 'Household money');
    if (dayOfMonth === 5 && home.mortgage !== undefined)
      payLoan(parts, day, home.checking, home.mortgage, { paymentMinor: 151_211n, escrowMinor: 41_000n });
    if (dayOfMonth === 15 && home.autoLoan !== undefined)
      payLoan(parts, day, home.checking, home.autoLoan, { paymentMinor: 48_240n, escrowMinor: 0n });
    if (dayOfMonth === 20 && home.ira !== undefined && move(parts, day, home.checking, home.ira, 25_000n, 'IRA contribution'))
      parts.memoryOf(home.ira).contributedYearMinor += 25_000n;
    if (dayOfMonth === 25 && home.card !== undefined) payCard(parts, day, home.checking, home.card);
    const surplus = journal.balanceOf(home.checking) - fullCheckingMinor;
    if (dayOfMonth === 28 && home.savings !== undefined && surplus > 0n)
      move(parts, day, home.checking, home.savings, (surplus / 5_000n + 1n) * 5_000n, 'Savings');
    for (const bill of home.isWithoutBills === true ? [] : householdBills)
      if (bill.dayOfMonth === dayOfMonth)
        pay(day, spending, cents(random, bill.least, bill.most), { type: 'BILL_PAYMENT', description: bill.payee });
  };
  return (day) => {
    const { dayOfMonth } = partsOfDay(day);
    if (dayOfMonth === 1) Object.assign(spent, { everydayMinor: 0n, cardMinor: 0n });
    if (day % 14 === payday) salary(day);
    standingOrders(day, dayOfMonth);
    shop(day);
    if (dayOfMonth === 27 && !has(home.checking, 20_000n))
      journal.receive(day, home.checking, -800n, 'fees', { type: 'SERVICE_CHARGE', description: 'Monthly service fee' });
    atTheBranch(day);
  };
}

const atm = { type: 'ATM_WITHDRAWAL', description: 'ATM withdrawal' } as const;

export function shopText(type: string, { name, category }: Shop): DemoText {
  return { type, description: name, merchantName: name, merchantCategory: category };
}

export function purchase(random: () => number, shops: readonly Shop[]): readonly [Shop, bigint] {
  const at = pick(random, shops);
  return [at, cents(random, at.least, at.most)];
}

export function pick<Item>(random: () => number, items: readonly Item[]): Item {
  const item = items[Math.floor(random() * items.length)];
  if (item === undefined) throw new Error('There is nothing to pick from.');
  return item;
}

/** Small amounts are more frequent than large ones. */
export function cents(random: () => number, least: number, most: number): bigint {
  return BigInt(least + Math.floor(random() ** 2 * (most - least + 1)));
}

function counter(first: number): () => number {
  let next = first;
  return () => next++;
}

/** Between two accounts of the plan. @returns false when there is too little. */
export function move(
  { journal }: LifeParts,
  day: Day,
  from: bigint,
  to: bigint,
  amountMinor: bigint,
  description: string,
): boolean {
  if (journal.balanceOf(from) - amountMinor < leastLeftMinor) return false;
  journal.book(day, 'transfer', [
    { account: from, amountMinor: -amountMinor, text: { type: 'TRANSFER_DEBIT', description } },
    { account: to, amountMinor, text: { type: 'TRANSFER_CREDIT', description } },
  ]);
  return true;
}

/** A loan takes interest first, the rest is principal; what goes to escrow leaves the loan again. */
export function payLoan(
  { journal, memoryOf }: LifeParts,
  day: Day,
  from: bigint,
  loan: bigint,
  { paymentMinor, escrowMinor }: { readonly paymentMinor: bigint; readonly escrowMinor: bigint },
): void {
  const memory = memoryOf(loan);
  const interestMinor = memory.interestDueMinor;
  const principalMinor = paymentMinor - interestMinor;
  const amountMinor = paymentMinor + escrowMinor;
  const description = 'Loan payment';
  const escrow = { type: 'MISCELLANEOUS_DEBIT', description: 'To escrow' };
  journal.book(day, 'transfer', [
    { account: from, amountMinor: -amountMinor, text: { type: 'TRANSFER_DEBIT', description } },
    { account: loan, amountMinor, text: { type: 'PAYMENT', description, principalMinor, interestMinor, escrowMinor } },
    { account: loan, amountMinor: -escrowMinor, text: escrow },
    { account: 'clearing', amountMinor: escrowMinor, text: escrow },
  ]);
  memory.interestDueMinor = 0n;
  memory.lastPrincipalMinor = principalMinor;
}

/** At least 25.00 or a fiftieth of what the statement said, never more than that. */
export function minimumPayment(owedMinor: bigint): bigint {
  if (owedMinor <= 0n) return 0n;
  const share = (owedMinor + 49n) / 50n;
  const least = share > 2_500n ? share : 2_500n;
  return least < owedMinor ? least : owedMinor;
}

function payCard(parts: LifeParts, day: Day, from: bigint, { account: card, isRevolving }: Card): void {
  const { journal, memoryOf } = parts;
  const memory = memoryOf(card);
  const owed = -memory.lastStatementMinor - memory.paidMinor;
  if (owed <= 0n) return;
  const least = minimumPayment(owed);
  const canPayAll = journal.balanceOf(from) - owed >= leastLeftMinor;
  const amountMinor = isRevolving || !canPayAll ? (least + 20_000n < owed ? least + 20_000n : owed) : owed;
  if (journal.balanceOf(from) < amountMinor) {
    journal.receive(day, card, -2_900n, 'fees', { type: 'LATE_PAYMENT_FEE', description: 'Late payment fee' });
    return;
  }
  journal.book(day, 'transfer', [
    { account: from, amountMinor: -amountMinor, text: { type: 'TRANSFER_DEBIT', description: 'Card payment' } },
    { account: card, amountMinor, text: { type: 'PAYMENT_CREDIT_CARD', description: 'Payment, thank you' } },
  ]);
  memory.paidMinor += amountMinor;
}
