import type { listCustomerAccounts } from '@openbranch/contract/accounts/operations';
import type { AnswerOf } from '@openbranch/contract/operation';
import type { CoreTransaction, OpaqueIds } from '../../../core/index.ts';
import type { AccountsPolicy } from '../../../kernel/accounts-policy.ts';
import { absolute } from '../../../kernel/money.ts';
import { typeText } from '../../../kernel/type-text.ts';
import { maskMicr, type NumberForm } from '../domain/account-number.ts';
import { shownBalance, statusOf } from '../domain/account-state.ts';
import { presentMembers } from '../domain/account-view.ts';
import { type RegDUse, regDMaximumOf } from '../domain/regulation-d.ts';
import { moneyOf, overdraftLeftOf, shownCategory, usableOf } from './account-answer.ts';
import type { UserAccount } from './accounts-of-user.ts';
import type { RegDUses } from './regulation-d-use.ts';
import { encodeIds } from './transaction-answer.ts';

export interface CustomerAccountContext {
  readonly institutionId: string;
  readonly ids: OpaqueIds;
  readonly policy: AccountsPolicy;
  readonly numbers: NumberForm;
  readonly regDUses: RegDUses;
}

type CustomerAccount = Exclude<AnswerOf<typeof listCustomerAccounts>, undefined>[number];
type AccountTransaction = CustomerAccount['accountTransaction'][number];

/** Contract sheet "Accounts", section 11. */
export function toCustomerAccount(
  context: CustomerAccountContext,
  account: UserAccount,
  rows: readonly CoreTransaction[],
): CustomerAccount {
  const { ids, institutionId, numbers } = context;
  const { fiRawAccountType, fiAccountType, accountType } = account;
  const id = ids.encodeOne('account', institutionId, { accountKey: account.accountKey, number: 0n });
  // The family's list of types has no TRUST.
  const type = accountType === 'TRUST' ? 'UNKNOWN' : accountType;
  const description = typeText(accountType);
  return {
    customerId: account.customerId,
    id,
    category: shownCategory(account),
    accountType: { diAccountType: type, fiRawAccountType, fiAccountType, description },
    accountNumber: numbers.show(account.accountNumber),
    balance: balanceOf(account),
    accountTransaction: toAccountTransactions(context, account, id, rows),
    accountHidden: false,
    historyAllowed: true,
    accountStatus: statusOf(account),
    ownershipType: account.ownership,
    regDLimits: regDLimitsOf(context.policy, accountType, context.regDUses(account)),
    fiAccountTypeDesc: description,
    hostAccountType: String(fiRawAccountType),
    fiRawAccountType,
    fiAccountType,
    ...furtherMembers(account, numbers),
  };
}

function balanceOf(account: UserAccount) {
  const money = moneyOf(account);
  return presentMembers({
    availableBalance: money(usableOf(account)),
    currentBalance: money(shownBalance(account, account.balance.ledgerMinor)),
  });
}

/** Six is the bound of them all: since 2009 cheques have none of their own. */
function regDLimitsOf(policy: AccountsPolicy, accountType: string, { transferCount, chequeCount }: RegDUse) {
  const regDMaximum = regDMaximumOf(policy, accountType);
  return {
    maxTransferCount: regDMaximum,
    maxCheckCount: regDMaximum,
    maxRegDCount: regDMaximum,
    hostTransferCount: transferCount,
    hostCheckCount: chequeCount,
  };
}

function furtherMembers(account: UserAccount, numbers: NumberForm) {
  const money = moneyOf(account);
  const { micrNumber, overdraftAccountNumber } = account;
  const overdraftLeft = overdraftLeftOf(account);
  return presentMembers({
    description: account.description,
    nickName: account.entitlement.nickName,
    micrNumber: micrNumber === undefined ? undefined : maskMicr(micrNumber),
    overdraftAccountNumber: overdraftAccountNumber === undefined ? undefined : numbers.show(overdraftAccountNumber),
    primaryHolderName: account.primaryHolderName,
    tpvReference: account.tpvReference,
    interestRate: account.interestRate,
    interestPriorYearToDate: money(account.interestLastYearMinor),
    currentYearEligibleContribution: money(account.eligibleThisYearMinor),
    lastYearEligibleContribution: money(account.eligibleLastYearMinor),
    lastYearMaxContribution: money(account.maximumLastYearMinor),
    overdraftAvailableAmount: money(overdraftLeft),
    overdraftLimit: money(account.overdraftLimitMinor),
    totalFundsAvailable: money(usableOf(account) + (overdraftLeft ?? 0n)),
    lastStatementEndDate: account.lastStatementOn,
  });
}

function toAccountTransactions(
  { ids, institutionId }: CustomerAccountContext,
  account: UserAccount,
  accountId: string,
  rows: readonly CoreTransaction[],
): AccountTransaction[] {
  const keys = { ids, institutionId, account };
  const rowIds = encodeIds(keys, 'transaction', rows);
  const images = encodeIds(keys, 'image', rows);
  return rows.map((row, index) => ({
    fiId: institutionId,
    id: rowIds[index] ?? '',
    accountId,
    amount: positive(account, row),
    transactionType: row.type,
    creditTransaction: row.amountMinor > 0n,
    persistentTnum: !row.isPending,
    pending: row.isPending,
    ...textMembers(row, images[index]),
    ...splitMembers(account, row),
  }));
}

function positive(account: UserAccount, { amountMinor }: CoreTransaction) {
  const amount = moneyOf(account)(absolute(amountMinor));
  if (amount === undefined) throw new Error('Every transaction has an amount.');
  return amount;
}

function textMembers(row: CoreTransaction, image: string | undefined) {
  return presentMembers({
    description: row.description,
    memo: row.memo,
    transactionId: row.hostTransactionId,
    transactionNumber: String(row.transactionNumber),
    checkNumber: row.checkNumber !== undefined && /^\d{1,15}$/u.test(row.checkNumber) ? Number(row.checkNumber) : undefined,
    checkNumberStr: row.checkNumber,
    checkImageIdentifier: row.imageType === 'CHECK' ? image : undefined,
    depositSlipIdentifier: row.imageType === 'DEPOSIT_SLIP' || row.imageType === 'DEPOSIT_CHECK' ? row.imageType : undefined,
    transactionDate: row.transactionDate,
    effectiveDate: row.effectiveDate,
  });
}

function splitMembers(account: UserAccount, row: CoreTransaction) {
  const money = moneyOf(account);
  const { balanceAfterMinor } = row;
  return presentMembers({
    fee: money(row.feesMinor),
    ledgerBalance: money(balanceAfterMinor === undefined ? undefined : shownBalance(account, balanceAfterMinor)),
    amountToEscrow: money(row.escrowMinor),
    amountToInterest: money(row.interestMinor),
    amountToPrincipal: money(row.principalMinor),
  });
}
