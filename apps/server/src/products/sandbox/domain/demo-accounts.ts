import { keyOf, places } from './demo-places.ts';
import type { ProductName } from './demo-products.ts';
import type { SeedCustomer } from './seed-plan.ts';

/** An account of the seed: everything about it that does not depend on the day of the first start. */
export interface DemoAccount {
  /** Within its institution; the public id is made of it. */
  readonly accountKey: bigint;
  readonly accountNumber: string;
  readonly product: ProductName;
  /** When it is not the product's own. */
  readonly description?: string | undefined;
  readonly holders: readonly DemoHolder[];
  readonly trait?: 'hidden' | 'historyOff' | 'closed' | undefined;
  readonly creditLimitMinor?: bigint | undefined;
  readonly overdraftLimitMinor?: bigint | undefined;
}

export interface DemoHolder {
  readonly memberNumber: string;
  readonly ownership: 'PRIMARY' | 'JOINT' | 'CROSS';
}

interface Slot {
  readonly place: number;
  readonly slot: number;
  readonly product: ProductName;
  readonly description?: string;
  readonly trait?: DemoAccount['trait'];
  readonly creditLimitMinor?: bigint;
  readonly overdraftLimitMinor?: bigint;
  /** A further place whose member reaches it, and how. */
  readonly also?: { readonly place: number; readonly ownership: 'JOINT' | 'CROSS' };
  readonly isOfSecondLocation?: boolean;
}

const slots: readonly Slot[] = [
  { place: 0, slot: 1, product: 'checking', overdraftLimitMinor: 50_000n },
  { place: 0, slot: 2, product: 'savings' },
  { place: 0, slot: 3, product: 'moneyMarket' },
  { place: 0, slot: 4, product: 'certificate' },
  { place: 0, slot: 5, product: 'card', creditLimitMinor: 800_000n },
  { place: 0, slot: 6, product: 'autoLoan' },
  { place: 0, slot: 7, product: 'mortgage' },
  { place: 0, slot: 8, product: 'ira' },
  { place: 0, slot: 9, product: 'retirement401k' },
  { place: 1, slot: 1, product: 'checking' },
  { place: 1, slot: 2, product: 'savings' },
  { place: 1, slot: 3, product: 'card', creditLimitMinor: 500_000n },
  { place: 1, slot: 4, product: 'jointChecking', also: { place: 2, ownership: 'JOINT' } },
  { place: 1, slot: 5, product: 'savings', description: 'Surprise Fund', trait: 'hidden' },
  { place: 2, slot: 1, product: 'checking' },
  { place: 2, slot: 2, product: 'certificate' },
  { place: 2, slot: 3, product: 'savings', description: 'Old Savings', trait: 'closed' },
  { place: 2, slot: 4, product: 'savings', trait: 'historyOff' },
  { place: 4, slot: 1, product: 'checking' },
  { place: 4, slot: 2, product: 'savings', also: { place: 1, ownership: 'CROSS' } },
  { place: 4, slot: 3, product: 'moneyMarket' },
  { place: 4, slot: 4, product: 'card', creditLimitMinor: 600_000n },
  { place: 6, slot: 1, product: 'businessChecking' },
  { place: 6, slot: 2, product: 'savings', description: 'Tax Reserve' },
  { place: 6, slot: 3, product: 'businessLoan' },
  { place: 6, slot: 11, product: 'businessChecking', description: 'Harbor Street Checking', isOfSecondLocation: true },
  { place: 6, slot: 12, product: 'moneyMarket', description: 'Harbor Street Reserve', isOfSecondLocation: true },
  { place: 7, slot: 1, product: 'checking' },
  { place: 7, slot: 2, product: 'savings' },
  { place: 8, slot: 1, product: 'checking' },
  { place: 8, slot: 2, product: 'savings' },
  { place: 8, slot: 3, product: 'card', creditLimitMinor: 300_000n },
  { place: 9, slot: 1, product: 'checking' },
  { place: 9, slot: 2, product: 'savings' },
  { place: 9, slot: 3, product: 'autoLoan' },
];

/** @param secondLocation Member number of the second location of the business. */
export function demoAccounts(
  institutionId: string,
  customers: readonly SeedCustomer[],
  secondLocation: string,
): readonly DemoAccount[] {
  const memberOf = (place: number): string => customers[place]?.memberNumber ?? '';
  return slots.map(({ place, slot, also, isOfSecondLocation, ...rest }) => ({
    ...rest,
    accountKey: keyOf(place, slot),
    accountNumber: numberOf(institutionId, place, slot),
    holders: [
      { memberNumber: isOfSecondLocation === true ? secondLocation : memberOf(place), ownership: 'PRIMARY' },
      ...(also === undefined ? [] : [{ memberNumber: memberOf(also.place), ownership: also.ownership }]),
    ],
  }));
}

/** Twelve digits; the last four differ among the accounts of a customer. */
function numberOf(institutionId: string, place: number, slot: number): string {
  const lastFour = 1000 + ((place * 613 + slot * 1237) % 9000);
  return `${institutionId}${String(place + 1).padStart(3, '0')}${lastFour}`;
}

/** What a sub-user may see and do; what is not here stays hidden from it. */
export interface DemoEntitlement {
  readonly accountKey: bigint;
  readonly mayTransferFrom: boolean;
  readonly mayTransferTo: boolean;
  readonly isHistoryEntitled: boolean;
}

/** The sub-user pays from the checking account, and knows no more than that there are savings. */
export const subUserEntitlements: readonly DemoEntitlement[] = [
  { accountKey: keyOf(places.primary, 1), mayTransferFrom: true, mayTransferTo: true, isHistoryEntitled: true },
  { accountKey: keyOf(places.primary, 2), mayTransferFrom: false, mayTransferTo: true, isHistoryEntitled: false },
];
