import { closestFirst, decideEntitlement, type Entitlement, type Ownership, type UserRole } from './entitlement.ts';

/** A user who may see an account. */
export interface AccountUser {
  readonly institutionUserId: string;
  /** The customer (retail) or location (business) through whom the user reaches it. */
  readonly customerId: string;
}

/** Everything that decides who may see some accounts. */
export interface AccountUserFacts {
  readonly holdings: readonly { readonly accountKey: bigint; readonly memberNumber: string; readonly ownership: Ownership }[];
  readonly users: readonly (AccountUser & { readonly memberNumber: string; readonly userRole: UserRole })[];
  readonly granted: readonly (Entitlement & { readonly institutionUserId: string; readonly accountKey: bigint })[];
}

/** The users of each account, each once by the closest way; accounts that nobody may see are left out. */
export function usersByAccount({ holdings, users, granted }: AccountUserFacts): ReadonlyMap<bigint, readonly AccountUser[]> {
  const usersOfMember = Map.groupBy(users, ({ memberNumber }) => memberNumber);
  const grants = new Map(granted.map((one) => [`${one.accountKey} ${one.institutionUserId}`, one]));
  const found = new Map<bigint, AccountUser[]>();
  for (const [accountKey, holders] of Map.groupBy(holdings, (one) => one.accountKey)) {
    const closest = new Map<string, AccountUserFacts['users'][number]>();
    for (const { memberNumber } of [...holders].sort(closestFirst))
      for (const user of usersOfMember.get(memberNumber) ?? [])
        if (!closest.has(user.institutionUserId)) closest.set(user.institutionUserId, user);
    const seeing = [...closest.values()].filter(
      ({ institutionUserId, userRole }) =>
        decideEntitlement(userRole, grants.get(`${accountKey} ${institutionUserId}`)) !== undefined,
    );
    if (seeing.length > 0)
      found.set(
        accountKey,
        seeing.map(({ institutionUserId, customerId }) => ({ institutionUserId, customerId })),
      );
  }
  return found;
}
