import { type Day, fromDay } from './demo-calendar.ts';

/** The institution's own accounts that a plan books against. */
export type OwnAccount = 'cash' | 'clearing' | 'fees' | 'interest' | 'opening';

/** What a customer reads about a movement. */
export interface DemoText {
  readonly type: string;
  readonly description: string;
  readonly memo?: string;
  readonly checkNumber?: string;
  readonly imageType?: 'CHECK' | 'DEPOSIT_SLIP' | 'DEPOSIT_CHECK';
  readonly merchantName?: string;
  readonly merchantCategory?: string;
  readonly principalMinor?: bigint;
  readonly interestMinor?: bigint;
  readonly escrowMinor?: bigint;
}

export interface DemoPosting extends DemoText {
  readonly account: bigint | OwnAccount;
  readonly amountMinor: bigint;
  readonly transactionDate: string;
}

export interface DemoEntry {
  readonly kind: string;
  readonly postings: readonly DemoPosting[];
}

/** Noon of its day, or now when that is still to come. */
export function bookedAtOf({ postings }: DemoEntry, now: Date): Date {
  const noon = new Date(`${postings[0]?.transactionDate}T18:00:00Z`);
  return noon < now ? noon : now;
}

export interface Leg {
  readonly account: bigint | OwnAccount;
  readonly amountMinor: bigint;
  readonly text: DemoText;
}

/** Entries in the order in which they happen, and what is on each account by then. */
export interface DemoJournal {
  readonly entries: readonly DemoEntry[];
  balanceOf(account: bigint): bigint;
  /** Money comes in from outside, or with a negative amount goes out: the other side is an account of the institution. */
  receive(day: Day, account: bigint, amountMinor: bigint, from: OwnAccount, text: DemoText): void;
  /** Several legs that sum to zero. */
  book(day: Day, kind: string, legs: readonly Leg[]): void;
}

export function createJournal(): DemoJournal {
  const entries: DemoEntry[] = [];
  const balances = new Map<bigint, bigint>();
  const balanceOf = (account: bigint): bigint => balances.get(account) ?? 0n;
  const book: DemoJournal['book'] = (day, kind, legs) => {
    const transactionDate = fromDay(day);
    const postings = legs
      .filter(({ amountMinor }) => amountMinor !== 0n)
      .map(({ account, amountMinor, text }) => ({ ...text, account, amountMinor, transactionDate }));
    if (postings.reduce((sum, { amountMinor }) => sum + amountMinor, 0n) !== 0n) throw new Error(`${kind} is out of balance.`);
    if (postings.length === 0) return;
    for (const { account, amountMinor } of postings)
      if (typeof account === 'bigint') balances.set(account, balanceOf(account) + amountMinor);
    entries.push({ kind, postings });
  };
  return {
    entries,
    balanceOf,
    book,
    receive: (day, account, amountMinor, from, text) =>
      book(day, kindOf(text.type), [
        { account, amountMinor, text },
        { account: from, amountMinor: -amountMinor, text: { type: text.type, description: text.description } },
      ]),
  };
}

const kinds: Readonly<Record<string, string>> = {
  CHECK: 'cheque',
  DEPOSIT: 'deposit',
  DIRECT_DEPOSIT: 'deposit',
  INTEREST_POSTING: 'interest',
  INTEREST_CHARGE: 'interest',
  INTEREST_CHARGE_NORMAL: 'interest',
  SERVICE_CHARGE: 'fee',
  ATM_FEE: 'fee',
  LATE_PAYMENT_FEE: 'fee',
  ATM_WITHDRAWAL: 'withdrawal',
};

function kindOf(type: string): string {
  return kinds[type] ?? 'payment';
}
