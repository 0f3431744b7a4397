import type { InternalAccount } from '../port.ts';

/**
 * The institution's own accounts, by the key that their postings bear. They are the same in every institution and
 * currency, and have no rows: nobody looks them up, nobody waits for them, and their balance is the sum of postings.
 */
export const internalAccountKeys: Readonly<Record<InternalAccount, bigint>> = {
  cash: 1n,
  clearing: 2n,
  fees: 3n,
  interest: 4n,
  suspense: 5n,
  opening: 6n,
};

/** Keys of customers' accounts begin here. */
export const firstCustomerKey = 1000n;

export function isInternalKey(accountKey: bigint): boolean {
  return accountKey < firstCustomerKey;
}

const names = new Map<bigint, string>(Object.entries(internalAccountKeys).map(([name, key]) => [key, name]));

/** What the account is called in the books of the institution. */
export function nameOfInternal(accountKey: bigint): string {
  return names.get(accountKey) ?? `unknown ${accountKey}`;
}
