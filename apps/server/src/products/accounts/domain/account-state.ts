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

/** Loans and cards are shown as what is owed, so that their sign is the opposite of the ledger's. */
export function isOwed({ category }: Pick<AccountFacts, 'category'>): boolean {
  return category === 'LOAN' || category === 'TIERED_LOAN';
}
