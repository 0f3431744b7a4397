import type { getAccount } from '@openbranch/contract/accounts/operations';
import type { AnswerOf } from '@openbranch/contract/operation';
import { availableOf, type OpaqueIds } from '../../../core/index.ts';
import type { AccountsPolicy } from '../../../kernel/accounts-policy.ts';
import { toAmount } from '../../../kernel/money.ts';
import { typeText } from '../../../kernel/type-text.ts';
import type { NumberForm } from '../domain/account-number.ts';
import { isUsable, shownBalance, statusOf } from '../domain/account-state.ts';
import { type AccountView, onlyMembers } from '../domain/account-view.ts';
import { type RegDUse, regDMaximumOf } from '../domain/regulation-d.ts';
import type { UserAccount } from './accounts-of-user.ts';
import type { RegDUses } from './regulation-d-use.ts';

export interface AnswerContext {
  readonly institutionId: string;
  readonly institutionUserId: string;
  readonly ids: OpaqueIds;
  readonly policy: AccountsPolicy;
  readonly numbers: NumberForm;
  readonly view: AccountView;
  readonly contributions: 'retirement' | 'none' | 'all';
  /** Present when additional fields are wanted. */
  readonly regDUses: RegDUses | undefined;
}

type AccountAnswer = AnswerOf<typeof getAccount>;

/** Contract sheet "Accounts", section 4.2: what the view names and has a value. The ids of all accounts are made at once. */
export function toAccounts(context: AnswerContext, accounts: readonly UserAccount[]): AccountAnswer[] {
  const ids = context.ids.encode(
    'account',
    context.institutionId,
    accounts.map(({ accountKey }) => ({ accountKey, number: 0n })),
  );
  return accounts.map((account, index) => toAccount(context, account, ids[index] ?? ''));
}

export function toAccount(context: AnswerContext, account: UserAccount, id: string): AccountAnswer {
  const shown = context.view.membersOf(account.accountType, context.contributions);
  return {
    id,
    institutionUserId: context.institutionUserId,
    institutionId: context.institutionId,
    accountNumber: context.numbers.show(account.accountNumber),
    category: shownCategory(account),
    type: {
      value: account.accountType,
      fiRawAccountType: account.fiRawAccountType,
      fiAccountType: account.fiAccountType,
      description: typeText(account.accountType),
    },
    ...onlyMembers({ ...generalMembers(account), ...moneyMembers(account), ...loanMembers(account) }, shown),
    ...overdraftMembers(context, account, shown),
    ...(context.regDUses !== undefined && additionalMembers(context.policy, account, context.regDUses(account))),
  };
}

/** An account that is reached through a relation between members has a category of its own. */
export function shownCategory({ ownership, category }: UserAccount) {
  if (ownership === 'CROSS') return 'CROSS_USER_ACCOUNT';
  if (category === 'GENERAL_LEDGER') throw new Error('What the institution keeps for itself is shown to nobody.');
  return category;
}

function generalMembers(account: UserAccount) {
  return {
    institutionCustomerId: account.customerId,
    description: account.description,
    nickName: account.entitlement.nickName,
    primaryHolderName: account.primaryHolderName,
    status: statusOf(account),
    allowedActions: account.actions,
    routingNumber: account.routingNumber,
    interestRate: account.interestRate,
    tpvReference: account.tpvReference,
    tpvProductCode: account.tpvProductCode,
    micrNumber: account.micrNumber,
    maturityDate: account.maturesOn,
    term: account.term === undefined ? undefined : { duration: account.term.duration, termType: termTypeOf(account.term.type) },
  };
}

function moneyMembers(account: UserAccount) {
  const money = moneyOf(account);
  const { lastStatementMinor } = account;
  return {
    currentBalance: money(shownBalance(account, account.balance.ledgerMinor)),
    availableBalance: money(usableOf(account)),
    lastStatementBalance: money(lastStatementMinor === undefined ? undefined : shownBalance(account, lastStatementMinor)),
    interestYearToDate: money(account.interestYearMinor),
    currentYearEligibleContribution: money(account.eligibleThisYearMinor),
    lastYearEligibleContribution: money(account.eligibleLastYearMinor),
    lastYearMaxContribution: money(account.maximumLastYearMinor),
  };
}

/** What is left to use; a loan that is paid out has nothing. */
export function usableOf(account: UserAccount): bigint {
  return isUsable(account) ? availableOf(account, account.balance) : 0n;
}

function loanMembers(account: UserAccount) {
  const money = moneyOf(account);
  const { loan } = account;
  return {
    escrowBalance: money(loan.escrowMinor),
    currentPrincipalBalance: money(principalOf(account)),
    nextPaymentAmount: money(loan.nextPaymentMinor),
    nextPaymentDate: loan.nextPaymentOn,
    payOffAmount: money(loan.payOffMinor),
    calculatedPayOffAmount: money(calculatedPayOffOf(account)),
    minimumPayment: money(loan.minimumPaymentMinor),
    lineOfCreditLimit: money(account.creditLimitMinor),
    loanOriginationDate: loan.originatedOn,
    pastPrincipalDueDate: loan.principalPastDueOn,
    lastPrincipalPaymentAmount: money(loan.lastPrincipalMinor),
    originalLoanAmount: money(loan.originalLoanMinor),
  };
}

/** What is owed of a loan without the interest and fees that are due; a card has no principal. */
export function principalOf(account: UserAccount): bigint | undefined {
  const owed = owedOnLoan(account);
  if (owed === undefined) return undefined;
  const { interestDueMinor = 0n, feesDueMinor = 0n } = account.loan;
  const principal = owed - interestDueMinor - feesDueMinor;
  return principal > 0n ? principal : 0n;
}

/** An estimate: all that is owed today, interest and fees that are due among it. */
export function calculatedPayOffOf(account: UserAccount): bigint | undefined {
  return owedOnLoan(account);
}

function owedOnLoan(account: UserAccount): bigint | undefined {
  const isLoan =
    account.category === 'TIERED_LOAN' || (account.category === 'LOAN' && account.accountType !== 'CREDIT_CARD_LOAN');
  return isLoan ? shownBalance(account, account.balance.ledgerMinor) : undefined;
}

/** In no list by default; an institution may put them into its own. */
function overdraftMembers({ numbers }: AnswerContext, account: UserAccount, shown: ReadonlySet<string>) {
  const { overdraftAccountNumber: number, overdraftLimitMinor: limitMinor } = account;
  if (number === undefined && limitMinor === undefined) return {};
  const money = moneyOf(account);
  const overdraftMembersOfAccount = {
    overdraftLimit: money(limitMinor),
    overdraftAccountNumber: number === undefined ? undefined : numbers.show(number),
    overdraftAvailableAmount: money(overdraftLeftOf(account)),
  };
  return onlyMembers(overdraftMembersOfAccount, shown);
}

/** What of the overdraft is not used yet. */
export function overdraftLeftOf(account: UserAccount): bigint | undefined {
  const { overdraftLimitMinor: limitMinor } = account;
  if (limitMinor === undefined) return undefined;
  const available = availableOf(account, account.balance);
  const left = available < 0n ? limitMinor + available : limitMinor;
  return left > 0n ? left : 0n;
}

/** Contract sheet "Accounts", section 4.6. */
function additionalMembers(policy: AccountsPolicy, account: UserAccount, { transferCount, chequeCount }: RegDUse) {
  return {
    additionalInfo: {
      entry: [
        { key: 'ownershipType', value: account.ownership },
        { key: 'hostAccountType', value: String(account.fiRawAccountType) },
        { key: 'regDMaxCount', value: String(regDMaximumOf(policy, account.accountType)) },
        { key: 'regDHostCount', value: String(transferCount + chequeCount) },
      ],
    },
    isVisible: !account.entitlement.isHidden,
    isHiddenByFi: account.isHidden,
  };
}

export function moneyOf({ currency }: UserAccount) {
  return (minor: bigint | undefined) => (minor === undefined ? undefined : { currencyCode: currency, amount: toAmount(minor) });
}

const termTypes = ['DAYS', 'WEEKS', 'MONTHS', 'YEARS'] as const;

function termTypeOf(type: string): (typeof termTypes)[number] | 'UNKNOWN' {
  return termTypes.find((known) => known === type) ?? 'UNKNOWN';
}
