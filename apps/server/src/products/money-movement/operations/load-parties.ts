import type { Core } from '../../../core/index.ts';
import type { Sql, Tx } from '../../../platform/db/database.ts';
import { findAccountOfUser, listAccountsOfUser } from '../../accounts/index.ts';
import type { UserReach } from '../../customers/index.ts';
import type { Party } from '../domain/decide-transfer.ts';
import { findPayee } from '../store/recipients.ts';
import { findAccountByNumber } from './find-account-by-number.ts';

export interface PartyKeys {
  readonly fromCustomerId: string;
  /** Undefined for a text that is no account id. */
  readonly fromAccountKey: bigint | undefined;
  readonly to: { readonly accountKey: bigint | undefined } | { readonly recipientId: string };
}

export interface Parties {
  readonly from: Party | undefined;
  readonly to: Party | undefined;
  readonly isRecipientKnown: boolean;
  /** False for an account of somebody else. */
  readonly isToOwn: boolean;
}

/**
 * Both accounts as the user may use them. The account of a recipient is found by its number; where it is one of the user's
 * own after all, it is no other account for that: what the user may not pay into stays closed.
 */
export async function loadParties(core: Core, sql: Sql | Tx, user: UserReach, keys: PartyKeys): Promise<Parties> {
  const [accounts, payee] = await Promise.all([
    listAccountsOfUser(core, sql, user, keys.fromCustomerId),
    'recipientId' in keys.to ? loadPayee(core, sql, user, keys.to.recipientId) : undefined,
  ]);
  const find = (key: bigint | undefined) => accounts.find(({ accountKey }) => accountKey === key);
  const from = find(keys.fromAccountKey);
  if (!('recipientId' in keys.to)) return { from, to: find(keys.to.accountKey), isRecipientKnown: true, isToOwn: true };
  const isRecipientKnown = payee !== undefined;
  const account = payee?.account;
  const isToOwn = user.customers.some(({ memberNumber }) => payee?.memberNumbers.includes(memberNumber) === true);
  if (!isToOwn || account === undefined) return { from, to: account, isRecipientKnown, isToOwn: false };
  const to = find(account.accountKey) ?? (await findAccountOfUser(core, sql, user, account.accountKey));
  return { from, to, isRecipientKnown, isToOwn };
}

const everything = { mayTransferFrom: true, mayTransferTo: true };

async function loadPayee(
  core: Core,
  sql: Sql | Tx,
  { institutionId, institutionUserId }: UserReach,
  recipientId: string,
): Promise<{ readonly account: Party | undefined; readonly memberNumbers: readonly string[] } | undefined> {
  const payee = await findPayee(sql, institutionId, institutionUserId, recipientId);
  if (payee === undefined) return undefined;
  const found = await findAccountByNumber(core, sql, institutionId, payee.accountNumber);
  const isTheirs = payee.memberNumber === undefined || found?.memberNumbers.includes(payee.memberNumber) === true;
  if (found === undefined || !isTheirs) return { account: undefined, memberNumbers: [] };
  return { account: { ...found.account, entitlement: everything }, memberNumbers: found.memberNumbers };
}
