import type { DemoAccount } from './demo-accounts.ts';
import { type Day, fromDay, nextDayOfMonth, partsOfDay, toDay } from './demo-calendar.ts';
import { minimumPayment } from './demo-household.ts';
import type { AccountMemory } from './demo-month-end.ts';
import { demoProducts, type ProductName } from './demo-products.ts';

/** What the core keeps with an account beside its balance, as of the last day of the plan. */
export interface DemoTerms {
  readonly openedOn: string;
  readonly closedOn: string | undefined;
  readonly interestYearMinor: bigint;
  readonly interestLastYearMinor: bigint;
  readonly lastStatementOn: string | undefined;
  readonly lastStatementMinor: bigint | undefined;
  readonly loan: DemoLoan | undefined;
  readonly maturesOn: string | undefined;
  readonly term: { readonly duration: number; readonly type: string } | undefined;
  readonly retirement: DemoRetirement | undefined;
}

export interface DemoLoan {
  readonly paymentRule: 'EQUAL_LPAY' | 'EQUAL_OR_MORE_LPAY' | undefined;
  readonly paymentOptions: readonly string[] | undefined;
  readonly nextPaymentMinor: bigint;
  readonly nextPaymentOn: string | undefined;
  readonly minimumPaymentMinor: bigint;
  readonly escrowMinor: bigint | undefined;
  readonly interestDueMinor: bigint | undefined;
  readonly feesDueMinor: bigint | undefined;
  readonly originalLoanMinor: bigint | undefined;
  readonly lastPrincipalMinor: bigint | undefined;
  readonly originatedOn: string | undefined;
}

interface DemoRetirement {
  readonly eligibleThisYearMinor: bigint;
  readonly eligibleLastYearMinor: bigint;
  readonly maximumLastYearMinor: bigint;
}

export interface PlanEnd {
  readonly first: Day;
  readonly last: Day;
  readonly closingDay: Day;
  readonly balanceMinor: bigint;
}

/** How long before the plan begins an account was opened, in days. */
const age: Readonly<Partial<Record<ProductName, number>>> = {
  certificate: 60,
  mortgage: 1_310,
  autoLoan: 240,
  businessLoan: 420,
  ira: 2_900,
  retirement401k: 2_100,
};

export function termsOf(account: DemoAccount, end: PlanEnd, memory: AccountMemory): DemoTerms {
  const { product } = account;
  const opened = end.first - (age[product] ?? 700);
  const isCertificate = product === 'certificate';
  return {
    openedOn: fromDay(opened),
    closedOn: account.trait === 'closed' ? fromDay(end.closingDay) : undefined,
    interestYearMinor: memory.interestYearMinor,
    interestLastYearMinor: memory.interestLastYearMinor,
    lastStatementOn: memory.lastStatementOn,
    lastStatementMinor: memory.lastStatementOn === undefined ? undefined : memory.lastStatementMinor,
    loan: demoProducts[product].category === 'LOAN' ? loanOf(product, opened, end.last, memory) : undefined,
    maturesOn: isCertificate ? threeYearsAfter(opened) : undefined,
    term: isCertificate ? { duration: 36, type: 'MONTHS' } : product === 'mortgage' ? { duration: 30, type: 'YEARS' } : undefined,
    retirement: product === 'ira' ? retirementOf(memory) : undefined,
  };
}

function threeYearsAfter(day: Day): string {
  const { year, month, dayOfMonth } = partsOfDay(day);
  return fromDay(toDay(`${year + 3}-${String(month).padStart(2, '0')}-${String(Math.min(dayOfMonth, 28)).padStart(2, '0')}`));
}

/** What a member may pay into an individual retirement account in a year, in minor units. */
const yearlyContributionMinor = 700_000n;

function retirementOf(memory: AccountMemory): DemoRetirement {
  return {
    eligibleThisYearMinor: yearlyContributionMinor - memory.contributedYearMinor,
    eligibleLastYearMinor: yearlyContributionMinor - memory.contributedLastYearMinor,
    maximumLastYearMinor: yearlyContributionMinor,
  };
}

interface LoanKind {
  readonly paymentRule: DemoLoan['paymentRule'];
  readonly options: readonly string[];
  readonly paymentMinor: bigint;
  readonly escrowMinor: bigint | undefined;
  readonly originalMinor: bigint;
  readonly dayOfMonth: number;
}

const loanKinds: Readonly<Partial<Record<ProductName, LoanKind>>> = {
  autoLoan: {
    paymentRule: 'EQUAL_OR_MORE_LPAY',
    options: ['PRINCIPAL_ONLY', 'INTEREST_ONLY', 'EXCESS_TO_PRINCIPAL'],
    paymentMinor: 48_240n,
    escrowMinor: undefined,
    originalMinor: 2_650_000n,
    dayOfMonth: 15,
  },
  mortgage: {
    paymentRule: 'EQUAL_LPAY',
    options: ['PRINCIPAL_ONLY', 'EXCESS_TO_PRINCIPAL', 'ESCROW_ONLY'],
    paymentMinor: 192_211n,
    escrowMinor: 41_000n,
    originalMinor: 31_200_000n,
    dayOfMonth: 5,
  },
  businessLoan: {
    paymentRule: 'EQUAL_OR_MORE_LPAY',
    options: ['PRINCIPAL_ONLY', 'EXCESS_TO_PRINCIPAL'],
    paymentMinor: 158_000n,
    escrowMinor: undefined,
    originalMinor: 8_000_000n,
    dayOfMonth: 10,
  },
};

function loanOf(product: ProductName, opened: Day, last: Day, memory: AccountMemory): DemoLoan {
  const kind = loanKinds[product];
  if (kind === undefined) return cardTerms(last, memory);
  return {
    paymentRule: kind.paymentRule,
    paymentOptions: kind.options,
    nextPaymentMinor: kind.paymentMinor,
    nextPaymentOn: fromDay(nextDayOfMonth(last, kind.dayOfMonth)),
    minimumPaymentMinor: kind.paymentMinor,
    escrowMinor: kind.escrowMinor,
    interestDueMinor: memory.interestDueMinor,
    feesDueMinor: 0n,
    originalLoanMinor: kind.originalMinor,
    lastPrincipalMinor: memory.lastPrincipalMinor,
    originatedOn: fromDay(opened),
  };
}

/** A card is due on the 25th for what the last statement said and nobody has paid yet. */
function cardTerms(last: Day, memory: AccountMemory): DemoLoan {
  const due = minimumPayment(-memory.lastStatementMinor - memory.paidMinor);
  return {
    paymentRule: undefined,
    paymentOptions: undefined,
    nextPaymentMinor: due,
    nextPaymentOn: fromDay(nextDayOfMonth(last, 25)),
    minimumPaymentMinor: due,
    escrowMinor: undefined,
    interestDueMinor: undefined,
    feesDueMinor: undefined,
    originalLoanMinor: undefined,
    lastPrincipalMinor: undefined,
    originatedOn: undefined,
  };
}
