import { type Day, partsOfDay } from './demo-calendar.ts';
import { cents, type LifeParts, move, payLoan, pick, purchase, shopText } from './demo-household.ts';
import { businessShops, chequePayees } from './demo-shops.ts';

/** A location of a business. */
export interface Location {
  readonly checking: bigint;
  readonly reserve: bigint;
  readonly loan?: bigint;
  /** What a good day brings in. */
  readonly salesMinor: number;
  readonly payrollMinor: bigint;
  readonly rentMinor: bigint;
}

const leastLeftMinor = 150_000n;

/** One day after the other at a location of a business. */
export function createLocation(location: Location, parts: LifeParts): (day: Day) => void {
  const { journal, random } = parts;
  const { checking } = location;
  let checkNumber = 5001 + Math.floor(random() * 900);
  const spend = (day: Day, amountMinor: bigint, text: Parameters<typeof journal.receive>[4]): void => {
    if (journal.balanceOf(checking) - amountMinor >= leastLeftMinor)
      journal.receive(day, checking, -amountMinor, 'clearing', text);
  };
  const cheque = (day: Day, amountMinor: bigint, memo: string): void => {
    checkNumber += 1;
    const number = String(checkNumber);
    spend(day, amountMinor, { type: 'CHECK', description: `Check ${number}`, memo, checkNumber: number, imageType: 'CHECK' });
  };
  const sell = (day: Day, weekday: number): void => {
    journal.receive(day, checking, cents(random, location.salesMinor / 2, location.salesMinor * 2), 'clearing', {
      type: 'ACH_CREDIT',
      description: 'Card settlement',
    });
    if (weekday === 5)
      journal.receive(day, checking, cents(random, location.salesMinor / 2, location.salesMinor), 'cash', {
        type: 'DEPOSIT',
        description: 'Cash and checks',
        imageType: 'DEPOSIT_SLIP',
      });
  };
  return (day) => {
    const { dayOfMonth, weekday } = partsOfDay(day);
    if (weekday <= 6) sell(day, weekday);
    if (dayOfMonth === 1) cheque(day, location.rentMinor, 'Rent');
    if (dayOfMonth === 10 && location.loan !== undefined)
      payLoan(parts, day, checking, location.loan, { paymentMinor: 158_000n, escrowMinor: 0n });
    if (day % 14 === 4) spend(day, location.payrollMinor, { type: 'ELECTRONIC_TRANSFER_DEBIT', description: 'Payroll' });
    if (random() < 0.75) {
      const [at, amountMinor] = purchase(random, businessShops);
      spend(day, amountMinor, shopText('POS_PURCHASE', at));
    }
    if (random() < 0.08) cheque(day, cents(random, 4_000, 60_000), pick(random, chequePayees));
    if (dayOfMonth === 26)
      journal.receive(day, checking, -1_500n, 'fees', { type: 'SERVICE_CHARGE', description: 'Business account fee' });
    const surplus = journal.balanceOf(checking) - 2_500_000n;
    if (dayOfMonth === 27 && surplus > 0n) move(parts, day, checking, location.reserve, surplus, 'Reserve');
  };
}
