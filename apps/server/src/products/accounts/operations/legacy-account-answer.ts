import type { listLegacyAccounts } from '@openbranch/contract/accounts/operations';
import type { AnswerOf } from '@openbranch/contract/operation';
import type { OpaqueIds } from '../../../core/index.ts';
import type { Institution } from '../../../kernel/institution.ts';
import { toLegacyDate } from '../../../kernel/institution-time.ts';
import { toDecimalText } from '../../../kernel/money.ts';
import { typeText } from '../../../kernel/type-text.ts';
import { maskMicr, type NumberForm } from '../domain/account-number.ts';
import { type AccountStatus, shownBalance, statusOf } from '../domain/account-state.ts';
import { presentMembers } from '../domain/account-view.ts';
import { regDMaximumOf } from '../domain/regulation-d.ts';
import { calculatedPayOffOf, principalOf, shownCategory, usableOf } from './account-answer.ts';
import type { UserAccount } from './accounts-of-user.ts';

export interface LegacyAccountContext {
  readonly institution: Institution;
  readonly now: Date;
  readonly ids: OpaqueIds;
  readonly numbers: NumberForm;
  readonly hasExportNumbers: boolean;
  readonly regDElement: 'sample' | 'schema';
}

type LegacyAccount = Exclude<AnswerOf<typeof listLegacyAccounts>, undefined>['account'][number];

/** Contract sheet "Accounts", section 12: the elements that we know, the schema gives their order. */
export function toLegacyAccount(context: LegacyAccountContext, account: UserAccount): LegacyAccount {
  const { institutionId } = context.institution;
  const status = statusOf(account);
  const { actions } = account;
  return {
    id: {
      type: 'CBSID',
      value: context.ids.encodeOne('account', institutionId, { accountKey: account.accountKey, number: 0n }),
    },
    fiCustomerId: { type: 'GUID', value: account.customerId },
    fiId: { value: institutionId },
    description: account.description,
    ...numberMembers(context, account),
    category: shownCategory(account),
    accountType: account.accountType,
    fiAccountType: {
      type: account.fiAccountType,
      rawType: account.fiRawAccountType,
      description: typeText(account.accountType),
    },
    ownershipType: account.ownership,
    balance: balanceOf(account),
    accountStatus: mainStatus(status),
    accountStatuses: status,
    displayFlag: {
      summary: actions.summary,
      transferFrom: actions.transferFrom,
      transferTo: actions.transferTo,
      onlineStatementViewEnabled: actions.isOnlineStatementEnabled,
      isHistoryEnabled: actions.isHistoryEnabled,
      isHistoryEntitled: actions.isHistoryEntitled,
    },
    ...regDMembers(context, account),
    enabled: true,
    accountHidden: false,
    memberNumber: account.memberNumber,
    ...furtherMembers(context, account),
    ...loanMembers(context, account),
  };
}

function numberMembers({ numbers }: LegacyAccountContext, { accountNumber }: UserAccount) {
  const shown = numbers.show(accountNumber);
  return {
    displayAccountNumber: shown,
    accountNumber: { hostValue: numbers.format(accountNumber), displayValue: shown, rawHostValue: accountNumber },
  };
}

function balanceOf(account: UserAccount) {
  const { ledgerMinor } = account.balance;
  const { lastStatementMinor } = account;
  return {
    currentBalance: legacyMoney(account, shownBalance(account, ledgerMinor)),
    availableBalance: legacyMoney(account, usableOf(account)),
    ...presentMembers({
      lastStatementBalance: maybeMoney(
        account,
        lastStatementMinor === undefined ? undefined : shownBalance(account, lastStatementMinor),
      ),
      escrowBalance: maybeMoney(account, account.loan.escrowMinor),
      currentPrincipalBalance: maybeMoney(account, principalOf(account)),
    }),
  };
}

/** Of all that is true of an account the one word that matters most. */
function mainStatus(status: AccountStatus): string {
  if (status.closed) return 'CLOSED';
  if (status.writtenOff) return 'WRITTEN_OFF';
  if (status.inCollection) return 'IN_COLLECTION';
  if (status.delinquent) return 'DELINQUENT';
  if (status.overLimit) return 'OVER_LIMIT';
  if (status.negativeBalance) return 'NEGATIVE_BALANCE';
  if (status.retPlanOwnedByDeceased) return 'RET_PLAN_OWNED_BY_DECEASED';
  return status.creditBalance ? 'HAS_CREDIT_BAL' : 'OPEN';
}

/** The sample and the schema spell it differently (ACC-S6). */
function regDMembers({ institution, regDElement }: LegacyAccountContext, { accountType }: UserAccount) {
  const regDMaximum = regDMaximumOf(institution.policies.accounts, accountType);
  if (regDMaximum === 0) return {};
  const counts = { maxTransferCount: regDMaximum, maxCheckCount: regDMaximum };
  return regDElement === 'sample'
    ? { regDlimits: { ...counts, maxRegdCount: regDMaximum } }
    : { regDLimits: { ...counts, maxRegDCount: regDMaximum } };
}

function furtherMembers({ institution, numbers, hasExportNumbers }: LegacyAccountContext, account: UserAccount) {
  const { ciidFormat, achType } = institution.policies.accounts;
  const { memberNumber, accountNumber, micrNumber } = account;
  const number = numbers.format(accountNumber);
  const exported = `${memberNumber}${exportLetter(account)}${number}`;
  return presentMembers({
    interfaceId: ciidFormat?.replace('{member}', () => memberNumber).replace('{number}', () => number),
    nickName: account.entitlement.nickName,
    routingNumber: account.routingNumber,
    interestYearToDate: maybeMoney(account, account.interestYearMinor),
    interestPriorYearToDate: maybeMoney(account, account.interestLastYearMinor),
    exportAccountNumber: hasExportNumbers ? exported : undefined,
    transferRestriction: account.transferRestriction,
    ccAccountId: `${number}^${account.fiAccountType}`,
    micrNumber: micrNumber === undefined ? undefined : maskMicr(micrNumber),
    dcExportAccountNumber: exported,
    achId: achType,
  });
}

/** Checking and other deposits, investments, loans. */
function exportLetter({ category }: UserAccount): 'K' | 'C' | 'L' {
  if (category === 'DEPOSIT') return 'K';
  return category === 'INVESTMENT' ? 'C' : 'L';
}

function loanMembers({ institution, now }: LegacyAccountContext, account: UserAccount) {
  const { loan, term } = account;
  const money = (minor: bigint | undefined) => maybeMoney(account, minor);
  // The offset is that of today: a date has none of its own.
  const offset = toLegacyDate(now, institution.timeZone).slice('yyyy-mm-dd'.length);
  const date = (day: string | undefined): string | undefined => (day === undefined ? undefined : `${day}${offset}`);
  return presentMembers({
    nextPaymentAmount: money(loan.nextPaymentMinor),
    nextPaymentDate: date(loan.nextPaymentOn),
    payOffAmount: money(loan.payOffMinor),
    calculatedPayOffAmount: money(calculatedPayOffOf(account)),
    minimumPayment: money(loan.minimumPaymentMinor),
    lineOfCreditLimit: money(account.creditLimitMinor),
    maturityDate: date(account.maturesOn),
    loanOriginationDate: date(loan.originatedOn),
    term: term?.duration,
    termType: term?.type,
    pastPrincipalDueDate: date(loan.principalPastDueOn),
    lateChargesDue: money(loan.feesDueMinor),
    lastPrincipalPaymentAmount: money(loan.lastPrincipalMinor),
    paymentRule: loan.paymentRule,
    originalLoanAmount: money(loan.originalLoanMinor),
    accruedInterest: money(loan.interestDueMinor),
  });
}

function legacyMoney({ currency }: UserAccount, minor: bigint) {
  return { currencyCode: currency, amount: toDecimalText(minor) };
}

function maybeMoney(account: UserAccount, minor: bigint | undefined) {
  return minor === undefined ? undefined : legacyMoney(account, minor);
}
