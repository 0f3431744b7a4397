import { isOwed } from '../../../kernel/account-category.ts';
import { isUsable } from './recipient-validation.ts';

/** What the rules of a transfer ask of an account; the core knows more about it. */
export interface TransferAccount {
  readonly accountKey: bigint;
  readonly accountNumber: string;
  readonly accountType: string;
  readonly category: 'DEPOSIT' | 'LOAN' | 'INVESTMENT' | 'TIERED_LOAN' | 'GENERAL_LEDGER';
  readonly description: string;
  readonly currency: string;
  readonly closedOn: string | undefined;
  readonly statusFlags: readonly string[];
  readonly mayTransferFrom: boolean;
  readonly mayTransferTo: boolean;
  readonly transferRestriction: 'EXCLUDE_ALL' | 'EXCLUDE_AS_FROM' | 'EXCLUDE_AS_TO' | undefined;
  readonly balance: { readonly ledgerMinor: bigint; readonly heldMinor: bigint };
  readonly overdraftLimitMinor: bigint | undefined;
  readonly creditLimitMinor: bigint | undefined;
  readonly loan: LoanFacts;
  readonly eligibleThisYearMinor: bigint | undefined;
  readonly eligibleLastYearMinor: bigint | undefined;
}

export interface LoanFacts {
  readonly paymentRule: 'EQUAL_LPAY' | 'EQUAL_OR_LESS_LPAY' | 'EQUAL_OR_MORE_LPAY' | undefined;
  readonly paymentOptions: readonly string[] | undefined;
  readonly nextPaymentMinor: bigint | undefined;
  readonly payOffMinor: bigint | undefined;
  readonly escrowMinor: bigint | undefined;
  readonly interestDueMinor: bigint | undefined;
  readonly feesDueMinor: bigint | undefined;
}

/** What a sub-user may be cut off from. */
export interface MoneyEntitlement {
  readonly mayTransferFrom: boolean;
  readonly mayTransferTo: boolean;
}

export type AccountRefusal = 'sameAccount' | 'fromNotAllowed' | 'toNotAllowed' | 'fromClosed' | 'toClosed';

/** Restrictions before states, From before To (section 10). */
export function checkAccounts(
  from: TransferAccount & { readonly entitlement: MoneyEntitlement },
  to: TransferAccount & { readonly entitlement: MoneyEntitlement },
): AccountRefusal | undefined {
  if (isExcluded(from, 'EXCLUDE_AS_FROM') || !from.mayTransferFrom || !from.entitlement.mayTransferFrom) return 'fromNotAllowed';
  if (isExcluded(to, 'EXCLUDE_AS_TO') || !to.mayTransferTo || !to.entitlement.mayTransferTo) return 'toNotAllowed';
  if (!isUsable(from)) return 'fromClosed';
  return isUsable(to) ? undefined : 'toClosed';
}

function isExcluded({ transferRestriction }: TransferAccount, side: 'EXCLUDE_AS_FROM' | 'EXCLUDE_AS_TO'): boolean {
  return transferRestriction === 'EXCLUDE_ALL' || transferRestriction === side;
}

export type TransferKind = 'standard' | 'recipient' | 'loan' | 'ira';

/** Section 8.1, rows 6 to 8: what a transfer between accounts of one owner is. */
export function kindOf(to: Pick<TransferAccount, 'category' | 'accountType'>): Exclude<TransferKind, 'recipient'> {
  if (isOwed(to)) return 'loan';
  return to.accountType === 'RETIREMENT_IRA' ? 'ira' : 'standard';
}
