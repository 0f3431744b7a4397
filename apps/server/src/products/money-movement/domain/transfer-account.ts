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

type EntitledAccount = TransferAccount & { readonly entitlement: MoneyEntitlement };

/**
 * Restrictions before states, From before To (section 10).
 * @param currency Of the transfer: nothing is exchanged here, so an account in another one takes no part.
 */
export function checkAccounts(from: EntitledAccount, to: EntitledAccount, currency: string): AccountRefusal | undefined {
  const maySend = from.mayTransferFrom && from.entitlement.mayTransferFrom && from.currency === currency;
  if (isExcluded(from, 'EXCLUDE_AS_FROM') || !maySend) return 'fromNotAllowed';
  const mayTake = to.mayTransferTo && to.entitlement.mayTransferTo && to.currency === currency;
  if (isExcluded(to, 'EXCLUDE_AS_TO') || !mayTake) return 'toNotAllowed';
  if (!isUsable(from)) return 'fromClosed';
  return isUsable(to) ? undefined : 'toClosed';
}

function isExcluded({ transferRestriction }: TransferAccount, side: 'EXCLUDE_AS_FROM' | 'EXCLUDE_AS_TO'): boolean {
  return transferRestriction === 'EXCLUDE_ALL' || transferRestriction === side;
}

export type TransferKind = 'standard' | 'recipient' | 'loan' | 'ira';

/** A contribution has its yearly limit whoever makes it, and however the account was named. */
export function isRetirement({ accountType }: Pick<TransferAccount, 'accountType'>): boolean {
  return accountType === 'RETIREMENT_IRA';
}

/** Section 8.1, rows 6 to 8: what a transfer between accounts of one owner is. */
export function kindOf(to: Pick<TransferAccount, 'category' | 'accountType'>): Exclude<TransferKind, 'recipient'> {
  if (isOwed(to)) return 'loan';
  return isRetirement(to) ? 'ira' : 'standard';
}
