import type { Core } from '../../../core/index.ts';
import type { Sql, Tx } from '../../../platform/db/database.ts';
import { listAccountsOfUser } from '../../accounts/index.ts';
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
}

/** Both accounts as the user may use them. The account of a recipient is somebody else's, found by its number. */
export async function loadParties(core: Core, sql: Sql | Tx, user: UserReach, keys: PartyKeys): Promise<Parties> {
  const [accounts, payee] = await Promise.all([
    listAccountsOfUser(core, sql, user, keys.fromCustomerId),
    'recipientId' in keys.to ? loadPayee(core, sql, user, keys.to.recipientId) : undefined,
  ]);
  const find = (key: bigint | undefined) => accounts.find(({ accountKey }) => accountKey === key);
  const from = find(keys.fromAccountKey);
  if ('recipientId' in keys.to) return { from, to: payee?.account, isRecipientKnown: payee !== undefined };
  return { from, to: find(keys.to.accountKey), isRecipientKnown: true };
}

const everything = { mayTransferFrom: true, mayTransferTo: true };

async function loadPayee(
  core: Core,
  sql: Sql | Tx,
  { institutionId, institutionUserId }: UserReach,
  recipientId: string,
): Promise<{ readonly account: Party | undefined } | undefined> {
  const payee = await findPayee(sql, institutionId, institutionUserId, recipientId);
  if (payee === undefined) return undefined;
  const found = await findAccountByNumber(core, sql, institutionId, payee.accountNumber);
  const isTheirs = payee.memberNumber === undefined || found?.memberNumbers.includes(payee.memberNumber) === true;
  return { account: found !== undefined && isTheirs ? { ...found.account, entitlement: everything } : undefined };
}
