import { availableOf, type Balance, type CoreAccount } from '../../../core/index.ts';
import type { Institution } from '../../../kernel/institution.ts';
import type { SandboxParts } from './sandbox-parts.ts';

/** An account that a public id names, of whichever institution. */
export interface NamedAccount {
  readonly institution: Institution;
  readonly accountKey: bigint;
}

/** The id itself tells its institution; they are few. */
export function findNamedAccount({ institutions, ids }: SandboxParts, accountId: string): NamedAccount | undefined {
  for (const institution of institutions.all()) {
    const key = ids.decode('account', institution.institutionId, accountId);
    if (key !== undefined) return { institution, accountKey: key.accountKey };
  }
  return undefined;
}

/** The number of a transaction of this account; undefined for what is no such id. */
export function findTransactionNumber({ ids }: SandboxParts, named: NamedAccount, transactionId: string): bigint | undefined {
  const key = ids.decode('transaction', named.institution.institutionId, transactionId);
  return key?.accountKey === named.accountKey ? key.number : undefined;
}

export interface ShownPosting {
  readonly transactionNumber: bigint;
  readonly transactionDate: string;
  readonly isPending: boolean;
  readonly hasImage: boolean;
  readonly balanceAfter: Balance;
}

export function toPostingAnswer({ ids }: SandboxParts, named: NamedAccount, account: CoreAccount, shown: ShownPosting) {
  const { institutionId } = named.institution;
  const key = { accountKey: named.accountKey, number: shown.transactionNumber };
  return {
    institutionId,
    accountId: ids.encodeOne('account', institutionId, { accountKey: named.accountKey, number: 0n }),
    transactionId: ids.encodeOne('transaction', institutionId, key),
    transactionNumber: String(shown.transactionNumber),
    ...(shown.hasImage ? { imageIdentifier: ids.encodeOne('image', institutionId, key) } : {}),
    transactionDate: shown.transactionDate,
    isPending: shown.isPending,
    currentBalance: toUnits(shown.balanceAfter.ledgerMinor),
    availableBalance: toUnits(availableOf(account, shown.balanceAfter)),
  };
}

function toUnits(minor: bigint): number {
  return Number(minor) / 100;
}
