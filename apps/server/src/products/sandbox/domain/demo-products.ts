/** The kinds of accounts that the seeded institutions offer (contract sheet "Accounts", section 4.4). */
export type ProductName = keyof typeof demoProducts;

export interface DemoProduct {
  readonly accountType: string;
  readonly category: 'DEPOSIT' | 'LOAN' | 'INVESTMENT';
  readonly fiAccountType: number;
  readonly description: string;
  /** Percent a year. */
  readonly interestRate: number;
  readonly mayTransferFrom: boolean;
  readonly mayTransferTo: boolean;
}

const both = { mayTransferFrom: true, mayTransferTo: true };
const onlyTo = { mayTransferFrom: false, mayTransferTo: true };
const neither = { mayTransferFrom: false, mayTransferTo: false };

export const demoProducts = {
  checking: {
    accountType: 'CHECKING',
    category: 'DEPOSIT',
    fiAccountType: 1,
    description: 'Everyday Checking',
    interestRate: 0.05,
    ...both,
  },
  jointChecking: {
    accountType: 'CHECKING',
    category: 'DEPOSIT',
    fiAccountType: 1,
    description: 'Household Checking',
    interestRate: 0.05,
    ...both,
  },
  businessChecking: {
    accountType: 'CHECKING',
    category: 'DEPOSIT',
    fiAccountType: 1,
    description: 'Business Checking',
    interestRate: 0.1,
    ...both,
  },
  savings: {
    accountType: 'SAVINGS',
    category: 'DEPOSIT',
    fiAccountType: 2,
    description: 'Regular Savings',
    interestRate: 0.75,
    ...both,
  },
  moneyMarket: {
    accountType: 'MONEY_MARKET',
    category: 'DEPOSIT',
    fiAccountType: 4,
    description: 'Money Market',
    interestRate: 2.1,
    ...both,
  },
  certificate: {
    accountType: 'CERT_OF_DEPOSIT',
    category: 'INVESTMENT',
    fiAccountType: 32,
    description: '36-Month Certificate',
    interestRate: 4.25,
    ...neither,
  },
  ira: {
    accountType: 'RETIREMENT_IRA',
    category: 'INVESTMENT',
    fiAccountType: 16,
    description: 'Traditional IRA',
    interestRate: 2.5,
    ...onlyTo,
  },
  retirement401k: {
    accountType: 'RETIREMENT_401K',
    category: 'INVESTMENT',
    fiAccountType: 8,
    description: 'Employer 401(k)',
    interestRate: 0,
    ...neither,
  },
  card: {
    accountType: 'CREDIT_CARD_LOAN',
    category: 'LOAN',
    fiAccountType: 64,
    description: 'Rewards Card',
    interestRate: 18.9,
    ...onlyTo,
  },
  autoLoan: {
    accountType: 'INSTALLMENT_LOAN',
    category: 'LOAN',
    fiAccountType: 128,
    description: 'Auto Loan',
    interestRate: 5.49,
    ...onlyTo,
  },
  mortgage: {
    accountType: 'MORTGAGE_LOAN',
    category: 'LOAN',
    fiAccountType: 129,
    description: '30-Year Fixed Mortgage',
    interestRate: 4.125,
    ...onlyTo,
  },
  businessLoan: {
    accountType: 'COMMERCIAL_LOAN',
    category: 'LOAN',
    fiAccountType: 130,
    description: 'Equipment Loan',
    interestRate: 6.75,
    ...onlyTo,
  },
} as const satisfies Record<string, DemoProduct>;

/** A twelfth of the yearly rate on an amount of minor units, rounded half up. */
export function monthlyInterest(amountMinor: bigint, yearlyPercent: number): bigint {
  const tenThousandths = BigInt(Math.round(yearlyPercent * 10_000));
  const [parts, whole] = [amountMinor * tenThousandths, 12_000_000n];
  return parts <= 0n ? 0n : (parts + whole / 2n) / whole;
}
