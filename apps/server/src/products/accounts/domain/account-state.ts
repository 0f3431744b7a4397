import { isOwed } from '../../../kernel/account-category.ts';
import type { Entitlement } from './entitlement.ts';

/** What decides whether an account is shown and moves money; the core knows more about it. */
export interface AccountFacts {
  readonly category: 'DEPOSIT' | 'LOAN' | 'INVESTMENT' | 'TIERED_LOAN' | 'GENERAL_LEDGER';
  readonly balance: { readonly ledgerMinor: bigint; readonly heldMinor: bigint };
  readonly closedOn: string | undefined;
  readonly statusFlags: readonly string[];
  readonly isListed: boolean;
  readonly isHidden: boolean;
  readonly isHistoryEnabled: boolean;
  readonly isStatementEnabled: boolean;
  readonly mayTransferFrom: boolean;
  readonly mayTransferTo: boolean;
  readonly transferRestriction: 'EXCLUDE_ALL' | 'EXCLUDE_AS_FROM' | 'EXCLUDE_AS_TO' | undefined;
  readonly overdraftLimitMinor: bigint | undefined;
  readonly creditLimitMinor: bigint | undefined;
}

/** Contract sheet "Accounts", section 4.3: what the user may do with the account now. */
export interface AccountActions {
  readonly summary: boolean;
  readonly transferFrom: boolean;
  readonly transferTo: boolean;
  readonly isHistoryEnabled: boolean;
  readonly isHistoryEntitled: boolean;
  readonly isOnlineStatementEnabled: boolean;
}

/** A closed account moves no money; neither does one that the institution excludes or that the user was not granted. */
export function actionsOf(account: AccountFacts, entitlement: Entitlement): AccountActions {
  const isOpen = account.closedOn === undefined;
  const { transferRestriction: restriction } = account;
  return {
    summary: account.isListed,
    transferFrom:
      isOpen &&
      account.mayTransferFrom &&
      entitlement.mayTransferFrom &&
      restriction !== 'EXCLUDE_ALL' &&
      restriction !== 'EXCLUDE_AS_FROM',
    transferTo:
      isOpen &&
      account.mayTransferTo &&
      entitlement.mayTransferTo &&
      restriction !== 'EXCLUDE_ALL' &&
      restriction !== 'EXCLUDE_AS_TO',
    isHistoryEnabled: account.isHistoryEnabled,
    isHistoryEntitled: entitlement.isHistoryEntitled,
    isOnlineStatementEnabled: account.isStatementEnabled,
  };
}

/** Whether lists show it: the institution lists it, and neither it nor the user hides it. */
export function isDisplayable(account: AccountFacts, entitlement: Entitlement): boolean {
  return account.isListed && !account.isHidden && !entitlement.isHidden;
}

/** Whether the user may see what was booked: the core shows it, and it was not withheld from the user. */
export function isHistoryReadable({ isHistoryEnabled, isHistoryEntitled }: AccountActions): boolean {
  return isHistoryEnabled && isHistoryEntitled;
}

/** Contract sheet "Accounts", section 4.3. The last four are told only when they are true. */
export interface AccountStatus {
  readonly open: boolean;
  readonly closed: boolean;
  readonly negativeBalance: boolean;
  readonly delinquent: boolean;
  readonly inCollection: boolean;
  readonly overLimit: boolean;
  readonly writtenOff: boolean;
  readonly creditBalance: boolean;
  readonly paymentCoupon: boolean;
  readonly retirementPlan: boolean;
  readonly retPlanOwnedByDeceased: boolean;
  readonly approved?: true;
  readonly notApproved?: true;
  readonly deleted?: true;
  readonly verified?: true;
}

export function statusOf(account: AccountFacts): AccountStatus {
  const { statusFlags, category, balance } = account;
  const has = (flag: string): boolean => statusFlags.includes(flag);
  const isClosed = account.closedOn !== undefined;
  return {
    open: !isClosed,
    closed: isClosed,
    negativeBalance: category === 'DEPOSIT' && balance.ledgerMinor < 0n,
    delinquent: has('delinquent'),
    inCollection: has('inCollection'),
    overLimit: isOverLimit(account),
    writtenOff: has('writtenOff'),
    creditBalance: isOwed(account) && balance.ledgerMinor > 0n,
    paymentCoupon: has('paymentCoupon'),
    retirementPlan: has('retirementPlan'),
    retPlanOwnedByDeceased: has('retPlanOwnedByDeceased'),
    ...(has('approved') && { approved: true }),
    ...(has('notApproved') && { notApproved: true }),
    ...(has('deleted') && { deleted: true }),
    ...(has('verified') && { verified: true }),
  };
}

/** More is owed on a card or line than its limit, or a deposit is below what the institution lends on it. */
function isOverLimit(account: AccountFacts): boolean {
  const limitMinor = isOwed(account) ? account.creditLimitMinor : account.overdraftLimitMinor;
  return limitMinor !== undefined && account.balance.ledgerMinor < -limitMinor;
}

/** False for a loan that is paid out: there is nothing left to use. */
export function isUsable(account: Pick<AccountFacts, 'category' | 'creditLimitMinor'>): boolean {
  return !isOwed(account) || account.creditLimitMinor !== undefined;
}

/** The balance as people read it: of loans and cards what is owed, a positive amount. */
export function shownBalance(account: Pick<AccountFacts, 'category'>, ledgerMinor: bigint): bigint {
  return isOwed(account) ? -ledgerMinor : ledgerMinor;
}
