/** What a user may see and do with one account, beyond what the account itself allows. */
export interface Entitlement {
  readonly mayView: boolean;
  readonly mayTransferFrom: boolean;
  readonly mayTransferTo: boolean;
  readonly isHistoryEntitled: boolean;
  /** Hidden by the user. */
  readonly isHidden: boolean;
  readonly nickName: string | undefined;
}

export type UserRole = 'PRIMARY' | 'ENTITLED' | 'BUSINESS_ADMIN' | 'BUSINESS_SECONDARY_ADMIN' | 'BUSINESS_USER';

const everything: Entitlement = {
  mayView: true,
  mayTransferFrom: true,
  mayTransferTo: true,
  isHistoryEntitled: true,
  isHidden: false,
  nickName: undefined,
};

/**
 * A primary and the administrator of a business may all that is not taken from them; everybody else only what was
 * granted to them. Nobody is entitled to an account of a member that they do not reach.
 *
 * @param granted What is on file for this user and account.
 * @returns Nothing when the user may not know of the account.
 */
export function decideEntitlement(role: UserRole, granted: Entitlement | undefined): Entitlement | undefined {
  if (granted !== undefined) return granted.mayView ? granted : undefined;
  return role === 'PRIMARY' || role === 'BUSINESS_ADMIN' ? everything : undefined;
}

export type Ownership = 'PRIMARY' | 'JOINT' | 'CROSS';

const closeness: Readonly<Record<Ownership, number>> = { PRIMARY: 0, JOINT: 1, CROSS: 2 };

/** Of several ways to one account the closest: the owner's own before a joint one before a relation between members. */
export function closestFirst(one: { readonly ownership: Ownership }, other: { readonly ownership: Ownership }): number {
  return closeness[one.ownership] - closeness[other.ownership];
}
