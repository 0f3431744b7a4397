import type { AccountHolder, Core, CoreAccount, HeldAccount } from '../../../core/index.ts';
import type { Sql, Tx } from '../../../platform/db/database.ts';
import type { UserReach } from '../../customers/index.ts';
import { type AccountActions, actionsOf } from '../domain/account-state.ts';
import { closestFirst, decideEntitlement, type Entitlement } from '../domain/entitlement.ts';
import { type AccountEntitlement, listEntitlementsOfAccount, listEntitlementsOfUser } from '../store/account-entitlements.ts';

/** An account as one user sees it. */
export interface UserAccount extends HeldAccount {
  /** The customer (retail) or location (business) through whom the user reaches it. */
  readonly customerId: string;
  readonly entitlement: Entitlement;
  /** What the user may do with it now: the account's own state and the entitlement together. */
  readonly actions: AccountActions;
}

type Reach = Pick<UserReach, 'institutionId' | 'institutionUserId' | 'userRole' | 'customers'>;

/**
 * The accounts that a user is entitled to, hidden and unlisted ones too, in the order of account keys; each once, by the
 * closest way that leads to it. Two statements, sent together.
 *
 * @param customerId Only those of this customer or location, which must be one that the user reaches.
 */
export async function listAccountsOfUser(
  core: Pick<Core, 'listAccounts'>,
  sql: Sql | Tx,
  user: Reach,
  customerId?: string,
): Promise<readonly UserAccount[]> {
  const customers = user.customers.filter((one) => customerId === undefined || one.customerId === customerId);
  if (customers.length === 0) return [];
  const [held, granted] = await Promise.all([
    core.listAccounts(
      sql,
      user.institutionId,
      customers.map(({ memberNumber }) => memberNumber),
    ),
    listEntitlementsOfUser(sql, user.institutionId, user.institutionUserId),
  ]);
  const grantedByKey = new Map(granted.map((one) => [one.accountKey, one]));
  const seen = new Map<bigint, UserAccount>();
  for (const account of held) {
    const found = toUserAccount(user, account, account, grantedByKey.get(account.accountKey));
    const known = seen.get(account.accountKey);
    if (found !== undefined && (known === undefined || closestFirst(found, known) < 0)) seen.set(account.accountKey, found);
  }
  return [...seen.values()];
}

/** The account, when the user is entitled to it; hidden and unlisted ones too. */
export async function findAccountOfUser(
  core: Pick<Core, 'findAccountWithHolders'>,
  sql: Sql | Tx,
  user: Reach,
  accountKey: bigint,
): Promise<UserAccount | undefined> {
  return accountFor(user, await readAccount(core, sql, user.institutionId, accountKey));
}

/** An account with everything that decides whose it is. */
export interface AccountReading {
  readonly found: { readonly account: CoreAccount; readonly holders: readonly AccountHolder[] } | undefined;
  readonly granted: readonly AccountEntitlement[];
}

/** Needs no user, so that it can be sent together with the statement that finds one; `accountFor` then joins both. */
export async function readAccount(
  core: Pick<Core, 'findAccountWithHolders'>,
  sql: Sql | Tx,
  institutionId: string,
  accountKey: bigint,
): Promise<AccountReading> {
  const [found, granted] = await Promise.all([
    core.findAccountWithHolders(sql, institutionId, accountKey),
    listEntitlementsOfAccount(sql, institutionId, accountKey),
  ]);
  return { found, granted };
}

/**
 * What was read as this user sees it.
 *
 * @param customerId As of `listAccountsOfUser`.
 */
export function accountFor(user: Reach, { found, granted }: AccountReading, customerId?: string): UserAccount | undefined {
  if (found === undefined) return undefined;
  const { account, holders } = found;
  const holder = [...holders]
    .sort(closestFirst)
    .find(({ memberNumber }) =>
      user.customers.some(
        (one) => one.memberNumber === memberNumber && (customerId === undefined || one.customerId === customerId),
      ),
    );
  if (holder === undefined) return undefined;
  return toUserAccount(
    user,
    account,
    holder,
    granted.find(({ institutionUserId }) => institutionUserId === user.institutionUserId),
  );
}

function toUserAccount(
  user: Reach,
  account: CoreAccount,
  { memberNumber, ownership }: AccountHolder,
  granted: Entitlement | undefined,
): UserAccount | undefined {
  const customer = user.customers.find((one) => one.memberNumber === memberNumber);
  const entitlement = decideEntitlement(user.userRole, granted);
  // What the institution keeps for itself belongs to no user.
  if (customer === undefined || entitlement === undefined || account.category === 'GENERAL_LEDGER') return undefined;
  return {
    ...account,
    memberNumber,
    ownership,
    customerId: customer.customerId,
    entitlement,
    actions: actionsOf(account, entitlement),
  };
}
