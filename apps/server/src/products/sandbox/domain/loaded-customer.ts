import { familyNames, givenNames } from './demo-people.ts';

/**
 * A customer of a bulk load. Everything about number i follows from i, so that a benchmark can address it without looking
 * anything up.
 */
export interface LoadedCustomer {
  readonly customerId: string;
  readonly institutionUserId: string;
  readonly authId: string;
  readonly memberNumber: string;
  readonly loginName: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly checkingKey: bigint;
  readonly savingsKey: bigint;
}

/** At least 96 lower hex digits that follow from a name. */
export type Digest = (name: string) => string;

/** Far above what the sequence of the ledger has given before a load. */
const firstAccountKey = 1_000_000_000_000n;
const keysOfEach = 16n;
const firstNumber = 10_000_000_000_000n;
/** An entry, a thousand transactions, and room to spare. */
const numbersOfEach = 2_048n;

const mostCustomers = 100_000_000;

/** @param index From 0. */
export function loadedCustomer(institutionId: string, index: number, digest: Digest): LoadedCustomer {
  const ids = digest(`${institutionId} loaded ${index}`);
  const checkingKey = firstAccountKey + BigInt(index) * keysOfEach;
  return {
    customerId: ids.slice(0, 32),
    institutionUserId: ids.slice(32, 64).toUpperCase(),
    authId: ids.slice(64, 96),
    memberNumber: String(9_000_000_000 + index),
    loginName: `load${String(index).padStart(8, '0')}`,
    firstName: givenNames[index % givenNames.length] ?? 'Avery',
    lastName: familyNames[Math.floor(index / givenNames.length) % familyNames.length] ?? 'Ashdown',
    checkingKey,
    savingsKey: checkingKey + 1n,
  };
}

/** Where the numbers of entries and transactions of customer i and those after it begin. */
export function firstNumberOf(index: number): bigint {
  return firstNumber + BigInt(index) * numbersOfEach;
}

/** Keys of loaded accounts lie between these. */
export const loadedKeys = { from: firstAccountKey, until: firstAccountKey + BigInt(mostCustomers) * keysOfEach } as const;

/** The sequence goes on behind all numbers that a load may ever use: what is booked later has a higher one. */
export const lastLoadedNumber = firstNumberOf(mostCustomers);

/** How many customers are loaded, when this is the highest key of their accounts. */
export function countLoaded(highestKey: bigint | undefined): number {
  return highestKey === undefined ? 0 : Number((highestKey - firstAccountKey) / keysOfEach) + 1;
}
