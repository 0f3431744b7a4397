import { type Day, fromDay } from './demo-calendar.ts';
import type { DemoEntry, DemoPosting } from './demo-journal.ts';
import { createSeededRandom } from './demo-people.ts';
import { cardShops, everydayShops, type Shop } from './demo-shops.ts';
import type { LoadedCustomer } from './loaded-customer.ts';

const shops: readonly Shop[] = [...everydayShops, ...cardShops];
const days = 90;

/**
 * What a loaded customer did in the ninety days before `today`: money came in, most of it is spent. It is one entry, as an
 * import of a host system's history is, balanced against the institution's own account for openings.
 * @param count Transactions, at least 2.
 */
export function planLoadedEntry(customer: LoadedCustomer, index: number, count: number, today: Day): DemoEntry {
  const random = createSeededRandom(index + 1);
  const postings: DemoPosting[] = [
    deposit(customer.checkingKey, 200_000 + Math.floor(random() * 400_000), fromDay(today - days)),
    deposit(customer.savingsKey, 50_000 + Math.floor(random() * 900_000), fromDay(today - days)),
  ];
  for (let place = 2; place < count; place += 1) {
    const transactionDate = fromDay(today - days + Math.floor((place * (days - 1)) / count));
    postings.push(
      place % 10 === 9
        ? { ...deposit(customer.checkingKey, 180_000, transactionDate), type: 'DIRECT_DEPOSIT', description: 'Payroll' }
        : purchase(customer.checkingKey, random, transactionDate),
    );
  }
  const sum = postings.reduce((total, { amountMinor }) => total + amountMinor, 0n);
  const opening = { account: 'opening', amountMinor: -sum, type: 'DEPOSIT', description: 'Imported' } as const;
  return { kind: 'import', postings: [...postings, { ...opening, transactionDate: fromDay(today - 1) }] };
}

function deposit(account: bigint, cents: number, transactionDate: string): DemoPosting {
  return { account, amountMinor: BigInt(cents), transactionDate, type: 'DEPOSIT', description: 'Deposit' };
}

/** Never more in all than what came in: a thousand purchases cost less than the first deposits and the salaries. */
function purchase(account: bigint, random: () => number, transactionDate: string): DemoPosting {
  const shop = shops[Math.floor(random() * shops.length)];
  const amountMinor = -BigInt(100 + Math.floor(random() * 9_000));
  const name = shop?.name ?? 'Corner Pantry';
  return {
    account,
    amountMinor,
    transactionDate,
    type: 'POS_PURCHASE',
    description: name,
    merchantName: name,
    merchantCategory: shop?.category ?? 'Groceries',
  };
}
